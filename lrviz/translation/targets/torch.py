"""PyTorch: torch.optim.lr_scheduler."""

import ast
import re
from collections.abc import Iterator, Sequence

from ...schedules.fields import number_text
from ...schedules.numeric import LAST_STEP
from ...schedules.placed import Placed
from ..asking import Asked, Text, called
from ..functions import modules
from .python import rate_of

TITLE = "PyTorch"

_MODULE = "torch.optim.lr_scheduler"
CALLS = (
    *("StepLR", "MultiStepLR", "ExponentialLR", "LinearLR", "PolynomialLR", "ConstantLR"),
    *("CosineAnnealingLR", "CosineAnnealingWarmRestarts", "OneCycleLR", "CyclicLR"),
)
"""Those that may be written, the best known first. An SWALR is of another trade."""


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a scheduler, some in turn, and the function of a LambdaLR."""
    if asked.level:
        yield _text("ConstantLR(optimizer, factor=1.0)", asked.peak)
    for one in asked.found("torch", CALLS):
        yield _text(called(one), one.lr)
    for stages in asked.stages:
        yield from _in_turn(asked, stages)
    yield from _pasted(asked)
    yield by_function(asked)


def _pasted(asked: Asked) -> Iterator[Text]:
    """Yield a call of PyTorch as it is, where nothing else says what it makes."""
    try:
        body = ast.parse(str(asked.schedule)).body
    except SyntaxError:  # a spec
        return
    match body:
        case [ast.Expr(ast.Call(func=ast.Name(id=name), args=args, keywords=given))]:
            rates = [ast.literal_eval(one.value) for one in given if _is_rate(one)]
            others = [one for one in given if not _is_rate(one)]
            first = [] if name == "ChainedScheduler" else args
            if len(rates) == 1:
                yield _text(ast.unparse(ast.Call(ast.Name(name), first, others)), rates[0])


def _is_rate(given: ast.keyword) -> bool:
    """Return whether a keyword is the optimizer's rate, which stands in a call only for lrviz."""
    return given.arg == "lr" and isinstance(given.value, ast.Constant)


def by_function(asked: Asked) -> Text:
    """Return the function of a LambdaLR."""
    defined, name = rate_of(asked)
    made = f"LambdaLR(optimizer, lambda step: {name}(step) / {asked.base!r})"
    text = _text(made, asked.base)
    return text._replace(imports=[*modules(defined), *text.imports], defined=defined)


def _text(made: str, lr: float | None) -> Text:
    """Return the text of an expression that makes a scheduler."""
    names = sorted({*re.findall(r"\b([A-Z]\w+)\(", made)})
    return Text(f"scheduler = {made}", [f"from {_MODULE} import {', '.join(names)}"], lr=lr)


def _in_turn(asked: Asked, stages: Sequence[Placed]) -> Iterator[Text]:
    """Yield a SequentialLR of a scheduler for each stage; none if one has none."""
    lr = asked.peak
    found = []
    for one in stages:
        length = min(one.stop, max(asked.horizon, one.start + 1)) - one.start
        stage = _stage(asked.part(one.schedule, length), lr)
        if stage is None:
            return
        found.append(stage)
    milestones = [one.start for one in stages[1:] if one.start < LAST_STEP]
    yield _text(f"SequentialLR(optimizer, [{', '.join(found)}], milestones={milestones})", lr)


def _stage(asked: Asked, lr: float) -> str | None:
    """Return a scheduler that begins at the optimizer's rate, or a line that rises from 0 to it."""
    if asked.level:
        if asked.peak == lr:
            return "ConstantLR(optimizer, factor=1.0)"
        return f"LambdaLR(optimizer, lambda step: {number_text(asked.peak / lr)})"
    for one in asked.found("torch", CALLS, lr):
        if one.lr == lr:
            return called(one)
    way = asked.schedule.way
    if way is not None and asked.schedule.straight and way.first == 0 and way.last == lr:
        return f"LambdaLR(optimizer, lambda step: step / {asked.schedule.length})"
    return None
