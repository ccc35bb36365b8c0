"""Drawings: what a figure shows, with everything read that its settings name."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..errors import LrvizError, option
from ..outputs import toml
from ..outputs.look import Look, Style
from ..outputs.panel import Panel
from ..outputs.paper import Paper
from ..outputs.pictures import Format, Rendered
from ..outputs.settings import changed, settings_of
from ..sampling import column_edges
from ..schedules.numeric import Steps
from ..series import Series, horizon_of
from ..specs.quantities import Run, horizon
from .unseen import unseen

if TYPE_CHECKING:
    from ..curves import Curve

_FINEST = 2.0**-26
"""What of the highest rate makes a difference in the digest of curves.

Other processors give other last digits of cosines and powers. A part of two, moved by an odd
number, keeps round rates away from where they would be rounded one way here and another way there.
"""
_MOVED = 1 / np.pi

Told = Callable[[str], AbstractContextManager[object]]
"""From the name of a setting to what its errors pass through, which may say where it stands."""


class View(NamedTuple):
    """Inputs, and how they are looked at: a panel to be."""

    inputs: Sequence[Series]
    look: Look

    def panel(self, columns: int) -> Panel:
        """Return the curves as they are drawn over so many columns of pixels."""
        look = self.look
        curves = [one.outline(look.horizon, columns, look.dtype, look.first) for one in self.inputs]
        return Panel(curves, look, self._gaps(columns))

    def sampled(self, columns: int) -> Iterator[str]:
        """Yield what a picture over so many columns of pixels may lack."""
        look = self.look
        return unseen(self.inputs, look.horizon, columns, look.first, apart=look.differences)

    def _gaps(self, columns: int) -> "list[Curve]":
        if not self.look.differences:
            return []
        from ..comparison import gap_curve

        plan, *others = self.inputs
        look = self.look
        return [gap_curve(plan, one, look.horizon, columns, first=look.first) for one in others]

    def settings(self, theme: str) -> dict[str, Any]:
        """Return the settings that make this view, with canonical specs, without what is usual."""
        styles = self.look.styles or (Style(),) * len(self.inputs)
        pairs = zip(self.inputs, styles, strict=True)
        curves = [
            _curve(one, changed(replace(style, color=style.color_on(theme))))
            for one, style in pairs
        ]
        return {**changed(self.look), "curves": curves}


def run_of(
    given: Mapping[str, Any],
    run: Run,
    told: Told = nullcontext,
) -> Run:
    """Return a run as the settings of a look that were given, and checked, say of it."""
    if "steps_per_epoch" in given:
        run = run._replace(steps_per_epoch=given["steps_per_epoch"])
    if "steps" in given:
        with told("steps"):
            run = run._replace(horizon=horizon(option("steps"), given["steps"], run))
    return run


def view_of(
    inputs: Sequence[Series],
    given: Mapping[str, Any],
    run: Run,
    told: Told = nullcontext,
) -> View:
    """Return inputs as the settings of a look that were given, and checked, show them over a run.

    LrvizError for the first that does not fit.
    """
    length = horizon_of(inputs, run)
    here = run._replace(horizon=length)
    values: dict[str, Any] = {}
    for name, value in given.items():
        settled = settings_of(Look)[name].settled
        with told(name):
            values[name] = settled(option(name), value, here) if settled else value
    shown = values.get("zoom") or range(length)
    with told("differences"):
        if values.get("differences") and len(inputs) < 2:
            raise LrvizError(
                "differences are those from the first curve, and there is no other; add one"
            )
    # What does not show is left out, so that it makes no difference to a picture.
    values |= {
        "steps": shown.stop,
        "zoom": shown if shown.start else None,
        "steps_per_epoch": run.steps_per_epoch,
        "step_column": next((one.step_column for one in inputs if one.log), None),
        "annotations": tuple(one for one in values.get("annotations", ()) if one[0] in shown),
    }
    with told("rates"):
        return View(inputs, Look(**values))


@dataclass(frozen=True, eq=False)
class Drawing:
    """Views as the panels of a figure, the paper they are drawn on, and what was read for them.

    On paper of another theme the same curves are drawn.
    """

    views: Sequence[View]
    paper: Paper
    title: str = ""
    columns: int = 1
    read: Sequence[str] = ()
    """Notes on what was read."""

    @property
    def notes(self) -> list[str]:
        """What is to be said of what was read, and of what is not exact."""
        return [
            *self.read,
            *(note for view in self.views for note in view.sampled(self.paper.columns)),
        ]

    @cached_property
    def panels(self) -> list[Panel]:
        """The curves of each panel as they are drawn; LrvizError if one cannot be evaluated."""
        return [view.panel(self.paper.columns) for view in self.views]

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of the curves."""
        return _digest(self.panels, self.paper.columns)

    def about(self, theme: str = "") -> str:
        """Return what a picture says of itself: how to draw it again, and a digest of its curves.

        It names no version of anything, and depends on nothing that does not show.
        """
        config = toml.escaped(toml.written({"": self.settings(self._on(theme))}))
        return f'values = "{self.digest}"\n\n{config}'.rstrip()

    def render(self, form: Format, theme: str = "") -> Rendered:
        """Return the figure as a file in a format, which says what it shows."""
        return form.render(
            self.panels,
            self._on(theme),
            title=self.title,
            columns=self.columns,
            about=self.about(theme),
        )

    def chart(self, width: int, height: int, colour: bool = False) -> str:
        """Return the first panel as a chart for a terminal, of at most `width` columns."""
        from ..outputs.chart import chart

        panel = self.views[0].panel(2 * width)
        return chart(panel.curves, panel.look, width, height, colour)

    def settings(self, paper: Paper) -> dict[str, Any]:
        """Return the settings that make this drawing on paper, without what is usual."""
        usual = default_paper(len(self.views), self.columns)
        views = [view.settings(paper.theme) for view in self.views]
        # A figure of one panel is written without it, unless both have a title.
        alone = views[0] if len(views) == 1 and not self.title else {"panel": views}
        found = {
            "title": (alone.get("title", self.title), ""),
            "size": (paper.size, usual.size),
            "dpi": (paper.dpi, usual.dpi),
            "theme": (paper.theme, usual.theme),
            "columns": (self.columns, 1),
        }
        return {**{key: value for key, (value, plain) in found.items() if value != plain}, **alone}

    def _on(self, theme: str) -> Paper:
        return replace(self.paper, theme=theme) if theme else self.paper


