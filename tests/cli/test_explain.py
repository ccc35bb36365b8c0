"""`lrviz explain` and `lrviz list`. `snapshots/` has them whole; `pytest --update` writes them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz.schedules import families

from ..conftest import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"
SPECS = {
    "warmup-cosine": ["warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5"],
    "chain": ["const:lr=0.1,for=100/exp:lr=0.1,rate=0.9,steps=100,staircase,floor=0.05"],
    "percent": ["warmup:steps=5%/linear:lr=1,steps=95%", "-n", "1000"],
    "two": ["cosine:lr={1,2},steps=10"],
    "forever": ["const:lr=0.1"],
}


@pytest.mark.parametrize("name", families())
def test_a_family_is_explained(name: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("explain", name)
    assert (result.status, result.err) == (0, "")
    assert max(map(len, result.out.splitlines())) <= 80
    snapshot(SNAPSHOTS / f"explain-{name}.txt", result.out)


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_is_explained(name: str, run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("explain", *SPECS[name])
    assert (result.status, result.err) == (0, "")
    snapshot(SNAPSHOTS / f"explain-spec-{name}.txt", result.out)


def test_all_families_are_listed(run: Run, snapshot: Callable[[Path, str], None]) -> None:
    result = run("list")
    assert (result.status, result.err) == (0, "")
    for kind in families().values():
        assert kind.examples[0].spec in result.out
    snapshot(SNAPSHOTS / "list.txt", result.out)


def test_terms_stand_out_in_colour(run: Run) -> None:
    assert "\x1b[1mcosine\x1b[0m" in run("explain", "cosine", "--color", "always").out
    assert "\x1b[1mcosine\x1b[0m" in run("list", "--color", "always").out
