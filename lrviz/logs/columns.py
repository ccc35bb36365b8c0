"""Which columns hold the steps and the rates, by the names that loggers give them."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..errors import did_you_mean, listing, quoted

_STEPS = (
    *("trainer/global_step", "train/global_step", "global_step", "global_steps"),
    *("train/step", "step", "steps", "iteration", "iterations", "iter", "iters"),
    *("num_updates", "updates", "update", "_step", "epoch", "epochs"),
)
"""What columns of steps are called, the surest first.

The `_step` of Weights & Biases counts calls of its logger, which are steps only if nothing else is
there that counts them.
"""

_RATE = re.compile(r"(.*/)?(lr|learning_?rate)s?(\d+|[-_/].*)?")
_RATE_WITHIN = re.compile(r".*(learning_?rate|(?<![a-z])lr(?![a-z])).*")
_RATE_ELSE = re.compile(r"rates?|value")
"""What columns of rates are called; those that fit the first count before the others."""

_NO_RATE = re.compile(
    r".*(momentum|weight_decay|betas?|scheduler?|warmup\w*|factor|ratio|mult|scale"
    r"|(lr|rate)_decay(_\w+)?)"
)
"""What describes the rate, or is logged beside it, and is none."""

_EXTREME = re.compile(r".*__(min|max)")
"""What Weights & Biases exports beside each column, for groups of runs."""

MOST_RATES = 64
"""How many columns of rates are held against each other."""

_MOST_NAMED = 8
"""How many columns are named in a message."""


class Wanted(NamedTuple):
    """The file and the columns that were asked for: of rates and of steps, None for the usual."""

    file: str
    rate: str | None
    step: str | None

    def is_among(self, names: Iterable[str]) -> bool:
        """Return whether there is a column of rates among those called `names`."""
        return bool(_rates(list(names), self.rate))

    def cure(self, which: str) -> str:
        """Return how to name a column."""
        return f"name {which} as @{self.file}:COLUMN"


class Choice(NamedTuple):
    """Places of the column of steps, if there is one, and of those that may be the rates."""

    step: int | None
    rates: list[int]


def choose(names: Sequence[str], wanted: Wanted) -> Choice | str:
    """Return the columns that are wanted, or why they cannot be told."""
    rates = _rates(names, wanted.rate)
    if wanted.rate is not None and not rates:
        return _no_column(names, wanted.rate)
    if not rates:
        return f"no column is called like a learning rate; {_those(names)}; {wanted.cure('one')}"
    if len(rates) > MOST_RATES:
        return several(names, rates, wanted)
    if wanted.step is None:
        return Choice(_step(names, rates), rates)
    steps = _matching(names, wanted.step)
    return Choice(steps[0], rates) if steps else _no_column(names, wanted.step)


def several(names: Sequence[str], rates: Sequence[int], wanted: Wanted, which: str = "") -> str:
    """Return that several columns may hold the rates, and the cure."""
    listed = _listed([names[i] for i in rates])
    return f"{len(rates):,} columns may be the rate{which}: {listed}; {wanted.cure('one')}"


def is_epoch(name: str) -> bool:
    """Return whether a column counts epochs by its name."""
    return _plain(name) in ("epoch", "epochs")


def _rates(names: Sequence[str], wanted: str | None) -> list[int]:
    """Return the places of the columns that may hold the rates."""
    if wanted is not None:
        return _matching(names, wanted)
    plain = [_plain(name) for name in names]
    for pattern in (_RATE, _RATE_WITHIN, _RATE_ELSE):
        found = [
            i
            for i, name in enumerate(plain)
            if pattern.fullmatch(name) and not _NO_RATE.fullmatch(name)
        ]
        if found:
            return [i for i in found if not _EXTREME.fullmatch(plain[i])] or found
    return []


def _step(names: Sequence[str], rates: Sequence[int]) -> int | None:
    """Return the place of the column whose name is the surest for steps."""
    sure = {name: i for i, name in enumerate(_STEPS)}
    found = [
        (sure[name], i)
        for i, name in enumerate(map(_plain, names))
        if name in sure and i not in rates
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