def default_paper(panels: int, columns: int) -> Paper:
    """Return the paper of figures that do not say its size."""
    if panels == 1:
        return Paper()
    across = min(columns, panels)
    return Paper(width=8.0 if across == 1 else 4.5 * across, height=3.2 * -(-panels // across))


def _curve(one: Series, style: Mapping[str, Any]) -> str | dict[str, Any]:
    """Return the settings of a curve, in one text if that says it all."""
    if one.label == one.spec and not one.log:
        text = one.spec
    elif _is_plain(one.label) and "(" not in one.spec:
        text = f"{one.label}={one.spec}"
    else:
        return {"spec": one.spec, "label": one.label, **style}
    return {"spec": text, **style} if style else text


def _is_plain(label: str) -> bool:
    """Return whether a label can stand before a spec."""
    return label != "" and label == label.strip() and not set(label) & set("=:(){}@")


def _digest(panels: Sequence[Panel], columns: int) -> str:
    """Return a SHA-256 of what is drawn, of schedules the extremes of each column."""
    digest = hashlib.sha256()
    for panel in panels:
        edges = column_edges(panel.look.first, panel.look.horizon, columns)
        for curve in panel.curves:
            digest.update(b"".join(_column_bytes(curve, edges)))
    return digest.hexdigest()


def _column_bytes(curve: "Curve", edges: Steps) -> Iterator[bytes]:
    if curve.recorded:  # nothing was computed, so that every digit counts
        yield curve.steps.astype("<i8").tobytes()
        yield curve.values.astype("<f8").tobytes()
        return
    starts = np.unique(np.searchsorted(curve.steps, edges[:-1]))
    starts = starts[starts < len(curve.steps)]
    values = curve.values.astype(np.float64)
    peak = float(np.abs(values).max()) or 1.0
    yield curve.steps[starts].astype("<i8").tobytes()
    with np.errstate(over="ignore"):  # beyond what it holds, all are infinite
        yield np.array([peak]).astype("<f4").tobytes()
    for extreme in (np.minimum, np.maximum):
        of_columns = extreme.reduceat(values, starts)
        yield np.floor(of_columns / (_FINEST * peak) + _MOVED).astype("<i8").tobytes()
