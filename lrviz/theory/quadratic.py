"""The noisy quadratic: what SGD does to a loss whose curvatures and noise are assumed.

The loss is sum h_i theta_i^2 / 2, the gradient h_i theta_i + N(0, c_i / batch), and theta_i begins
as N(0, 1). Then theta stays Gaussian, and a_i = E theta_i^2 goes on at a rate eta as

    a_i <- (1 - eta h_i)^2 a_i + eta^2 c_i / batch

so that the loss has the mean sum h_i a_i / 2 and the variance sum (h_i a_i)^2 / 2, exactly
(Schaul et al. 2013; Wu et al. 2018; Zhang et al. 2019). With momentum m, theta follows a velocity,
v <- m v + g and theta <- theta - eta v.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import LrvizError, option
from ..schedules.numeric import Array
from ..schedules.signal import Signal
from .sums import Cells, cells_of

MOST_WITH_MOMENTUM = 20_000
"""Up to how many steps momentum is followed from step to step."""

_PART = 1 << 18
"""About how many numbers are computed with at once."""
_LEAST = -345.0
"""The logarithm of what stands for a factor of 0."""
_SEED = 0


class Course(NamedTuple):
    """The loss after so many updates, all of shape (n,): mean, standard deviation, and one run."""

    steps: Sequence[int]
    mean: Array
    sd: Array
    sample: Array


class Quadratic(NamedTuple):
    """What is assumed: h_i = i^-spectrum and c_i = i^-noise for i up to dims, batch and momentum.

    Rates are multiplied by `curvature`, the highest one; where that is None, the highest rate times
    it is `stability`.
    """

    dims: int = 60
    batch: float = 32.0
    spectrum: float = 1.0
    noise: float = 1.0
    momentum: float = 0.0
    stability: float = 0.5
    curvature: float | None = None

    @property
    def limit(self) -> float:
        """The rate times curvature from which on the loss grows."""
        return 2 * (1 + self.momentum)

    @property
    def curvatures(self) -> Array:
        """The curvatures h, shape (dims,), of which the highest is 1."""
        return self._powers(self.spectrum)

    @property
    def variances(self) -> Array:
        """The variances c / batch of the gradient, shape (dims,)."""
        return self._powers(self.noise) / self.batch

    def _powers(self, exponent: float) -> Array:
        found: Array = np.arange(1, self.dims + 1) ** -float(exponent)
        return found

    def factor(self, peak: float) -> float:
        """Return what rates are multiplied by, of which the highest is given."""
        return self.stability / peak if self.curvature is None else self.curvature

    def floor(self, rate: float) -> float:
        """Return the mean that the loss comes to at a constant rate, multiplied as all are.

        Infinite where it grows.
        """
        x, m = rate * self.curvatures, self.momentum
        if not x[0] < self.limit:
            return math.inf
        left = 2 - x if not m else (1 - m) * (2 * (1 + m) - x) / (1 + m)
        return float((rate * self.variances / left).sum() / 2)

    def assumed(self) -> str:
        """Return what is assumed, in words."""
        noise = "noise variance" if self.noise == self.spectrum else ""
        spectra = f"curvatures h{' = ' + noise if noise else ''} = i^-{self.spectrum:g}"
        if not noise:
            spectra += f", noise variance i^-{self.noise:g}"
        scale = (
            f"highest rate * h_max = {self.stability:g}"
            if self.curvature is None
            else f"h_max = {self.curvature:g}"
        )
        momentum = f", momentum {self.momentum:g}" if self.momentum else ""
        return f"dims {self.dims}, {spectra}, batch {self.batch:g}{momentum}, {scale}"

    def too_long(self, steps: int) -> bool:
        """Return whether the momentum of so many steps is made a part of the rate."""
        return self.momentum > 0 and steps > MOST_WITH_MOMENTUM

    def course(self, schedule: Signal, steps: Sequence[int], factor: float) -> Course:
        """Return the loss after so many updates, rising, with rates multiplied by a factor.

        LrvizError if the rates turn too often, or if they are too high for a long run with
        momentum, which is followed with rates divided by 1 - momentum in place of it.
        """
        last = max(*steps, 1)
        if self.momentum and not self.too_long(last):
            rates = np.asarray(schedule(range(last))) * factor
            return self._stepped(rates, steps)
        cells = cells_of(schedule, last, steps)
        scale = factor / (1 - self.momentum)
        if self.momentum and not cells.peak * scale < 1:
            raise LrvizError(
                f"with momentum, a run of more than {MOST_WITH_MOMENTUM} steps is followed at the "
                f"rate over 1 - momentum, which times the highest curvature is "
                f"{cells.peak * scale:.3g} here, and that is for less than 1; lower "
                + option("stability")
                + ", or make the run shorter"
            )
        return self._course(cells, steps, scale)

    def course_of(self, cells: Cells, steps: Sequence[int], factor: float) -> Course:
        """Return the same of the cells of a run, without momentum or for one step a cell."""
        if self.momentum:
            return self._stepped(cells.rates * factor, steps)
        return self._course(cells, steps, factor)

    def _course(self, cells: Cells, steps: Sequence[int], factor: float) -> Course:
        """Follow the moments from cell to cell, and one run of those that have them."""
        draw = _chance()
        moments, place = np.ones(self.dims), draw(self.dims)
        shrunk, added = np.zeros(self.dims), np.zeros(self.dims)
        found = []
        parts = cells.parts(max(_PART // self.dims, 1), steps)
        stop = 0
        with np.errstate(all="ignore"):
            for step in steps:
                while stop < step:
                    part = next(parts)
                    stop = int(part.starts[-1] + part.counts[-1])
                    more, noise = self._moved(part, factor)
                    moments = moments * np.exp(more) + noise
                    shrunk, added = shrunk + more, added * np.exp(more) + noise
                # What way theta_i points makes no difference to the loss, now or later.
                place = place * np.exp(shrunk / 2) + np.sqrt(added) * draw(self.dims)
                shrunk, added = np.zeros(self.dims), np.zeros(self.dims)
                found.append((moments, place))
            return self._losses(steps, found)

    def _moved(self, cells: Cells, factor: float) -> tuple[Array, Array]:
        """Return the logarithm of what cells multiply the moments by, and what they then add."""
        rates, nodes = cells.rates * factor, cells.nodes * factor
        falls, node_falls = self._falls(rates), self._falls(nodes)
        falls[cells.blocks] = 0
        totals, after, inner = cells.summed(falls, node_falls)
        # A geometric series of the noise of all steps at one rate.
        times = np.where(falls, np.expm1(totals) / np.expm1(falls), cells.counts[:, None])
        times[cells.blocks] = 0
        noise = (rates[:, None] ** 2 * times * np.exp(after)).sum(axis=0)
        noise += cells.total(nodes[:, :, None] ** 2 * np.exp(inner))
        return totals.sum(axis=0), noise * self.variances

    def _falls(self, rates: Array) -> Array:
        """Return log (1 - eta h)^2, of shape (..., dims), exact also for the lowest rates."""
        x = rates[..., None] * self.curvatures
        return 2 * np.maximum(np.log1p(-np.minimum(x, 2 - x)), _LEAST)

    def _stepped(self, rates: Array, steps: Sequence[int]) -> Course:
        """Follow the moments of places and velocities from step to step."""
        draw = _chance()
        h, noise, m = self.curvatures, self.variances, self.momentum
        sigma = np.sqrt(noise)
        moments, mixed, square = np.ones(self.dims), np.zeros(self.dims), np.zeros(self.dims)
        place, velocity = draw(self.dims), np.zeros(self.dims)
        asked, found = iter(steps), []
        step = next(asked, None)
        with np.errstate(all="ignore"):
            for done in range(len(rates) + 1):
                while step == done:
                    found.append((moments, place))
                    step = next(asked, None)
                if step is None:
                    break
                eta = rates[done]
                new = m * m * square + 2 * m * h * mixed + h * h * moments + noise
                cross = m * mixed + h * moments
                moments, mixed, square = (
                    moments - 2 * eta * cross + eta * eta * new,
                    cross - eta * new,
                    new,
                )
                velocity = m * velocity + h * place + sigma * draw(self.dims)
                place = place - eta * velocity
            return self._losses(steps, found)

    def _losses(self, steps: Sequence[int], found: Sequence[tuple[Array, Array]]) -> Course:
        """Return the losses of moments and places."""
        moments, places = (np.array(all_of_them) for all_of_them in zip(*found, strict=True))
        h = self.curvatures
        weighted = h * moments
        return Course(
            steps,
            weighted.sum(axis=1) / 2,
            np.sqrt((weighted**2).sum(axis=1) / 2),
            (h * places**2).sum(axis=1) / 2,
        )


def _chance() -> Callable[[int], Array]:
    """Return what draws so many numbers of N(0, 1), the same ones in every run.

    The older generator of numpy is the one whose numbers never change.
    """
    draw: Callable[[int], Array] = np.random.RandomState(_SEED).standard_normal
    return draw


def drawn_steps(horizon: int, most: int) -> Iterator[int]:
    """Yield steps, evenly spread, after which the loss of a run is drawn."""
    count = min(horizon, most)
    yield from (round(i * horizon / count) for i in range(count + 1))
