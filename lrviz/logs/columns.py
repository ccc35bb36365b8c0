"""Which columns hold the steps and what is looked for, by the names that loggers give them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..errors import did_you_mean, listing, quoted
from ..schedules.quantity import Quantity

_STEPS = (
    *("trainer/global_step", "train/global_step", "global_step", "global_steps"),
    *("train/step", "step", "steps", "iteration", "iterations", "iter", "iters"),
    *("num_updates", "updates", "update", "_step", "epoch", "epochs"),
)
"""What columns of steps are called, the surest first.

The `_step` of Weights & Biases counts calls of its logger, which are steps only if nothing else is
there that counts them.
"""

_EXTREME = re.compile(r".*__(min|max)")
"""What Weights & Biases exports beside each column, for groups of runs."""

MOST_COLUMNS = 64
"""How many columns of one quantity are held against each other."""

_MOST_NAMED = 8
"""How many columns are named in a message."""


class Wanted(NamedTuple):
    """The file, the quantities that are looked for, and the column of each and of the steps.

    A column is None for the one that is called as usual.
    """

    file: str
    columns: Mapping[Quantity, str | None]
    step: str | None

    def missing(self, names: Iterable[str]) -> int:
        """Return of how many quantities there is no column among those called `names`."""
        known = list(names)
        return sum(not _places(known, what, column) for what, column in self.columns.items())

    def cure(self, which: str) -> str:
        """Return how to name a column."""
        return f"name {which} as @{self.file}:COLUMN"


class Choice(NamedTuple):
    """Places of the column of steps, if there is one, and for each quantity of what may be it."""

    step: int | None
    columns: list[list[int]]


def choose(names: Sequence[str], wanted: Wanted) -> Choice | str:
    """Return the columns that are wanted, or why they cannot be told."""
    found = []
    for what, column in wanted.columns.items():
        places = _places(names, what, column)
        if column is not None and not places:
            return _no_column(names, column)
        if not places:
            return f"no column is called like a {what.name}; {_those(names)}; {wanted.cure('one')}"
        if len(places) > MOST_COLUMNS:
            return several(names, places, what, wanted)
        found.append(places)
    if wanted.step is None:
        return Choice(_step(names, {i for places in found for i in places}), found)
    steps = _matching(names, wanted.step)
    return Choice(steps[0], found) if steps else _no_column(names, wanted.step)


def several(
    names: Sequence[str], places: Sequence[int], what: Quantity, wanted: Wanted, which: str = ""
) -> str:
    """Return that several columns may hold a quantity, and the cure."""
    listed = _listed([names[i] for i in places])
    return f"{len(places):,} columns may be the {what.word}{which}: {listed}; {wanted.cure('one')}"


def is_epoch(name: str) -> bool:
    """Return whether a column counts epochs by its name."""
    return _plain(name) in ("epoch", "epochs")


def _places(names: Sequence[str], what: Quantity, column: str | None) -> list[int]:
    """Return the places of the columns that may hold a quantity."""
    if column is not None:
        return _matching(names, column)
    plain = [_plain(name) for name in names]
    others = re.compile(what.others)
    for pattern in map(re.compile, what.columns):
        found = [
            i
            for i, name in enumerate(plain)
            if pattern.fullmatch(name) and not others.fullmatch(name)
        ]
        if found:
            return [i for i in found if not _EXTREME.fullmatch(plain[i])] or found
    return []


def _step(names: Sequence[str], taken: set[int]) -> int | None:
    """Return the place of the column whose name is the surest for steps."""
    sure = {name: i for i, name in enumerate(_STEPS)}
    found = [
        (sure[name], i)
        for i, name in enumerate(map(_plain, names))
        if name in sure and i not in taken
    ]
    return min(found)[1] if found else None


def _matching(names: Sequence[str], wanted: str) -> list[int]:
    """Return the places of the columns with a name: the very one, or else nearly."""
    exact = [i for i, name in enumerate(names) if name == wanted]
    return exact[:1] or [i for i, name in enumerate(names) if _plain(name) == _plain(wanted)]


def _plain(name: str) -> str:
    """Return a name in small letters, `_` for spaces, without the run that W&B writes before it."""
    return name.rpartition(" - ")[2].strip().lower().replace(" ", "_")


def _no_column(names: Sequence[str], wanted: str) -> str:
    near = did_you_mean(wanted, names[:1000])
    return f"there is no column {quoted(wanted)}{near or f'; {_those(names)}'}"


def _those(names: Sequence[str]) -> str:
    if not names:
        return "it has no columns"
    return f"its columns are {_listed(names)}" if len(names) > 1 else f"it has {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    shown = [quoted(name) for name in names[:_MOST_NAMED]]
    more = len(names) - _MOST_NAMED
    return listing([*shown, f"{more:,} more"] if more > 0 else shown)
