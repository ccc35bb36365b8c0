"""What theory says schedules do to the loss: which shape, which peak, how the loss goes."""

import itertools
import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import LrvizError, cut, did_you_mean, listing, option, quoted
from ..outputs import tables
from ..outputs.quadratic import quadratic_of
from ..schedules.fields import number_text, rounded_text
from ..series import Inputs, Series, horizon_of, read_inputs
from ..specs.quantities import Run, span
from ..theory import annealing
from ..theory.convex import Bound, bound, off_peak
from ..theory.quadratic import Course, Quadratic
from ..theory.sums import cells_of
from .columns import RESOLVED, behind, columns, digits, known, note, spread
from .fitted import Fitted, fitted
from .losses import courses, joined, sampled, signal_of
from .mistakes import warnings_of

if TYPE_CHECKING:
    from ..outputs.paper import Paper
    from .drawing import Drawing

_MOST_AT = 10_000
_PARTS = (1 / 40, 1 / 4, 1 / 2, 3 / 4, 1)
"""The parts of a run after which the loss is told."""
_LANDS = 0.01
"""Which part of the peak the last rate is of a schedule that comes down to 0, at most."""
_LABEL = 28
"""How many characters of a label stand in a table of words."""
_MOST_COLUMNS = 8
"""Up to how many steps stand side by side."""
_LAW = ("L0", "A", "alpha", "C")

