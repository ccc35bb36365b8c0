"""What is known of a training run, from outside of the text of a schedule."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Run(NamedTuple):
    """What is known of a training run.

    How many steps it has, how many an epoch has, the rate that the optimizer was given, what was
    measured after each update, and the values of names that a pasted program lacks.
    """

    horizon: int | None = None
    steps_per_epoch: float | None = None
    lr: float | None = None
    metrics: Sequence[float] | None = None
    names: Mapping[str, Any] | None = None
