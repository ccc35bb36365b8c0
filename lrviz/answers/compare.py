"""What differs, where, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..comparison import Comparison, Difference, Progress, Summary
from ..comparison import compare as held
from ..errors import printable
from ..outputs import tables
from ..outputs.look import Look
from ..series import Inputs, horizon_of, read_inputs
from ..specs.quantities import Run
from .mistakes import warnings_of

if TYPE_CHECKING:
    from .drawing import Drawing

_SUMMARY: dict[str, Callable[[Summary], float | None]] = {
    "first rate": lambda s: s.first,
    "peak": lambda s: s.peak,
    "peak at step": lambda s: s.peak_step,
    "final rate": lambda s: s.final,
    "mean": lambda s: s.mean,
    "area": lambda s: s.area,
    "half of the peak at step": lambda s: s.half_life,
    "share at the peak": lambda s: s.at_peak,
    "share below 1 % of the peak": lambda s: s.below,
}
"""What is said of each series."""

_DIFFERENCE: dict[str, Callable[[Difference], float | None]] = {
    "differs first at step": lambda d: d.first,
    "share that differs": lambda d: d.share,
    "largest gap": lambda d: d.gap,
    "largest gap at step": lambda d: d.gap_step,
    "largest relative gap": lambda d: d.relative,
    "relative gap at step": lambda d: d.relative_step,
}
"""What is said of each series but the first, against the first."""

_CHART_HEIGHT, _GAPS_HEIGHT = 10, 6
_FIGURE_HEIGHT = 6.0
"""In inches, with the panel of the differences."""


@dataclass(frozen=True, eq=False)
class Report:
    """A comparison over a run, notes on how its series were read, and what looks like a mistake."""

    comparison: Comparison
    run: Run
    notes: list[str]
    warnings: list[str]

    @property
    def equal(self) -> bool:
        """Whether no series differs from the first."""
        return self.comparison.equal

    def __str__(self) -> str:
        table = "".join(tables.find("plain")(self.rows()))
        return "\n".join([table, *self.reasons()])

    def rows(self, width: int | None = None, colour: bool = False) -> tables.Rows:
        """Return the measures of each series, and of its differences, as writers of tables take."""
        labels = [one.label for one in self.comparison.series]
        return tables.Rows(labels, [self._measures()], width, colour, first="measure")

    def _measures(self) -> tuple[list[str], list[list[float | None]]]:
        """Return the names of all measures, and a column of them for each series."""
        found = self.comparison
        columns = [[measure(one) for measure in _SUMMARY.values()] for one in found.summaries]
        if not found.differences:
            return [*_SUMMARY], columns
        columns[0] += [None] * len(_DIFFERENCE)
        for column, difference in zip(columns[1:], found.differences, strict=True):
            column += [measure(difference) for measure in _DIFFERENCE.values()]
        return [*_SUMMARY, *_DIFFERENCE], columns

    def reasons(self) -> Iterator[str]:
        """Yield how much was compared if not all was, and what explains that a series differs."""
        found = self.comparison
        inexact = next((one for one in found.differences if not one.exact), None)
        if inexact is not None:
            yield (
                f"of {found.horizon} steps {inexact.compared} were compared: those where a "
                "schedule turns, and a sample of the others"
            )
        for one, cause in zip(found.series[1:], found.causes, strict=True):
            if cause is not None:
                yield f"{printable(one.label)}: {cause.text}"

    def chart(self, width: int, colour: bool = False, title: str = "", log: bool = False) -> str:
        """Return a chart of the series for a terminal, and below it one of their differences."""
        from ..outputs.chart import chart

        look, columns = self._look(title, log), 2 * width
        curves = [one.outline(look.horizon, columns) for one in self.comparison.series]
        upper = chart(curves, look, width, _CHART_HEIGHT, colour)
        gaps = self.comparison.gaps(columns)
        if not gaps:
            return upper
        below = replace(look, title="", log=False, ylabel="difference from the first")
        return f"{upper}\n{chart(gaps, below, width, _GAPS_HEIGHT, colour)}"

    def drawing(self, title: str = "", log: bool = False, folder: str = "") -> "Drawing":
        """Return a figure of the series, and below it of their differences.

        Logs are named as they are found from `folder` on.
        """
        from ..outputs.paper import Paper
        from .drawing import Drawing, View

        series = [one.seen_from(folder) for one in self.comparison.series]
        look = replace(self._look(title, log), differences=len(series) > 1)
        view = View(series, look)
        return Drawing([view], Paper(height=_FIGURE_HEIGHT))

    def _look(self, title: str, log: bool) -> Look:
        return Look(
            steps=self.comparison.horizon,
            title=title,
            log=log,
            steps_per_epoch=self.run.steps_per_epoch,
        )


def compare(
    specs: Inputs,
    run: Run | None = None,
    *,
    rtol: float = 1e-9,
    atol: float | None = None,
    silence: str = "",
    step_column: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Return how each series differs from the first over a run, and what it comes to by itself.

    Gaps differ that are larger than `atol` + `rtol` * the larger rate; `atol` is 1e-12 of the
    larger peak unless given. `silence` names warnings not to give. LrvizError for the first text
    that cannot be read, or a series that cannot be compared.
    """
    run = run or Run()
    found, notes = read_inputs(specs, run, step_column)
    horizon = horizon_of(found, run)
    warnings = warnings_of(found, horizon, run, silence)
    comparison = held(found, horizon, rtol=rtol, atol=atol, progress=progress)
    return Report(comparison, run, notes, warnings)