_SAME_PEAK = "same peak costs: by how much the bound, not the loss, grows at that peak"
_ABOVE_ZERO = "less sure in measured runs where a schedule ends above 0"
_CONVEX = (
    "an upper bound for convex problems and plain SGD, which compares shapes with the peak tuned "
    f"for each; gaps under {100 * RESOLVED:.0f} % mean nothing; not a loss"
)
_ASSUMED = "all assumed; other spectra rank otherwise"
_LONG = "of so long a run the momentum is a part of the rate, lr / (1 - momentum)"


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the models say of series over a run, and notes on how those were read.

    `steps` are the numbers of updates after which the losses of `courses` are; `tuned` is the
    number of the series whose peak is taken for tuned; whether steps were `asked` for is known too.
    """

    series: Sequence[Series]
    run: Run
    horizon: int
    quadratic: Quadratic
    bounds: Sequence[Bound]
    courses: Sequence[Course]
    tuned: int
    fit: Fitted | None
    memory: float
    asked: bool
    notes: Sequence[str]
    warnings: Sequence[str]

    @property
    def steps(self) -> Sequence[int]:
        """After how many updates the losses are."""
        return self.courses[0].steps

    def __str__(self) -> str:
        return "".join(self.written("plain"))

    @property
    def behind(self) -> list[float]:
        """By which part of the least kappa that of each schedule is above it."""
        least = min(one.kappa for one in self.bounds)
        return [one.kappa / least - 1 for one in self.bounds]

    @property
    def ratios(self) -> list[float]:
        """The peak to try for each schedule, as a multiple of the tuned one's."""
        tuned = self.bounds[self.tuned].best_peak
        return [one.best_peak / tuned for one in self.bounds]

    @property
    def peaks(self) -> list[float]:
        """The peak to try for each schedule, if that of the tuned one is tuned."""
        return [ratio * self.bounds[self.tuned].peak for ratio in self.ratios]

    @property
    def same_peak_costs(self) -> list[float]:
        """By which part the bound of each grows where it keeps the peak of the tuned one."""
        return [off_peak(ratio) - 1 for ratio in self.ratios]

    @cached_property
    def sums(self) -> list[tuple[list[float], list[float]]]:
        """The sums S1 and S2 of the annealing law of each schedule, after `steps` updates."""
        return [annealing.sums(signal_of(one), self.steps, self.memory) for one in self.series]

    def objects(self) -> list[dict[str, Any]]:
        """Return all numbers, an object for each schedule and each step that was asked for."""
        found: list[dict[str, Any]] = []
        which = range(len(self.steps)) if self.asked else [len(self.steps) - 1]
        for i, (one, course, (s1, s2)) in enumerate(
            zip(self.series, self.courses, self.sums, strict=True)
        ):
            bounded = self.bounds[i]
            for j in which:
                row = {
                    "schedule": one.label,
                    "step": self.steps[j],
                    "loss": known(course.mean[j]),
                    "sd": known(course.sd[j]),
                    "kappa": bounded.kappa,
                    "P": bounded.area,
                    "R": bounded.rest,
                    "gamma_star": bounded.gamma_star,
                    "behind": self.behind[i],
                    "peak_to_try": self.peaks[i],
                    "same_peak_costs": self.same_peak_costs[i],
                    "S1": s1[j],
                    "S2": s2[j],
                }
                if self.fit is not None:
                    row |= zip(_LAW, self.fit.law, strict=False)
                    row["fitted_loss"] = self.fit.loss(bounded.peak, self.steps[j], s1[j], s2[j])
                    row["plus_minus"] = self.fit.within
                found.append(row)
        return found

    def rows(self, width: int | None = None, colour: bool = False) -> tables.Rows:
        """Return the same as writers of tables take it."""
        objects = self.objects()
        names, *columns = ([row[key] for row in objects] for key in objects[0])
        return tables.Rows([*objects[0]][1:], [(names, columns)], width, colour, first="schedule")

    def written(self, form: str, width: int | None = None, colour: bool = False) -> Iterator[str]:
        """Yield pieces of all numbers in a format; in that of people, of what they say."""
        if form in ("plain", "table"):
            yield "".join(f"{line}\n" for line in self.text(width or 100))
        else:
            yield from tables.find(form)(self.rows(width, colour))

    def text(self, width: int = 100) -> Iterator[str]:
        """Yield lines on what each model says, and what it assumes."""
        yield from self._of_shapes(width)
        yield ""
        yield from self._of_losses(width)
        if self.fit is not None:
            yield ""
            yield from self._of_the_fit(self.fit, width)

    def drawing(self, folder: str = "", paper: "Paper | None" = None, **look: Any) -> "Drawing":
        """Return the figure of the noisy quadratic, its losses above the rates.

        Logs are named as they are found from `folder` on. The settings are those of a `Look`.
        """
        from ..outputs.paper import WITH_DIFFERENCES
        from .drawing import Drawing, checked, view_of

        seen = [one.seen_from(folder) for one in self.series] if folder else self.series
        given = {"quadratic": self.quadratic, **checked("predict", look)}
        view = view_of(seen, given, self.run._replace(horizon=self.horizon))
        return Drawing([view], paper or WITH_DIFFERENCES, read=view.unseen)

    def _of_shapes(self, width: int) -> Iterator[str]:
        """Yield what the convex bound says, the best shape first."""
        ranked = sorted(range(len(self.series)), key=lambda i: self.bounds[i].kappa)
        yield f"convex bound: shapes with the peak tuned for each, {self.horizon:,} steps"
        if len(ranked) == 1:
            yield from columns(["", "kappa"], [self._shape(i)[:2] for i in ranked], width)
        else:
            head = ["", "kappa", "behind", "peak to try", "same peak costs"]
            yield from columns(head, [self._shape(i) for i in ranked], width)
            peak, tuned = number_text(self.bounds[self.tuned].peak), _label(self.series[self.tuned])
            yield from note(f"peak to try: if {peak} is the tuned peak of {tuned}", width)
            yield from note(_SAME_PEAK, width)
            above = [_label(self.series[i]) for i in ranked if self._ends_above(i)]
            if above:
                yield from note(f"{_ABOVE_ZERO}: {listing(above)}", width)
        yield from note(_CONVEX, width)

    def _shape(self, i: int) -> list[str]:
        """Return the texts of a row about a shape."""
        to_try, costs = rounded_text(self.peaks[i], 3), ""
        if i != self.tuned:
            to_try += f" (x{self.ratios[i]:.2f})"
            costs = f"+{100 * self.same_peak_costs[i]:.1f} %"
        kappa = f"{self.bounds[i].kappa:.3f}"
        return [_label(self.series[i]), kappa, behind(self.behind[i]), to_try, costs]

    def _ends_above(self, i: int) -> bool:
        last = float(signal_of(self.series[i])(self.horizon - 1))
        return last > _LANDS * self.bounds[i].peak

    def _of_losses(self, width: int) -> Iterator[str]:
        """Yield what the noisy quadratic says: a table, a sentence for each, what is assumed."""
        yield "noisy quadratic: expected loss ± standard deviation, after so many updates"
        labels, steps = [_label(one) for one in self.series], [f"{step:,}" for step in self.steps]
        texts = [[*map(spread, one.mean, one.sd)] for one in self.courses]
        if len(steps) > _MOST_COLUMNS:
            lines = [[step, *(one[j] for one in texts)] for j, step in enumerate(steps)]
            yield from columns(["", *labels], lines, width)
        else:
            lines = [[label, *one] for label, one in zip(labels, texts, strict=True)]
            yield from columns(["", *steps], lines, width)
        for i, label in enumerate(labels):
            yield from note(f"{label}: {self._sentence(i)}{self._late(i)}", width)
        if self.quadratic.too_long(self.steps[-1]):
            yield from note(_LONG, width)
        yield from note(f"{self.quadratic.assumed()}: {_ASSUMED}", width)

    def _sentence(self, i: int) -> str:
        """Return in words how the loss of a schedule goes."""
        mean, sd = self.courses[i].mean[-1], self.courses[i].sd[-1]
        end, peak, quadratic = self.steps[-1], self.bounds[i].peak, self.quadratic
        factor = quadratic.factor(max(one.peak for one in self.bounds))
        if quadratic.too_long(end):
            factor /= 1 - quadratic.momentum
            quadratic = quadratic._replace(momentum=0.0)
        if not peak * factor < quadratic.limit:
            highest = rounded_text(peak * factor, 3)
            return (
                f"its highest rate times h_max is {highest}; from {quadratic.limit:g} on the loss "
                "grows"
            )
        last = float(signal_of(self.series[i])(max(end - 1, 0)))
        floor, at_peak = (quadratic.floor(rate * factor) for rate in (last, peak))
        if mean <= 1.1 * floor and last >= 0.999 * peak:
            return f"it stays in a band, {spread(mean, sd)}; only a lower rate frees it"
        if mean < at_peak / 1.5:
            times = rounded_text(at_peak / mean, 2)
            return (
                f"freed from the band of its highest rate, {digits(at_peak)}, and {times} times "
                f"lower after {end:,}"
            )
        if mean > 1.1 * floor:
            return f"it is on its way after {end:,}: that rate would lead it to {digits(floor)}"
        return f"it is at {spread(mean, sd)} after {end:,}"

    def _late(self, i: int) -> str:
        """Return how far a schedule is behind the quickest early on, "" if it is not."""
        early = next((j for j, step in enumerate(self.steps) if step > 0), 0)
        means = [float(one.mean[early]) for one in self.courses]
        quickest = int(np.argmin(means))
        if self.steps[early] > self.horizon / 4 or not means[i] >= 2 * means[quickest] > 0:
            return ""
        times, label = rounded_text(means[i] / means[quickest], 2), _label(self.series[quickest])
        return f"; after {self.steps[early]:,} updates it is {times} times that of {label}"

    def _of_the_fit(self, fit: Fitted, width: int) -> Iterator[str]:
        """Yield what the law that was fitted to a log says of the last losses."""
        numbers = zip(_LAW, fit.law, strict=False)
        said = listing(f"{name} {rounded_text(value, 4)}" for name, value in numbers)
        title = f"annealing law, fitted to {fit.points:,} points of {fit.named}: {said}"
        yield from textwrap.wrap(title, width, subsequent_indent="  ", break_long_words=False)
        steps = self.steps[-1]
        pairs = zip(self.bounds, self.sums, strict=True)
        told = [fit.loss(one.peak, steps, s1[-1], s2[-1]) for one, (s1, s2) in pairs]
        ends = [math.inf if one is None else one for one in told]
        order = [*range(len(ends))]
        if fit.tells:
            order.sort(key=lambda i: ends[i])
        lines = [
            [_label(self.series[i]), f"{ends[i]:.3f}±{fit.within:.2g}" if told[i] else "not told"]
            for i in order
        ]
        yield from columns(["", f"loss after {steps:,}"], lines, width)
        for caveat in fit.caveats():
            yield from note(caveat, width)
        near = [
            f"{_label(self.series[a])} and {_label(self.series[b])}"
            for a, b in itertools.pairwise(order)
            if told[b] and ends[b] - ends[a] < fit.within
        ]
        if near and fit.tells:
            said = listing(near, ";")
            yield from note(f"nearer to each other than that, and so not ranked: {said}", width)
        for one, bounded in zip(self.series, self.bounds, strict=True):
            for caveat in fit.beyond(bounded.peak, self.steps[-1]):
                yield from note(f"{_label(one)}: {caveat}", width)


