"""From the settings of a figure to its drawings: specs and logs are read, steps are counted."""

from dataclasses import replace

from ..errors import LrvizError
from ..outputs.figure import Paper
from ..outputs.look import Look, Style, rate_range
from ..schedules.fields import number_text
from ..series import Series, horizon_of, read_inputs
from ..specs import check_count, unique
from ..specs.quantities import Run, count, horizon
from . import values
from .config import Config
from .drawing import Drawing, View, default_paper
from .settings import CurveSettings, FigureSettings, PanelSettings

Styled = list[tuple[Series, CurveSettings]]
"""Inputs, each with the settings of the curve that it is of."""


def drawings_of(config: Config, figure: FigureSettings) -> tuple[dict[str, Drawing], list[str]]:
    """Return the drawings of a figure by their themes, and notes on what was read for it.

    LrvizError, with file, line and key, for the first setting that is wrong.
    """
    paper = _paper(config, figure)
    views = []
    notes: list[str] = []
    for panel in figure.panels:
        inputs, noted = _inputs(config, panel)
        views.append((_view(config, panel, inputs), inputs))
        notes += noted
    themes = ("light", "dark") if figure.theme == values.BOTH else (figure.theme,)
    title = figure.title if figure.panel else ""
    if len(views) == 1 and not views[0][0].look.title:  # a single panel has that of the figure
        view, inputs = views[0]
        views = [(view._replace(look=replace(view.look, title=title)), inputs)]
        title = ""
    drawings = {
        theme: Drawing(
            [_styled(view, inputs, theme) for view, inputs in views],
            replace(paper, theme=theme),
            title,
            min(figure.columns, len(views)),
        )
        for theme in themes
    }
    for drawing in drawings.values():
        _evaluate(config, figure, drawing)
    return drawings, list(dict.fromkeys(notes))


def _evaluate(config: Config, figure: FigureSettings, drawing: Drawing) -> None:
    """Evaluate the curves, so that those that cannot be drawn are told before any is drawn."""
    with config.told(figure.place):
        panels = drawing.panels
    for panel, settings in zip(panels, figure.panels, strict=True):
        with config.told(settings.place, "log"):
            rate_range(panel.curves, settings.log)


def _paper(config: Config, figure: FigureSettings) -> Paper:
    usual = default_paper(len(figure.panels), figure.columns)
    size = figure.size or f"{number_text(usual.width)}x{number_text(usual.height)}"
    with config.told(figure.place, "size"):
        return values.paper(size, str(figure.dpi))


def _inputs(config: Config, panel: PanelSettings) -> tuple[Styled, list[str]]:
    """Return what the curves of a panel are of, and notes on how they were read."""
    run = _run(config, panel)
    found: Styled = []
    notes: list[str] = []
    for curve in panel.curves:
        with config.told(curve.place, "spec", of="curves"):
            inputs, noted = read_inputs([curve.spec], run, panel.step_column, str(config.folder))
            check_count(len(found) + len(inputs))
        label = curve.label
        found += [(one.labelled(label or one.label), curve) for one in inputs]
        notes += noted
    labels = unique(one.label for one, _ in found)
    return [
        (one.labelled(label), curve) for (one, curve), label in zip(found, labels, strict=True)
    ], notes


def _run(config: Config, panel: PanelSettings) -> Run:
    run = Run(steps_per_epoch=panel.steps_per_epoch, lr=panel.lr)
    if panel.steps is None:
        return run
    with config.told(panel.place, "steps"):
        return run._replace(horizon=horizon("steps", panel.steps, run))


def _view(config: Config, panel: PanelSettings, styled: Styled) -> View:
    inputs = [one for one, _ in styled]
    run = _run(config, panel)
    length = horizon_of(inputs, run)
    with config.told(panel.place, "zoom"):
        shown = values.window("zoom", panel.zoom, length, run)
    with config.told(panel.place, "rates"):
        rates = None if panel.rates is None else values.rates("rates", panel.rates, panel.log)
    with config.told(panel.place, "annotations"):
        annotations = _annotations(panel, run._replace(horizon=length))
    if panel.differences and len(inputs) < 2:
        raise config.fault(
            panel.place,
            "differences are those from the first curve, and there is no other; add one",
            "differences",
        )
    usual = Look(1)
    look = Look(
        horizon=shown.stop,
        first=shown.start,
        title=panel.title,
        log=panel.log,
        steps_per_epoch=panel.steps_per_epoch,
        rates=rates,
        xlabel=usual.xlabel if panel.xlabel is None else panel.xlabel,
        ylabel=panel.ylabel,
        annotations=tuple(one for one in annotations if one[0] in shown),
        legend=panel.legend,
    )
    return View(inputs, look, panel.dtype, panel.differences)


def _annotations(panel: PanelSettings, run: Run) -> list[tuple[int, str]]:
    """Return steps and texts, in the order of the steps."""
    found: dict[int, str] = {}
    for text_of_step, text in panel.annotations:
        step = count("annotations", text_of_step, run, least=0)
        if step in found:
            raise LrvizError(f"annotations has two texts at step {step}; make them one")
        found[step] = text
    return sorted(found.items())


def _styled(view: View, inputs: Styled, theme: str) -> View:
    """Return a view with the curves in the styles of their settings, for paper of a theme."""
    styles = tuple(_style(curve, theme) for _, curve in inputs)
    usual = all(style == Style() for style in styles)
    return view._replace(look=replace(view.look, styles=() if usual else styles))


def _style(curve: CurveSettings, theme: str) -> Style:
    colours = dict(zip(("light", "dark"), curve.color or (None, None), strict=True))
    return Style(colours[theme], curve.linestyle, curve.linewidth)
