"""A new family, wrapper or warning is one file: dropped in, it is treated as all others are."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from lrviz import lint, parse
from lrviz.families import families
from lrviz.schedules.base import Schedule
from tests.conftest import Run

Drop = Callable[[str, str, str], None]

DECAY = '''
"""A fall along a square root."""
import numpy as np
from ..schedules.base import Example
from ..schedules.decay import Decay

class SqrtFall(Decay, name="sqrt_fall"):
    """Fall from `lr` to `end` in `steps` steps, along a square root."""

    formula = "(lr - end) * sqrt(1 - t / steps) + end"
    examples = (Example("sqrt_fall:lr=0.1,steps=100", {0: 0.1, 75: 0.05, 100: 0.0}, "its formula"),)

    def left(self, t):
        return np.sqrt(1 - np.minimum(t, self.steps) / self.steps)
'''

STAIRS = '''
"""Stairs that halve the rate."""
from typing import Annotated
import numpy as np
from ..schedules.base import Example, Schedule
from ..schedules.fields import LearningRate, Param
from ..schedules.knots import Periodic

class Halves(Schedule, name="halves"):
    """Halve the learning rate at every multiple of `every` steps."""

    lr: LearningRate
    every: Annotated[int, Param("steps between drops", unit="steps", at_least=1)]

    formula = "lr / 2 ^ floor(t / every)"
    examples = (Example("halves:lr=1,every=10", {0: 1.0, 10: 0.5}, "its formula"),)
    stairs = True

    @property
    def period(self):
        return ("every", self.every)

    @property
    def knots(self):
        return (Periodic(self.every, jump=True),)

    def at(self, t):
        return self.lr / 2 ** np.floor(t / self.every)
'''

WRAPPER = '''
"""A rest before a schedule."""
from typing import Annotated
import numpy as np
from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.placed import Placed

class Rest(Schedule, name="rest"):
    """Stay at 0 for `steps` steps, and then follow a schedule, two of its steps for each."""

    steps: Annotated[int, Param("how long it rests", unit="steps", at_least=1)]
    of: Annotated[Schedule, Param("what follows")]

    formula = "0 while t < steps, then the next from its step 0"
    examples = (Example("rest:steps=5/const:lr=1", {0: 0.0, 4: 0.0, 5: 1.0}, "its formula"),)
    joined = False

    @property
    def placed(self):
        return (Placed(self.of, offset=2 * self.steps, start=self.steps, by=2),)

    def values(self, steps, dtype):
        (inner,) = self.placed
        return np.where(steps < self.steps, 0, inner.values(steps, dtype)).astype(dtype)
'''

RULE = '''
"""A peak that is far too high."""
from .. import Finding, rule

@rule("the rate is above 100")
def huge(plan):
    """Return the peak, if it is."""
    return Finding("huge", f"the rate comes to {plan.peak}; lower it") if plan.peak > 100 else None
'''


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drop]:
    """Return a function that adds a file to a folder of the package, for one test."""
    lint.names(), families()  # all that there are have to be imported before they are counted
    registered = (Schedule.registry, lint._rules)
    before = [dict(registry) for registry in registered]
    added = []

    def add(folder: str, name: str, text: str) -> None:
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.py").write_text(text)
        package = importlib.import_module(folder)
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / folder)])
        importlib.invalidate_caches()
        added.append((package, name))

    yield add
    for package, name in added:
        sys.modules.pop(f"{package.__name__}.{name}", None)
        package.__dict__.pop(name, None)
    for registry, old in zip(registered, before, strict=True):
        registry.clear()  # type: ignore[attr-defined]
        registry.update(old)  # type: ignore[attr-defined]


def warned(run: Run, spec: str, *words: str) -> str:
    """Return what `explain` warns of, in one line."""
    result = run("explain", spec, *words)
    assert (result.status, result.err) == (0, "")
    return " ".join(result.out.partition("\nwarnings")[2].partition("\nphases")[0].split())


def test_a_family_is_listed_read_drawn_and_explained(drop: Drop, run: Run, tmp_path: Path) -> None:
    drop("lrviz.families", "sqrt_fall", DECAY)
    assert "sqrt_fall" in run("list").out
    spec = "sqrt_fall:lr=0.1,steps=100"
    assert run("table", spec, "--at", "75", "--format", "plain").out.split()[-1] == "0.05"
    assert run("plot", spec, "-o", str(tmp_path / "x.svg")).status == 0
    assert "<svg" in (tmp_path / "x.svg").read_text()
    assert "steps 0 to 99, rates 0.1 to 0.01" in run("explain", spec).out
    explained = run("explain", "sqrt_fall").out
    assert "sqrt(1 - t / steps)" in explained
    assert "the rate that it lands on" in explained
    assert parse(f"restarts/{spec}")([0, 75, 100]).tolist() == pytest.approx([0.1, 0.05, 0.1])


def test_a_family_is_warned_of(drop: Drop, run: Run) -> None:
    drop("lrviz.families", "sqrt_fall", DECAY)
    assert "unfinished sqrt_fall ends at step 100000, but the run ends after 1000 steps" in warned(
        run, "sqrt_fall:lr=0.1,steps=100k", "-n", "1000"
    )
    assert "rises sqrt_fall raises the rate from 0.1 to 0.5" in warned(
        run, "sqrt_fall:lr=0.1,steps=100,end=0.5"
    )
    assert "floor the floor 0.05 is reached at step 76" in warned(
        run, "sqrt_fall:lr=0.1,steps=100,floor=0.05"
    )
    assert "the warmup by sqrt_fall would end at step 100, but the run ends after 50" in warned(
        run, "sqrt_fall:lr=0.1,steps=100,end=0.5/const:lr=0.5", "-n", "50"
    )


def test_stairs_are_warned_of_by_their_own_word(drop: Drop, run: Run) -> None:
    drop("lrviz.families", "halves", STAIRS)
    said = warned(run, "halves:lr=1,every=100", "-n", "50")
    assert "the first drop of halves would come at step 100" in said
    assert "lower every" in said
    # Stairs after stairs are no cliff.
    assert warned(run, "halves:lr=1,every=10,for=30/halves:lr=0.05,every=10", "-n", "60") == ""


def test_a_wrapper_has_a_length_knots_and_phases(drop: Drop) -> None:
    drop("lrviz.families", "rest", WRAPPER)
    schedule = parse("rest:steps=5/step:lr=1,rate=0.5,steps=4/linear:lr=0.1,steps=10")
    assert schedule.length == 5 + 8 + 5
    assert [*schedule.phases] == [("rest", 0, 5), ("step", 5, 13), ("linear", 13, 18)]
    jumps = sorted(
        step for knots in schedule.knots if knots.jump for step in knots.listed(100).tolist()
    )
    rates = schedule(np.arange(13))
    assert jumps[:-1] == (np.flatnonzero(np.diff(rates[5:])) + 6).tolist()
    assert jumps[-1] == 13
    later = parse("const:lr=1,for=100/stepped:every=10/rest:steps=5/cosine:lr=1,steps=20")
    assert [*later.phases] == [("const", 0, 100), ("rest", 100, 150), ("cosine", 150, 250)]


def test_what_a_wrapper_wraps_is_warned_of(drop: Drop, run: Run) -> None:
    drop("lrviz.families", "rest", WRAPPER)
    assert "unfinished cosine ends at step 1100, but the run ends after 600 steps" in warned(
        run, "rest:steps=100/cosine:lr=1,steps=2000", "-n", "600"
    )
    assert "the drop at step 1100 is never reached" in warned(
        run, "rest:steps=100/multistep:lr=1,rate=0.1,at=100,2000", "-n", "600"
    )
    assert "cliff the rate jumps up from 0 to 1 at step 100, where rest ends" in warned(
        run, "rest:steps=100/cosine:lr=1,steps=2000", "-n", "1100"
    )


def test_a_warning_is_found_and_can_be_silenced(drop: Drop, run: Run) -> None:
    drop("lrviz.lint.rules", "huge", RULE)
    assert lint.names()["huge"] == "the rate is above 100"
    assert "huge the rate comes to 200.0; lower it" in warned(run, "const:lr=200")
    assert "huge" in run("plot", "const:lr=200").err
    assert "huge" not in run("plot", "const:lr=200", "--silence", "huge").err
    assert warned(run, "const:lr=20") == ""


def test_what_was_dropped_in_is_gone(run: Run) -> None:
    assert "unknown family" in run("table", "sqrt_fall:lr=1,steps=9").err
