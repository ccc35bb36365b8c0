"""Random programs give what Python gives, at every step."""

import math
import warnings
from typing import Any

import numpy as np
import pytest

from lrviz.programs.evaluation import Evaluation, FaultError, MissingError
from lrviz.programs.faults import RaisedError
from lrviz.programs.interpreter import Interpreter
from lrviz.programs.source import Source
from tests.programs.generator import Generator

STEPS = np.arange(100)
BATCH = 25


def by_python(text: str) -> list[Any]:
    """Return what Python gives at each step: the number, or the name of what it raises."""
    names: dict[str, Any] = {"math": math}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(text, names)  # noqa: S102
    found: list[Any] = []
    for step in STEPS.tolist():
        try:
            value = names["rate"](step)
            found.append("complex" if isinstance(value, complex) else float(value))
        except (ArithmeticError, ValueError, TypeError, AssertionError) as error:
            found.append(type(error).__name__)
    return found


def evaluation(text: str) -> Evaluation:
    run = Interpreter({}, None)
    run.read_text(Source.of(text).tree().body)
    function = run.top.names["rate"]
    return Evaluation(run, lambda step: run.called(function, [step], {}, function.node))


def by_interpreter(text: str) -> list[Any]:
    """Return the same of the interpreter; where it raises nothing, at all steps at once."""
    of = evaluation(text)
    try:
        return list(of.at(STEPS).tolist())
    except (FaultError, MissingError):
        pass
    found: list[Any] = []
    for step in STEPS:
        try:
            found.append(of.at(np.array([step])).item())
        except FaultError as error:
            kind = error.fault.kind if isinstance(error.fault, RaisedError) else "complex"
            found.append(kind)
    good = np.array([i for i, value in enumerate(found) if not isinstance(value, str)], dtype=int)
    assert of.at(good).tolist() == pytest.approx(
        [found[i] for i in good], rel=0, abs=0, nan_ok=True
    )
    return found


def same(one: Any, other: Any) -> bool:
    """Return whether two results are equal; what Python does with complex numbers is not read."""
    if "complex" in (one, other):
        return isinstance(one, str) and isinstance(other, str)
    return repr(one) == repr(other) or bool(one == other)


@pytest.mark.parametrize("batch", range(12))
def test_random_programs_give_what_python_gives(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        text = Generator(seed).program()
        pairs = zip(by_interpreter(text), by_python(text), strict=True)
        wrong = [(step, *pair) for step, pair in enumerate(pairs) if not same(*pair)]
        assert not wrong, f"{text}\nat {wrong[0]}"
