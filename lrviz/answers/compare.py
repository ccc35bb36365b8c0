"""What differs, where, and why."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

from ..comparison import Cause, Comparison, Difference, Progress, Summary
from ..comparison import compare as held
from ..errors import printable
from ..outputs import tables
from ..outputs.paper import WITH_DIFFERENCES, Paper
from ..schedules.fields import rounded_text
from ..series import Inputs, Series, horizon_of, names_of, read_inputs
from ..specs.quantities import Run
from .mistakes import warnings_of

if TYPE_CHECKING:
    from .drawing import Drawing, View

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

    def __bool__(self) -> bool:
        """Return whether there is a difference, as of a list of them: `if compare(a, b): ...`."""
        return not self.equal

    @property
    def first(self) -> int | None:
        """The first step at which a series differs, None if none does."""
        firsts = (one.first for one, _ in self._faults())
        return min((step for step in firsts if step is not None), default=None)

    @property
    def largest(self) -> float:
        """The largest gap to the first series, also one that is too small to count."""
        faults = [difference.gap for difference, _ in self._faults()]
        small = [one.gap for one in self.comparison.differences if one.equal]
        return max([*faults, *small], default=0.0)

    @property
    def cause(self) -> Cause | None:
        """What explains the first series that differs, None if nothing does or none differs."""
        return next((cause for _, cause in self._faults()), None)

    def _faults(self) -> Iterator[tuple[Difference, Cause | None]]:
        """Yield the differences that count, with their causes."""
        for _, difference, cause in self._others():
            if not difference.equal and (cause is None or cause.fault):
                yield difference, cause

    def __repr__(self) -> str:
        return str(self).rstrip()

    def _repr_html_(self) -> str:
        from . import displays

        said = "".join(f"<p>{escape(line)}</p>" for line in self.verdict())
        return f"{said}{displays.table(self.rows())}{displays.picture(self.drawing())}"

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
        series = self.comparison.series
        labels = [one.label for one in series] if width is None else names_of(series)
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
        self, width: int, colour: bool = False, *, most: int | None = None, **look: Any
    ) -> str:
        """Return a chart of the series for a terminal, and below it one of their differences.

        It has at most so many lines: without room for the one below, that is left out; without
        room for any, it is empty. The settings are those of a `Look`.
        """
        from ..outputs.chart import chart

        view = self._view(look)
        panel = view.panel(2 * width)
        upper = chart(panel.curves, panel.look, width, _CHART_HEIGHT, colour)
        room = math.inf if most is None else most - upper.count("\n")
        if room < 0:
            return ""
        if not panel.below or room < _GAPS_HEIGHT + _AXIS:
            return upper
        below = replace(
            panel.look, title="", log=False, rates=None, ylabel="difference from the first"
        )
        return f"{upper}\n{chart(panel.below, below, width, _GAPS_HEIGHT, colour)}"

    def drawing(self, folder: str = "", paper: Paper | None = None, **look: Any) -> "Drawing":
        """Return a figure of the series, and below it of their differences.

        Logs are named as they are found from `folder` on. The settings are those of a `Look`.
        """
        from .drawing import Drawing

        view = self._view(look, folder)
        return Drawing([view], paper or WITH_DIFFERENCES, read=view.unseen)

    def _view(self, look: Mapping[str, Any], folder: str = "") -> "View":
        from .drawing import checked, view_of

        series = self.comparison.series
        seen = [one.seen_from(folder) for one in series] if folder else series
        given = {"differences": len(series) > 1, **checked("compare", look)}
        return view_of(seen, given, self.run._replace(horizon=self.comparison.horizon))


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
