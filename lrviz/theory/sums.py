"""Sums over the steps of a run of any length, and over those after each step.

A run is cut at its knots, and from there on into blocks that double in length. A stretch of one
rate is one cell. A block is followed at some of its whole steps, near Chebyshev points, by a
polynomial, whose sum over all of its steps is known; one that the rates do not follow is halved.
All that is short is summed step by step.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..errors import LrvizError, option, quoted
from ..schedules.numeric import Array, Bools, Steps, irregular
from ..schedules.signal import Signal

ALL = 8192
"""Runs of at most this many steps are summed step by step."""
MOST = 10_000_000
"""Those too whose rates no polynomial follows, if they have at most this many steps."""

_NODES = 24
"""At how many steps a block is followed."""
_SHORT = 128
"""How long a block is at least; what is shorter is summed step by step."""
_PROBES = 3
"""At how many more steps it is checked."""
_CLOSE, _DUST = 1e-11, 4e-15
"""How far a rate may lie off the polynomial: of the highest of the block, and of the run."""
_STEEPEST = 16.0
"""How many times its lowest rate the highest of a block may be, for what is exponential in it."""
_EXACT = 4096
"""Up to which length the sums of polynomials are added up, and not developed into a series."""
_MOST_CELLS = 4_000_000


class Cells(NamedTuple):
    """The steps of a run, in order, in cells: stretches of one rate, and blocks.

    `starts`, `counts` and `rates`, shape (n,), are the first step of each cell, how many it has,
    and their rate, 0 for a block. `blocks`, shape (m,), are the numbers of the blocks, and `nodes`,
    shape (m, nodes), their rates where they are followed.
    """

    starts: Steps
    counts: Steps
    rates: Array
    blocks: Steps
    nodes: Array

    @classmethod
    def of_rates(cls, rates: Array) -> "Cells":
        """Return the cells of a run whose rate at each step is given, shape (n,)."""
        steps = np.arange(rates.size)
        nothing = np.empty(0, np.int64), np.empty((0, _NODES))
        return cls(steps, np.ones_like(steps), rates.astype(np.float64), *nothing)

    @property
    def peak(self) -> float:
        """The highest rate."""
        return float(max(self.rates.max(initial=0.0), self.nodes.max(initial=0.0)))

    def part(self, first: int, stop: int) -> "Cells":
        """Return the cells from number `first` up to number `stop`."""
        low, high = np.searchsorted(self.blocks, (first, stop))
        here = slice(first, stop)
        blocks = self.blocks[low:high] - first
        return Cells(
            self.starts[here], self.counts[here], self.rates[here], blocks, self.nodes[low:high]
        )

    def parts(self, most: int, begins: Sequence[int] = ()) -> Iterator["Cells"]:
        """Yield the cells in parts of at most so many, some of which begin at given steps."""
        edges = {*range(0, self.starts.size, most), self.starts.size}
        edges.update(np.searchsorted(self.starts, begins).tolist())
        for first, stop in itertools.pairwise(sorted(edges)):
            yield self.part(first, stop)

    def summed(self, steps: Array, nodes: Array) -> tuple[Array, Array, Array]:
        """Return the sums of a function over each cell, over those after it, and after each node.

        `steps`, shape (n, k), are its values at one step of each cell, which all others of the
        cell have too; `nodes`, shape (m, nodes, k), those at the nodes of blocks, as is the last
        that is returned. Sums after a cell end with the last cell.
        """
        totals = steps * self.counts[:, None]
        within = np.empty(nodes.shape)
        for one, here in self._by_length():
            found = one.after @ nodes[here]
            totals[self.blocks[here]], within[here] = found[:, 0], found[:, 1:]
        after = np.zeros_like(totals)
        # The small end is added first, and nothing is ever taken away again.
        np.cumsum(totals[:0:-1], axis=0, out=after[-2::-1] if len(after) > 1 else after[:0])
        return totals, after, within + after[self.blocks][:, None]

    def total(self, nodes: Array) -> Array:
        """Return the sum over all blocks, shape (k,), of a function that has values at nodes."""
        found = np.zeros(nodes.shape[2])
        for one, here in self._by_length():
            found += np.tensordot(one.after[0], nodes[here], (0, 1)).sum(axis=0)
        return found

    def _by_length(self) -> Iterator[tuple["_Rule", Steps]]:
        lengths = self.counts[self.blocks]
        for length in np.unique(lengths).tolist():
            yield _rule(length), np.flatnonzero(lengths == length)


class _Rule(NamedTuple):
    """How blocks of one length are followed: at which places, how they are summed and checked.

    From rates at the nodes, `after` makes the sum over the whole block, and then those over what
    comes after each node; `between` makes the rates at the last of the places, which are probes.
    """

    places: Steps
    after: Array
    between: Array


@lru_cache(maxsize=512)
def _rule(length: int) -> _Rule:
    """Return how blocks of so many steps are followed."""
    waves = np.cos(np.pi * (np.arange(_NODES)[::-1] + 0.5) / _NODES)
    nodes = np.clip(np.rint((waves + 1) * length / 2 - 0.5), 0, length - 1).astype(np.int64)
    probes = (length * (0.1 + 0.8 * irregular(np.arange(1, _PROBES + 1)))).astype(np.int64)
    # A step is the middle of its share of -1 to 1, where the polynomials are.
    solved = np.linalg.inv(_polynomials(nodes, length))
    starts = np.concatenate([[0], nodes + 1])
    if length <= _EXACT:
        every = np.cumsum(_polynomials(np.arange(length)[::-1], length), axis=0)[::-1]
        sums = np.vstack([every, np.zeros(_NODES)])[starts]
    else:
        sums = _series(starts, length)
    return _Rule(
        np.concatenate([nodes, probes]), sums @ solved, _polynomials(probes, length) @ solved
    )


def _polynomials(places: Steps | Array, length: int) -> Array:
    from numpy.polynomial import legendre  # takes a while to import

    found: Array = legendre.legvander((2 * places + 1 - length) / length, _NODES - 1)
    return found


def _series(starts: Steps, length: int) -> Array:
    """Return the sums of Legendre polynomials from each start on, by Euler and Maclaurin."""
    from numpy.polynomial import legendre

    low = (2 * starts - length) / length  # where the share of a step begins
    each = np.eye(_NODES)
    found = np.empty((len(starts), _NODES))
    scale = 2 / length
    for number in range(_NODES):
        whole = legendre.legint(each[number])
        slope, third = legendre.legder(each[number]), legendre.legder(each[number], 3)
        terms = ((whole, 1 / scale), (slope, -scale / 24), (third, 7 * scale**3 / 5760))
        found[:, number] = sum(
            factor * (legendre.legval(1.0, term) - legendre.legval(low, term))
            for term, factor in terms
        )
    return found


def cells_of(schedule: Signal, stop: int, begins: Sequence[int] = ()) -> Cells:
    """Return the cells of the steps below `stop`, some of which begin at given steps.

    LrvizError if the rates turn too often for a run that is too long to be summed step by step.
    """
    opaque = any(part.opaque for part in schedule.parts())
    if stop <= (MOST if opaque else ALL):
        return Cells.of_rates(np.asarray(schedule(range(stop))))
    turns = sum(knots.total(stop) for knots in schedule.knots)
    found = _cells(schedule, stop, begins, opaque) if turns <= _MOST_CELLS else None
    if found is not None:
        return found
    if stop <= MOST:
        return Cells.of_rates(np.asarray(schedule(range(stop))))
    raise LrvizError(
        f"{quoted(str(schedule))} turns too often for a run of {stop} steps to be summed; "
        "make it shorter with " + option("horizon", MOST)
    )


def _cells(schedule: Signal, stop: int, begins: Sequence[int], opaque: bool) -> Cells | None:
    """Return the cells of a long run; None if they are too many."""
    inner = [step for step in begins if 0 < step < stop]
    knots = [np.array([0, stop, *inner]), *(knots.listed(stop) for knots in schedule.knots)]
    edges = np.sort(np.concatenate(knots), kind="stable")  # quick, as it merges what is in order
    edges = edges[np.diff(edges, prepend=-1) > 0]
    edges = edges[edges <= stop]
    first, length = edges[:-1], np.diff(edges)
    within = np.array([0.0, *irregular(np.arange(1, 4)), 1.0])
    seen = schedule(first[:, None] + (within * (length - 1)[:, None]).astype(np.int64))
    level: Bools = (seen == seen[:, :1]).all(axis=1) & ((length <= 1) | (not opaque))
    peak = float(np.max(seen))
    alone = [_steps(first[short], length[short]) for short in [~level & (length <= 3 * _SHORT)]]
    longer = ~level & (length > 3 * _SHORT)
    if longer.sum() * 4 * _SHORT > _MOST_CELLS:
        return None
    blocks: list[tuple[int, int]] = []
    for start, size in zip(first[longer].tolist(), length[longer].tolist(), strict=True):
        alone += [np.arange(start, start + _SHORT), np.arange(start + size - _SHORT, start + size)]
        blocks += _doubling(start, size)
    kept: list[tuple[Steps, Steps, Array]] = []
    pending = np.array(blocks, np.int64).reshape(-1, 2)
    while pending.size:
        if sum(map(len, alone)) + len(pending) * _NODES > _MOST_CELLS:
            return None
        good, rates = _followed(schedule, pending, peak)
        peak = max(peak, float(rates.max()))
        kept.append((pending[good, 0], pending[good, 1], rates[good]))
        bad = pending[~good]
        half = bad[:, 1] // 2
        small = half <= _SHORT
        alone.append(_steps(bad[small, 0], bad[small, 1]))
        bad, half = bad[~small], half[~small]
        halves = [bad[:, 0], half], [bad[:, 0] + half, bad[:, 1] - half]
        pending = np.concatenate([np.stack(pair, axis=1) for pair in halves])
    steps = np.concatenate(alone)
    starts = np.concatenate([first[level], steps, *(one[0] for one in kept)])
    counts = np.concatenate([length[level], np.ones_like(steps), *(one[1] for one in kept)])
    nodes = np.concatenate([np.empty((0, _NODES)), *(one[2] for one in kept)])
    rates = np.zeros(starts.size)
    flat = starts.size - len(nodes)
    rates[:flat] = np.concatenate([seen[level, 0], schedule(steps)])
    order = np.argsort(starts)
    numbers = np.flatnonzero(order >= flat)
    return Cells(starts[order], counts[order], rates[order], numbers, nodes[order[numbers] - flat])


def _steps(first: Steps, length: Steps) -> Steps:
    """Return all steps of some stretches."""
    ends = np.cumsum(length)
    found: Steps = np.arange(ends[-1] if ends.size else 0) + np.repeat(
        first - ends + length, length
    )
    return found


def _doubling(start: int, length: int) -> list[tuple[int, int]]:
    """Return blocks, as first step and length, that grow from either end of a stretch."""
    low, high, size = start + _SHORT, start + length - _SHORT, _SHORT
    found = []
    while high - low > 3 * size:
        found += [(low, size), (high - size, size)]
        low, high, size = low + size, high - size, 2 * size
    count = max((high - low) // size, 1)
    edges = [low + i * (high - low) // count for i in range(count + 1)]
    return [*found, *((begin, end - begin) for begin, end in itertools.pairwise(edges))]


def _followed(schedule: Signal, blocks: Steps, peak: float) -> tuple[Bools, Array]:
    """Return of which blocks a polynomial follows the rates, and the rates at their nodes."""
    lengths = blocks[:, 1]
    places = np.empty((len(blocks), _NODES + _PROBES), np.int64)
    groups = [(n, np.flatnonzero(lengths == n)) for n in np.unique(lengths).tolist()]
    for length, here in groups:
        places[here] = _rule(length).places
    rates = np.asarray(schedule(blocks[:, :1] + places))
    nodes, probes = rates[:, :_NODES], rates[:, _NODES:]
    gap = np.empty(len(blocks))
    for length, here in groups:
        gap[here] = np.abs(nodes[here] @ _rule(length).between.T - probes[here]).max(axis=1)
    highest = max(peak, float(rates.max()))
    most, least = nodes.max(axis=1), nodes.min(axis=1)
    good: Bools = (gap <= _CLOSE * most + _DUST * highest) & (most <= _STEEPEST * least)
    return good, nodes
