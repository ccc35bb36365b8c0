"""What is known of a training run, from outside of the text of a schedule."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import Sentence


class Told(NamedTuple):
    """What was said of a run from which its steps are counted, each stack in its own way.

    `unsettled` says what lacks for the steps of all others, `sums` how theirs were counted.
    """

    dataset: int | None = None
    batch: int | None = None
    devices: int | None = None
    accumulate: int | None = None
    drop_last: bool = False
    epochs: float | None = None
    horizon: int | None = None
    unsettled: str | Sentence | None = None
    sums: str | None = None


class Run(NamedTuple):
    """What is known of a training run.

    How many steps it has, how many an epoch has, the rate that the optimizer was given, what was
    measured after each update, what was told that leads to these, and the values of names that a
    pasted program lacks.
    """

    horizon: int | None = None
    steps_per_epoch: float | None = None
    lr: float | None = None
    metrics: Sequence[float] | None = None
    told: Told = Told()
    names: Mapping[str, Any] | None = None