def predict(
    specs: Inputs,
    run: Run | None = None,
    *,
    at: str | None = None,
    tuned: str | None = None,
    fit: str | Sequence[str] = (),
    fit_schedule: str | None = None,
    memory: float = annealing.MEMORY,
    silence: str = "",
    step_column: str | None = None,
    **assumed: Any,
) -> Prediction:
    """Return what the models of the loss say of series over a run.

    `at` says after how many updates, `tuned` is the label of the series whose peak is tuned, the
    first unless given; `fit` are recorded runs, `"@run.csv:loss"`, that the annealing law is fitted
    to, `fit_schedule` is their schedule if they have no rates, `memory` what of a change of the
    rate is left after a step. Others are the settings of a `Quadratic`. LrvizError for the first
    text or setting that is wrong, and for a log that cannot tell.
    """
    run = run or Run()
    quadratic = quadratic_of(assumed, option)
    if not (isinstance(memory, int | float) and 0.5 <= memory <= 0.999999):
        raise LrvizError(option("memory") + f" is a number from 0.5 to 0.999999, not {memory}")
    found, notes = read_inputs(specs, run, step_column)
    horizon = horizon_of(found, run)
    steps = _asked(at, run._replace(horizon=horizon))
    signals = [signal_of(one) for one in found]
    bounds = [
        _bound_of(one, bound(cells_of(signal, horizon), horizon), horizon)
        for one, signal in zip(found, signals, strict=True)
    ]
    number = _number_of(tuned, found)
    texts = [fit] if isinstance(fit, str) else fit
    law = fitted(texts, fit_schedule, memory, run, step_column) if texts else None
    if fit_schedule is not None and not texts:
        raise LrvizError(
            option("fit_schedule")
            + " says which rates a log has that is fitted; name that with "
            + option("fit", "@FILE")
        )
    return Prediction(
        found,
        run,
        horizon,
        quadratic,
        bounds,
        courses(signals, quadratic, steps, max(one.peak for one in bounds)),
        number,
        law,
        memory,
        at is not None,
        [*notes, *joined(found), *sampled(found, horizon), *(law.notes if law else ())],
        warnings_of(found, horizon, run, silence, brief=True),
    )


