"""PaddlePaddle: paddle.optimizer.lr."""

import re
from collections.abc import Iterator, Sequence

from ...schedules.fields import number_text
from ...schedules.placed import Placed
from ..asking import Asked, Text, called, called_with
from ..functions import modules
from .python import rate_of

TITLE = "PaddlePaddle"

_MODULE = "paddle.optimizer.lr"
CALLS = (
    *("StepDecay", "MultiStepDecay", "PiecewiseDecay", "ExponentialDecay", "LinearLR"),
    *("PolynomialDecay", "CosineAnnealingDecay", "CosineAnnealingWarmRestarts", "OneCycleLR"),
    *("CyclicLR", "NoamDecay", "InverseTimeDecay", "NaturalExpDecay"),
)


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a schedule, one after a warmup, and the function of a LambdaDecay."""
    if asked.level:
        yield _text(
            called_with("PiecewiseDecay", [], {"boundaries": [1], "values": [asked.peak] * 2})
        )
    for one in asked.found("paddle", CALLS):
        yield _text(called(one))
    for stages in asked.stages:
        yield from _in_turn(asked, stages)
    defined, name = rate_of(asked)
    factor = f"lambda step: {name}(step) / {asked.base!r}"
    text = _text(f"LambdaDecay(learning_rate={asked.base!r}, lr_lambda={factor})")
    yield text._replace(imports=[*modules(defined), *text.imports], defined=defined)


def _text(made: str) -> Text:
    """Return the text of an expression that makes a schedule."""
    names = sorted({*re.findall(r"\b([A-Z]\w+)\(", made)})
    return Text(f"scheduler = {made}", [f"from {_MODULE} import {', '.join(names)}"])


def _in_turn(asked: Asked, stages: Sequence[Placed]) -> Iterator[Text]:
    """Yield a schedule after a warmup; nothing if there is none of what follows."""
    first, *others = stages
    way = first.schedule.way
    if len(others) != 1 or way is None or not first.schedule.straight:
        return
    length = max(asked.horizon - first.stop, 1)
    part = asked.part(others[0].schedule, length)
    then = number_text(part.peak) if part.level else None
    if then is None:
        found = next(part.found("paddle", CALLS), None)
        if found is None:
            return
        then = called(found)
    given = f"warmup_steps={first.stop}, start_lr={way.first!r}, end_lr={way.last!r}"
    yield _text(f"LinearWarmup(learning_rate={then}, {given})")
