"""Of planted causes nearly all are named, none wrongly; right logs are equal, without a cause."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lrviz import Curve, parse
from lrviz.comparison import cause as registry
from lrviz.comparison import causes, compare, explain_difference
from tests.comparison.planted import planted, right
from tests.series import series

PLANTED = 120
RIGHT = 400


@pytest.mark.parametrize("seed", range(2))
def test_nearly_all_planted_causes_are_named_and_none_wrongly(seed: int) -> None:
    missed = []
    for one in planted(seed, PLANTED // 2):
        cause = explain_difference(one.plan, one.steps, one.values, 10**9)
        if cause is None:
            missed.append(one.what)
        else:
            assert any(map(one.named, (cause, *cause.others))), f"{one.what}: {cause}"
    assert len(missed) <= 0.03 * PLANTED, missed


def test_right_logs_are_equal_and_have_no_cause() -> None:
    for one in right(7, RIGHT):
        log = Curve("log", one.steps, one.values)
        found = compare([series(one.plan), series(log)], int(one.steps[-1]) + 1)
        assert found.differences[0].equal, one.what
        assert found.causes == [None], one.what


CAUSE = '''
from lrviz.comparison.cause import cause


@cause(rank=0)
def on_a_monday(case):
    """Yield that it was a Monday."""
    yield case.cause("on_a_monday", "it ran on a Monday", case.log.values, 0, "all do")
'''


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop a file with a cause into the folder of the causes, and take it away again."""
    (tmp_path / "on_a_monday.py").write_text(CAUSE)
    monkeypatch.setattr("lrviz.comparison.causes.__path__", [*causes.__path__, str(tmp_path)])
    monkeypatch.setattr("lrviz.comparison.cause._finders", {**registry._finders})
    yield
    sys.modules.pop("lrviz.comparison.causes.on_a_monday", None)


@pytest.mark.usefixtures("dropped")
def test_a_cause_is_one_new_file() -> None:
    steps = np.arange(100)
    cause = explain_difference(parse("const:lr=1"), steps, np.sqrt(steps), 100)
    assert cause is not None
    assert cause.text == "it ran on a Monday"