def _asked(at: str | None, run: Run) -> list[int]:
    """Return after how many updates the loss is asked for, rising."""
    assert run.horizon is not None
    horizon = run.horizon
    if at is None:
        return sorted({max(round(part * horizon), 1) for part in _PARTS})
    asked: set[int] = set()
    for part in at.split(","):
        steps = span(option("at"), part, run)
        if steps.stop - 1 > horizon:
            raise LrvizError(
                option("at") + f" {steps.stop - 1} is past the end of a run of {horizon} steps; "
                "make it longer with " + option("horizon", steps.stop - 1)
            )
        if len(steps) + len(asked) > _MOST_AT:
            raise LrvizError(option("at") + f" has at most {_MOST_AT} steps here; name fewer")
        asked.update(steps)
    return sorted(asked)


def _bound_of(one: Series, found: Bound | None, horizon: int) -> Bound:
    if found is None:
        raise LrvizError(
            f"{quoted(one.label)} has no rate above 0 in its {horizon} steps, so that nothing "
            "moves; give it one"
        )
    return found


def _number_of(tuned: str | None, found: Sequence[Series]) -> int:
    """Return the number of the series with a label, of the first without one."""
    if tuned is None:
        return 0
    labels = [one.label for one in found]
    if tuned not in labels:
        near = did_you_mean(tuned, labels)
        known = near or f"; the schedules are {listing(quoted(label) for label in labels)}"
        raise LrvizError(option("tuned") + f" names no schedule {quoted(tuned)}{known}")
    return labels.index(tuned)


def _label(one: Series) -> str:
    return cut(one.label, _LABEL)
