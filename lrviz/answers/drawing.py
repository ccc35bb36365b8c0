"""Drawings: what a figure shows, with everything read that its settings name."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from ..errors import LrvizError, option, quoted
from ..outputs import toml
from ..outputs.content import Panel
from ..outputs.look import Look, Style
from ..outputs.paper import Paper
from ..outputs.pictures import Format, Rendered
from ..outputs.settings import changed, settings_of, unknown
from ..outputs.themes import THEMES
from ..sampling import column_edges, is_exact, key_steps, with_risers
from ..schedules.numeric import Steps
from ..schedules.placed import Phase
from ..series import Series, horizon_of, names_of
from ..specs.quantities import Run, horizon

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..curves import Curve

_FINEST = 2.0**-26
"""What of the highest rate makes a difference in the digest of curves.

Other processors give other last digits of cosines and powers. A part of two, moved by an odd
number, keeps round rates away from where they would be rounded one way here and another way there.
"""
_MOVED = 1 / np.pi

_COLUMNS, _COARSEST = 800, 100
"""Over how many columns curves are drawn that are all evaluated at the same steps."""
_FEWEST = 1000
"""How many steps there may be however many the curves."""
_KNOTS = 50
"""How many knots of a kind are always among those steps."""
_PHASES = 50
"""How many phases of a curve are named."""
_FINER = 4
"""How many points of its own a curve may have for each pixel of axes that may be enlarged."""

Told = Callable[[str], AbstractContextManager[object]]
"""From the name of a setting to what its errors pass through, which may say where it stands."""


class View(NamedTuple):
    """Inputs, how they are looked at, and what is not seen of it: a panel to be."""

    inputs: Sequence[Series]
    look: Look
    unseen: Sequence[str] = ()

    def panel(self, columns: int) -> Panel:
        """Return the curves as they are drawn over so many columns of pixels."""
        look = self.look
        named = (
            one.labelled(name) for one, name in zip(self.inputs, names_of(self.inputs), strict=True)
        )
        curves = [one.outline(look.horizon, columns, look.dtype, look.first) for one in named]
        if look.quadratic is not None:
            from .losses import panel_of

            return panel_of(self.inputs, curves, look)
        return Panel(curves, look, self._gaps(columns))

    def together(self, numbers: int) -> Panel:
        """Return the curves, all plans evaluated at the same steps: about so many numbers in all.

        Those are the steps that any of the curves would be drawn of, a log too, and round ones,
        knots and marks, so that all can be read at each. LrvizError for losses with spreads.
        """
        if self.look.quadratic is not None:
            raise LrvizError(
                "a page cannot show what losses spread over; draw quadratic as .png, .svg or .pdf"
            )
        lines = len(self.inputs) * (1 + self.look.differences) - self.look.differences
        most = max(numbers / (lines + 0.5), _FEWEST)  # a step takes about half as much room
        columns = _COLUMNS
        while True:
            panel = self.panel(columns)
            steps = self._key_steps([*panel.curves, *panel.below])
            if len(steps) <= most or columns == _COARSEST:
                break
            columns = max(int(columns * most / len(steps)), _COARSEST)
        pairs = [*zip(self.inputs, panel.curves, strict=True)]
        gaps = zip(self.inputs[1:], panel.below, strict=True) if panel.below else ()
        return Panel(
            [self._at(steps, one, curve) for one, curve in pairs],
            self.look,
            [self._gap_at(steps, one, gap) for one, gap in gaps],
            phases=[self._phases(one) for one in self.inputs],
        )

    def sampled(self) -> Iterator[str]:
        """Yield a sentence for each input of which a picture may lack what lasts a few steps."""
        steps = self.look.horizon - self.look.first
        for one in self.inputs:
            if one.plan is not None and not is_exact(one.plan, steps):
                yield (
                    f"{one.label}: not all of its {steps:,} steps are evaluated, so a rate that "
                    "lasts a few of them may not be seen; a zoom shows it"
                )

    def _key_steps(self, curves: "Sequence[Curve]") -> Steps:
        """Return the steps of curves, and those that say most of the plans, shape (n,)."""
        shown = self.look.shown
        plans = [one.plan for one in self.inputs if one.plan is not None]
        found = key_steps(plans, shown.stop, _KNOTS) if plans else []
        found += [step for step, _ in self.look.annotations]
        known = [np.array([step for step in found if step in shown], np.int64)]
        steps: Steps = np.unique(np.concatenate([*known, *(curve.steps for curve in curves)]))
        return steps

    def _at(self, steps: Steps, one: Series, curve: "Curve") -> "Curve":
        """Return the curve of a plan at some steps; a log as it is."""
        if one.plan is None:
            return curve
        values = one.at(steps, self.look.dtype)
        return with_risers(one.plan, replace(curve, steps=steps, values=values))

    def _gap_at(self, steps: Steps, one: Series, gap: "Curve") -> "Curve":
        """Return the difference of a plan from the first at some steps; that of a log as it is."""
        if gap.recorded:
            return gap
        return replace(gap, steps=steps, values=one.at(steps) - self.inputs[0].at(steps))

    def _phases(self, one: Series) -> Sequence[Phase]:
        """Return the phases of a plan that are shown; of a log, or if they are too many, none."""
        shown = self.look.shown
        found = [
            phase
            for phase in (one.plan.phases if one.plan else ())
            if phase.start < shown.stop and (phase.stop is None or phase.stop > shown.start)
        ]
        return found if len(found) <= _PHASES else ()

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
        # Where all specs are written as they were typed, they are given the same names again.
        as_typed = all(one.label == one.spec for one in self.inputs if one.text)
        names = [one.label for one in self.inputs] if as_typed else names_of(self.inputs)
        curves = [
            _curve(one, name, changed(replace(style, color=style.color_on(THEMES[theme]))))
            for one, name, style in zip(self.inputs, names, styles, strict=True)
        ]
        return {**changed(self.look), "curves": curves}


def checked(holder: str, look: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a look, given to `holder` as a config has them, as checks leave them.

    LrvizError for the first that there is not, or that is wrong.
    """
    known, given = settings_of(Look), {}
    for name, value in look.items():
        if name not in known:
            raise unknown(holder, name, known)
        given[name] = known[name].check(option(name), value)
    return given


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
    with told("quadratic"):
        if values.get("quadratic") and values.get("differences"):
            raise LrvizError(
                "quadratic and differences both change what is drawn above; keep one of them"
            )
    marks = values.get("annotations", ())
    # What does not show is left out, so that it makes no difference to a picture.
    values |= {
        "steps": shown.stop,
        "zoom": shown if shown.start else None,
        "steps_per_epoch": run.steps_per_epoch,
        "step_column": next((one.step_column for one in inputs if one.log), None),
        "annotations": tuple(one for one in marks if one[0] in shown),
    }
    unseen = [
        f"{quoted(words)} is at step {step}, and the figure shows steps {shown.start} to "
        f"{shown.stop - 1}"
        for step, words in marks
        if step not in shown
    ]
    if shown.stop > length:
        unseen.append(
            f"the run ends at step {length - 1}, and the zoom goes on to {shown.stop - 1}"
        )
    with told("rates"):
        return View(inputs, Look(**values), unseen)


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
        return [*self.read, *(note for view in self.views for note in view.sampled())]

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
        panels = self.panels
        if form.numbers is not None:
            panels = [view.together(form.numbers // len(self.views)) for view in self.views]
        return form.render(
            panels,
            self._on(theme),
            title=self.title,
            columns=self.columns,
            about=self.about(theme),
        )

    def figure(self) -> "tuple[Figure, Sequence[str]]":
        """Return the figure, and notes on what could not be drawn as it should be."""
        from ..outputs.figure import draw, own_style

        with own_style():
            return draw(self.panels, self.paper, title=self.title, columns=self.columns)

    def draw_on(self, axes: "Axes") -> "Figure":
        """Draw the first panel on axes of another figure, and return that."""
        from ..outputs.axes import draw_on, pixels

        draw_on(axes, self.views[0].panel(_FINER * max(pixels(axes), self.paper.columns)))
        return cast("Figure", axes.figure)

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


def _curve(one: Series, name: str, style: Mapping[str, Any]) -> str | dict[str, Any]:
    """Return the settings of a curve of that name, in one text if that says it all."""
    if name == one.spec and not one.log:
        text = one.spec
    elif _is_plain(name) and "(" not in one.spec:
        text = f"{name}={one.spec}"
    else:
        return {"spec": one.spec, "label": name, **style}
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
    yield np.array([peak], "<f4").tobytes()
    for extreme in (np.minimum, np.maximum):
        of_columns = extreme.reduceat(values, starts)
        yield np.floor(of_columns / (_FINEST * peak) + _MOVED).astype("<i8").tobytes()
