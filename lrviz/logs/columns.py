"""Which columns hold the steps and what is looked for, by the names that loggers give them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..errors import Sentence, did_you_mean, listing, option, quoted
from ..schedules.quantity import Quantity

_STEPS = (
    *("trainer/global_step", "train/global_step", "global_step", "global_steps"),
    *("train/step", "step", "steps", "total_timesteps", "num_timesteps", "timesteps"),
    *("iteration", "iterations", "iter", "iters", "it"),
    *("num_updates", "updates", "update", "current_steps", "current_step"),
    *("步数", "步", "迭代", "迭代次数", "ステップ", "스텝", "schritt", "étape", "paso", "шаг"),
    *("n/m", "n/m_after", "_step", "batch_idx", "batch_index", "batch", "epoch", "epochs", "[n]"),
    *("index", "unnamed:_0"),
)
"""What columns of steps are called, the surest first.

The `_step` of Weights & Biases counts calls of its logger, which are steps only if nothing else is
there that counts them.
"""

TOTAL = "in all"
"""After the name of a counter: the column of how far it goes."""

_EXTREME = re.compile(r".*__(min|max)")
"""What Weights & Biases exports beside each column, for groups of runs."""

_PHASES = {"mode", "phase", "split", "stage", "subset"}
_EVALUATION = {"val", "valid", "validation", "eval", "evaluate", "evaluation", "dev", "test"}
"""What columns are called that say what a row is of, and what they hold if not of training."""

MOST_COLUMNS = 64
"""How many columns of one quantity are held against each other."""

_MOST_NAMED = 8
"""How many columns are named in a message."""


class Wanted(NamedTuple):
    """The file, the quantities that are looked for, and the column of each and of the steps.

    A column is None for the one that is called as usual, and with a `*` stands for several, each of
    them a run or a group of parameters of its own.
    """

    file: str
    columns: Mapping[Quantity, str | None]
    step: str | None

    def missing(self, names: Iterable[str]) -> int:
        """Return of how many quantities there is no column among those called `names`."""
        known = list(names)
        return sum(not places(known, what, column) for what, column in self.columns.items())

    def cure(self, which: str) -> str:
        """Return how to name a column."""
        return f"name {which} as @{self.file}:COLUMN"


class Choice(NamedTuple):
    """Places of the columns of steps, of epochs beside them and of how many steps those have.

    Of that which says whether a row is of training, and for each quantity of what may be it; if
    they are `apart`, each of those of the first quantity is a curve of its own.
    """

    step: int | None
    epoch: int | None
    total: int | None
    phase: int | None
    columns: list[list[int]]
    apart: bool = False


def choose(names: Sequence[str], wanted: Wanted) -> Choice | str | Sentence:
    """Return the columns that are wanted, or why they cannot be told."""
    found = []
    for what, column in wanted.columns.items():
        likely = places(names, what, column)
        if column is not None and not likely:
            return _no_column(names, column)
        if not likely:
            return _nothing_like(names, what, wanted)
        if len(likely) > MOST_COLUMNS:
            return several(names, likely, what, wanted)
        found.append(likely)
    if wanted.step is None:
        step = _step(names, {i for likely in found for i in likely})
    else:
        steps = _matching(names, wanted.step)
        if not steps:
            return _no_column(names, wanted.step)
        step = steps[0]
    epochs = [i for i, name in enumerate(names) if is_epoch(name) and i != step]
    total = [] if step is None else _matching(names, f"{names[step]} {TOTAL}")
    column = next(iter(wanted.columns.values()))
    apart = (column is not None and "*" in column) or _are_runs(names, found)
    phases = [i for i, name in enumerate(names) if _plain(name) in _PHASES]
    epoch, of, phase = (next(iter(those), None) for those in (epochs, total, phases))
    return Choice(step, epoch, of, phase, found, apart)


def several(
    names: Sequence[str], places: Sequence[int], what: Quantity, wanted: Wanted, which: str = ""
) -> str:
    """Return that several columns may hold a quantity, and the cure."""
    those = listed([names[i] for i in places])
    every = f", or all as @{wanted.file}:*" if len(places) <= MOST_COLUMNS else ""
    cure = f"{wanted.cure('one')}{every}"
    return f"{len(places):,} columns may be the {what.word}{which}: {those}; {cure}"


def is_evaluation(phase: object) -> bool:
    """Return whether a row is one of an evaluation, by the word for its phase."""
    return isinstance(phase, str) and phase.strip().lower() in _EVALUATION


def run_of(name: str) -> str:
    """Return the run that Weights & Biases writes before the name of a column, "" if none."""
    return name.rpartition(" - ")[0].strip()


def _are_runs(names: Sequence[str], found: Sequence[Sequence[int]]) -> bool:
    """Return whether the columns of a quantity are those of several runs, one of each."""
    if len(found) != 1 or len(found[0]) < 2:
        return False
    runs = [run_of(names[i]) for i in found[0]]
    return all(runs) and len({*runs}) == len(runs)


def is_step(name: str) -> bool:
    """Return whether a column counts steps by its name, be it by epochs."""
    return _plain(name) in _STEPS


def is_epoch(name: str) -> bool:
    """Return whether a column counts epochs by its name."""
    return _plain(name).rpartition("/")[2] in ("epoch", "epochs")


def places(names: Sequence[str], what: Quantity, column: str | None) -> list[int]:
    """Return the places of the columns that may hold a quantity."""
    plain = [_plain(name) for name in names]
    if column is not None and column != "*":
        return _matching(names, column)
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
    """Return the place of the column whose name is the surest for steps.

    Of those that say of what it is, `time/total_timesteps`, the last part; and if nothing else is
    called so, the first column where that has no name, the index of a table of pandas.
    """
    sure = {name: i for i, name in enumerate(_STEPS)}
    free = [(i, _plain(name)) for i, name in enumerate(names) if i not in taken]
    parts = [(i, name, name.rpartition("/")[2]) for i, name in free]
    found = [(0, sure[name], i) for i, name, _ in parts if name in sure]
    found += [(1, sure[last], i) for i, _, last in parts if last in sure]
    found += [(2, 0, i) for i, name in free if i == 0 and not name]
    return min(found)[2] if found else None


def _matching(names: Sequence[str], wanted: str) -> list[int]:
    """Return the places of the columns with a name: the very one, or else nearly, or a number.

    A `*` in the name stands for anything, the number is that of a column, from 1.
    """
    exact = [i for i, name in enumerate(names) if name == wanted][:1]
    near = exact or [i for i, name in enumerate(names) if _plain(name) == _plain(wanted)]
    if not near and "*" in wanted:
        pattern = re.compile(".*".join(map(re.escape, _lower(wanted).split("*"))))
        near = [i for i, name in enumerate(names) if pattern.fullmatch(_lower(name))]
        return [i for i in near if not _EXTREME.fullmatch(_plain(names[i]))] or near
    if not near and wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(names):
        return [int(wanted[:9]) - 1]
    return near


def _lower(name: str) -> str:
    """Return a name in small letters, `_` for spaces around words."""
    return name.strip().lower().replace(" ", "_")


def _plain(name: str) -> str:
    """Return a name in small letters, `_` for spaces, without the run that W&B writes before it."""
    return _lower(name.rpartition(" - ")[2])


def _no_column(names: Sequence[str], wanted: str) -> str:
    if not names:
        return f"there is no column {quoted(wanted)}, nor any other; name another file"
    near = did_you_mean(wanted, names[:1000])
    return f"there is no column {quoted(wanted)}{near or f'; {_those(names)}'}"


def _nothing_like(names: Sequence[str], what: Quantity, wanted: Wanted) -> str | Sentence:
    if not names:
        return f"nothing in it is called like a {what.name}; name another file"
    cure = f"no column is called like a {what.name}; {_those(names)}; {wanted.cure('one')}"
    if _step(names, set()) is not None or wanted.step is not None:
        return cure
    return f"{cure}, and that of the steps with " + option("step_column")


def _those(names: Sequence[str]) -> str:
    return f"its columns are {listed(names)}" if len(names) > 1 else f"it has {listed(names)}"


def listed(names: Sequence[str]) -> str:
    """Return the first of the names, for use inside a message."""
    shown = [quoted(name) for name in names[:_MOST_NAMED]]
    more = len(names) - _MOST_NAMED
    return listing([*shown, f"{more:,} more"] if more > 0 else shown)
