"""Drawings: what a figure shows, with everything read that its settings name."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..outputs.figure import Panel, Paper, render
from ..outputs.look import Look, Style
from ..sampling import column_edges
from ..schedules.fields import number_text
from ..schedules.numeric import Dtype, Steps
from ..series import Series
from . import toml

if TYPE_CHECKING:
    from ..curves import Curve

_PLAIN = Look(1)
_FINEST = 2.0**-26
"""What of the highest rate makes a difference in the digest of curves.

Other processors give other last digits of cosines and powers. A part of two, moved by an odd
number, keeps round rates away from where they would be rounded one way here and another way there.
"""
_MOVED = 1 / np.pi


class View(NamedTuple):
    """Inputs, and how they are looked at: a panel to be."""

    inputs: Sequence[Series]
    look: Look
    dtype: Dtype = "float64"
    differences: bool = False

    def panel(self, columns: int) -> Panel:
        """Return the curves as they are drawn over so many columns of pixels."""
        first, horizon = self.look.first, self.look.horizon
        curves = [one.outline(horizon, columns, self.dtype, first) for one in self.inputs]
        return Panel(curves, self.look, self._gaps(columns))

    def _gaps(self, columns: int) -> "list[Curve]":
        if not self.differences:
            return []
        from ..comparison import gap_curve

        plan, *others = self.inputs
        first, horizon = self.look.first, self.look.horizon
        return [gap_curve(plan, one, horizon, columns, first=first) for one in others]

    def settings(self) -> dict[str, Any]:
        """Return the settings that make this view, with canonical specs, without what is usual."""
        look, usual = self.look, _PLAIN
        found: dict[str, tuple[Any, Any]] = {
            "title": (look.title, usual.title),
            "steps": (look.horizon, None),
            "zoom": (f"{look.first}:{look.horizon - 1}" if look.first else "", ""),
            "steps_per_epoch": (look.steps_per_epoch and float(look.steps_per_epoch), None),
            "dtype": (self.dtype, "float64"),
            "step_column": (next((one.step_column for one in self.inputs if one.log), None), None),
            "log": (look.log, usual.log),
            "rates": (look.rates, usual.rates),
            "xlabel": (look.xlabel, usual.xlabel),
            "ylabel": (look.ylabel, usual.ylabel),
            "annotations": ({str(step): text for step, text in look.annotations}, {}),
            "legend": (look.legend, usual.legend),
            "differences": (self.differences, False),
        }
        styles = look.styles or (Style(),) * len(self.inputs)
        curves = [_curve(*one) for one in zip(self.inputs, styles, strict=True)]
        return {
            **{key: value for key, (value, plain) in found.items() if value != plain},
            "curves": curves,
        }


@dataclass(frozen=True, eq=False)
class Drawing:
    """Views as the panels of a figure, and the paper they are drawn on."""

    views: Sequence[View]
    paper: Paper
    title: str = ""
    columns: int = 1

    @cached_property
    def panels(self) -> list[Panel]:
        """The curves of each panel as they are drawn; LrvizError if one cannot be evaluated."""
        return [view.panel(self.paper.columns) for view in self.views]

    @cached_property
    def about(self) -> str:
        """What the picture says of itself: how to draw it again, and a digest of its curves.

        It names no version of anything, and depends on nothing that does not show.
        """
        values = _digest(self.panels, self.paper.columns)
        config = toml.escaped(toml.written({"": self.settings()}))
        return f'values = "{values}"\n\n{config}'.rstrip()

    def render(self, form: str) -> bytes:
        """Return the figure as a file in one of the formats, which says what it shows."""
        return render(
            self.panels,
            self.paper,
            form,
            title=self.title,
            columns=self.columns,
            about=self.about,
        )

    def settings(self) -> dict[str, Any]:
        """Return the settings that make this drawing, without what is usual."""
        paper, usual = self.paper, default_paper(len(self.views), self.columns)
        size, usual_size = (
            f"{number_text(one.width)}x{number_text(one.height)}" for one in (paper, usual)
        )
        views = [view.settings() for view in self.views]
        # A figure of one panel is written without it, unless both have a title.
        alone = views[0] if len(views) == 1 and not self.title else {"panel": views}
        found = {
            "title": (alone.get("title", self.title), ""),
            "size": (size, usual_size),
            "dpi": (paper.dpi, usual.dpi),
            "theme": (paper.theme, usual.theme),
            "columns": (self.columns, 1),
        }
        return {**{key: value for key, (value, plain) in found.items() if value != plain}, **alone}


def default_paper(panels: int, columns: int) -> Paper:
    """Return the paper of figures that do not say its size."""
    if panels == 1:
        return Paper()
    across = min(columns, panels)
    return Paper(width=8.0 if across == 1 else 4.5 * across, height=3.2 * -(-panels // across))


def _curve(one: Series, style: Style) -> str | dict[str, Any]:
    """Return the settings of a curve, in one text if that says it all."""
    given = {key: value for key, value in vars(style).items() if value is not None}
    if one.label == one.spec and not one.log:
        text = one.spec
    elif _is_plain(one.label) and "(" not in one.spec:
        text = f"{one.label}={one.spec}"
    else:
        return {"spec": one.spec, "label": one.label, **given}
    return {"spec": text, **given} if given else text


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
    yield np.array([peak], "<f4").tobytes()
    for extreme in (np.minimum, np.maximum):
        of_columns = extreme.reduceat(values, starts)
        yield np.floor(of_columns / (_FINEST * peak) + _MOVED).astype("<i8").tobytes()
