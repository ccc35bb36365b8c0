"""From a schedule to a text that makes it, which is read back before it is given away.

Nothing is given away unread: the text is parsed as if it had been pasted, and its rates are held
against those that were asked for.
"""

import importlib
from dataclasses import dataclass

from ..errors import LrvizError, Sentence, cut, sentence
from ..families.const import Constant
from ..families.cosine import CosineDecay
from ..families.linear import LinearDecay
from ..schedules.base import Schedule
from ..schedules.code import UncodedError
from ..specs import read
from ..specs.quantities import Run
from .agreement import Agreement, agreement
from .asking import Asked, Text


class UntranslatableError(LrvizError):
    """That nothing of a target has the rates of a schedule."""


@dataclass(frozen=True)
class Translation:
    """The text of a program that makes a schedule, and the rate that the optimizer must have."""

    text: str
    lr: float | None

    def __str__(self) -> str:
        return self.text


def translated(schedule: Schedule, to: str, horizon: int) -> Translation:
    """Return a text of the target `to` that has the rates of a schedule over a run of that length.

    UntranslatableError if there is none, with the nearest that was found.
    """
    target = importlib.import_module(f"..targets.{to}", __name__)
    asked, why = Asked(schedule, horizon), None
    try:
        for text in target.texts(asked):
            met = _read_back(text, asked)
            if met is not None and met.holds:
                return Translation(text.written(_limits(met)), text.lr)
            if met is not None:
                asked.tell(text.made or text.defined, met.gap, met.at)
    except UncodedError as error:
        why = error.sentence
    raise UntranslatableError(_nothing(target.TITLE, asked, why))


def _read_back(text: Text, asked: Asked) -> Agreement | None:
    """Return how far what lrviz reads in a text agrees; None if it cannot read it."""
    try:
        (found,) = read([text.written()], Run(lr=text.lr))
        return agreement(asked.schedule, found.schedule, asked.horizon)
    except (LrvizError, ValueError):
        return None


def _limits(met: Agreement) -> list[str]:
    """Return what is to be said of where the text ceases to be the same."""
    return [] if met.last is None else [f"the same up to step {met.last}; past it {met.after}"]


def _nothing(title: str, asked: Asked, why: Sentence | None) -> Sentence:
    """Return the message that nothing has the rates."""
    _tell_plain_ways(asked)
    near = asked.nearest
    assert near is not None
    said = sentence(f"nothing in {title} has the rates of {_line(str(asked.schedule))}")
    if why is not None:
        said += ", because " + why
    return said + (
        f"; the nearest is {_line(near.text)}, which is {near.gap:.2g} of the peak away at step "
        f"{near.at}"
    )


def _tell_plain_ways(asked: Asked) -> None:
    """Look whether a plain way from the first to the last rate of the run is nearer."""
    plan, steps = asked.schedule, max(asked.horizon - 1, 1)
    first, last = plan(0), plan(steps)
    for way in (
        Constant(lr=asked.peak / 2),
        LinearDecay(lr=first, end=last, steps=steps),
        CosineDecay(lr=first, end=last, steps=steps),
    ):
        met = agreement(plan, way, asked.horizon)
        asked.tell(str(way), met.gap, met.at)


def _line(text: str) -> str:
    """Return a text in one line, cut where it is long."""
    return cut(" ".join(text.split()), 120)
