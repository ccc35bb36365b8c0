"""A schedule in the words of a framework, or as a function."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import LrvizError, one_of, option, quoted
from ..series import Inputs, Planned, horizon_of, read_inputs
from ..specs.quantities import Run
from ..translation import TARGETS
from ..translation.translating import translated

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Translated:
    """Code that makes a schedule, the rate that its optimizer must have, and notes on the input."""

    code: str
    lr: float | None
    notes: "Sequence[str]"

    def __str__(self) -> str:
        return self.code

    def text(self) -> str:
        """Return the code."""
        return self.code


def translate(spec: Inputs, to: str = "torch", run: Run | None = None) -> Translated:
    """Return code that makes a schedule, in the words of one of the targets.

    `to` is torch, keras, optax, transformers, timm, paddle, python or numpy. The code is read back
    and has the rates of the schedule at every step of the run, within 1e-11 of the peak.
    UntranslatableError if there is none, LrvizError if the input is not one schedule.
    """
    one_of(option("to"), to, TARGETS)
    run = run or Run()
    found, notes = read_inputs(spec, run)
    if len(found) > 1:
        labels = ", ".join(one.label for one in found)
        raise LrvizError(
            f"one schedule is translated at once, and this makes {len(found)}: {labels}; "
            "keep one of them"
        )
    (one,) = found
    if not isinstance(one, Planned):
        raise LrvizError(
            f"{quoted(one.label)} is a recorded run, and schedules are translated; write down the "
            "schedule that it followed"
        )
    made = translated(one.plan, to, horizon_of(found, run))
    return Translated(made.text, made.lr, notes)
