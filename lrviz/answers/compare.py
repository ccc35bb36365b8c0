"""What differs, where, and why."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..comparison import Cause, Comparison, Difference, Progress, Summary
from ..comparison import compare as held
from ..errors import printable
from ..outputs import tables
from ..outputs.look import Look
from ..schedules.fields import rounded_text
from ..series import Inputs, Series, horizon_of, read_inputs
from ..specs.quantities import Run
from .mistakes import warnings_of
from .unseen import unseen

if TYPE_CHECKING:
    from .drawing import Drawing

_MEASURES: dict[str, Callable[[Summary, Difference | None], float | None]] = {
    "first rate": lambda s, _: s.first,
    "peak": lambda s, _: s.peak,
    "peak at step": lambda s, _: s.peak_step,
    "final rate": lambda s, _: s.final,
    "mean": lambda s, _: s.mean,
    "area": lambda s, _: s.area,
    "half of the peak at step": lambda s, _: s.half_life,
    "share that differs": lambda _, d: d and d.share,
}
"""What the table has of each series, and of its difference from the first."""

_CHART_HEIGHT, _GAPS_HEIGHT = 10, 6
_AXIS = 4
"""How many lines a chart has beside its height."""
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
        """Whether no series differs from the first, but by a count of its steps as good."""
        return self.comparison.equal

    def __str__(self) -> str:
        return "\n".join([*self.verdict(), "", "".join(tables.find("plain")(self.rows()))])

    def verdict(self) -> Iterator[str]:
        """Yield for each series but the first whether it differs, where and why, and then more."""
        found = self.comparison
        for one, difference, cause in self._others():
            yield f"{printable(one.label)} {self._said(difference, cause)}"
            if cause is not None and cause.why:
                yield cause.why
        inexact = next((one for one in found.differences if not one.exact), None)
        if inexact is not None:
            yield (
                f"of {found.horizon:,} steps {inexact.compared:,} were compared: those where a "
                "schedule turns, and a sample of the others"
            )

    def reasons(self) -> Iterator[str]:
        """Yield the same in one line for each series that differs."""
        for one, difference, cause in self._others():
            if not difference.equal and (cause is None or cause.fault):
                why = f"; {cause.why}" if cause is not None and cause.why else ""
                yield f"{printable(one.label)}: {self._said(difference, cause)}{why}"

    def _others(self) -> Iterator[tuple[Series, Difference, Cause | None]]:
        found = self.comparison
        return zip(found.series[1:], found.differences, found.causes, strict=True)

    def _said(self, difference: Difference, cause: Cause | None) -> str:
        """Return in words how a series differs from the first, without its label."""
        first = self.comparison.series[0]
        logged = "logged " if self.comparison.common is not None else ""
        looked = f"all {difference.compared:,} {logged}steps"
        if not difference.exact:
            looked = f"the {difference.compared:,} steps that were compared"
        if difference.equal:
            within = difference.within and f", to {_the(difference.within)}"
            return f"equals {printable(first.label)} at {looked}{within}"
        if cause is not None and not cause.fault:
            return f"equals {printable(first.label)} at {looked}: {cause.sentence}"
        gap = f"{rounded_text(difference.gap, 3)} ({rounded_text(100 * difference.gap_share, 2)} %)"
        because = "" if cause is None else f": {cause.sentence}"
        return (
            f"differs from {printable(first.label)} from step {difference.first} on, "
            f"by at most {gap} at step {difference.gap_step}{because}"
        )

    def rows(self, width: int | None = None, colour: bool = False) -> tables.Rows:
        """Return the measures of each series, and of its differences, as writers of tables take."""
        labels = [one.label for one in self.comparison.series]
        return tables.Rows(labels, [self._measures()], width, colour, first="measure")

    def _measures(self) -> tuple[list[str], list[list[float | None]]]:
        """Return the names of all measures, and a column of them for each series."""
        found = self.comparison
        differences = [None, *found.differences]
        columns = [
            [measure(one, difference) for measure in _MEASURES.values()]
            for one, difference in zip(found.summaries, differences, strict=True)
        ]
        names = [*_MEASURES]
        if not found.differences:
            return names[:-1], [column[:-1] for column in columns]
        return names, columns

    def objects(self) -> dict[str, list[dict[str, Any]]]:
        """Return what is known of each curve and of each difference, as JSON has it."""
        first = self.comparison.series[0].label
        return {
            "curves": [one._asdict() for one in self.comparison.summaries],
            "differences": [
                {
                    "label": one.label,
                    "from": first,
                    **difference._asdict(),
                    "cause": cause and cause.said(one.label),
                }
                for one, difference, cause in self._others()
            ],
        }

    def written(self, form: str, width: int | None = None, colour: bool = False) -> Iterator[str]:
        """Yield pieces of a table in a format; of JSON, an object a curve and a difference."""
        if form == "json":
            yield json.dumps(self.objects(), indent=2, ensure_ascii=False) + "\n"
        elif form == "jsonl":
            for objects in self.objects().values():
                yield from (json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
        else:
            yield from tables.find(form)(self.rows(width, colour))

    def chart(
        self,
        width: int,
        colour: bool = False,
        title: str = "",
        log: bool = False,
        *,
        most: int | None = None,
    ) -> str:
        """Return a chart of the series for a terminal, and below it one of their differences.

        It has at most so many lines: without room for the one below, that is left out; without
        room for any, it is empty.
        """
        from ..outputs.chart import chart

        look, columns = self._look(title, log), 2 * width
        curves = [one.outline(look.horizon, columns) for one in self.comparison.series]
        upper = chart(curves, look, width, _CHART_HEIGHT, colour)
        room = math.inf if most is None else most - upper.count("\n")
        if room < 0:
            return ""
        gaps = self.comparison.gaps(columns)
        if not gaps or room < _GAPS_HEIGHT + _AXIS:
            return upper
        below = replace(look, title="", log=False, ylabel="difference from the first")
        return f"{upper}\n{chart(gaps, below, width, _GAPS_HEIGHT, colour)}"

    def sampled(self, width: int) -> Iterator[str]:
        """Yield what a chart of so many columns may lack."""
        found = self.comparison
        return unseen(found.series, found.horizon, 2 * width, apart=True)

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

    Gaps differ that are larger than `atol` + `rtol` * the larger rate, and than the digits of a
    log allow; `atol` is 1e-12 of the larger peak unless given. `silence` names warnings not to
    give. LrvizError for the first text that cannot be read, or a series that cannot be compared.
    """
    run = run or Run()
    found, notes = read_inputs(specs, run, step_column)
    horizon = horizon_of(found, run)
    warnings = warnings_of(found, horizon, run, silence)
    comparison = held(found, horizon, rtol=rtol, atol=atol, progress=progress)
    return Report(comparison, run, notes, warnings)


def _the(digits: str) -> str:
    """Return in words the digits that a log has."""
    return digits if digits.startswith("the ") else f"the {digits} that it has"
