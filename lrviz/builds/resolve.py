"""From the settings of a figure to its drawing: specs and logs are read, steps are counted."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..answers.drawing import Drawing, View, default_paper, run_of, view_of
from ..errors import UnknownLengthError, option
from ..outputs.look import Style
from ..outputs.paper import Paper, paper
from ..outputs.ticks import rate_range
from ..series import Series, read_some
from ..specs import check_count, unique
from ..specs.names import value_of
from ..specs.quantities import Run
from .config import Config
from .settings import FigureSettings, PanelSettings

if TYPE_CHECKING:
    from ..logs.records import Progress


def drawing_of(
    config: Config, figure: FigureSettings, progress: "Progress | None" = None
) -> Drawing:
    """Return the drawing of a figure, which is evaluated; `progress` is told how logs are read.

    LrvizError, with file, line and key, for the first setting that is wrong.
    """
    on = _paper(config, figure)
    views: list[View] = []
    notes: list[str] = []
    for panel in figure.panels:
        view, noted = _view(config, panel, progress)
        views.append(view)
        notes += noted
    title = figure.look.get("title", "") if figure.panel else ""
    if len(views) == 1 and not views[0].look.title:  # a single panel has that of the figure
        views[0] = views[0]._replace(look=replace(views[0].look, title=title))
        title = ""
    columns = min(figure.columns, len(views))
    drawing = Drawing(views, on, title, columns, list(dict.fromkeys(notes)))
    _evaluate(config, figure, drawing)
    return drawing


def _value(name: str, value: Any, run: Run) -> Any:
    """Return the value of a name; what a text says is as on the command line."""
    return value_of(option("names"), name, value, run) if isinstance(value, str) else value


def _evaluate(config: Config, figure: FigureSettings, drawing: Drawing) -> None:
    """Evaluate the curves, so that those that cannot be drawn are told before any is drawn."""
    with config.told(figure.place):
        panels = drawing.panels
    for panel, settings in zip(panels, figure.panels, strict=True):
        with config.told(settings.place, "log"):
            rate_range(panel.curves, panel.look.log)


def _paper(config: Config, figure: FigureSettings) -> Paper:
    size = figure.size or default_paper(len(figure.panels), figure.columns).size
    with config.told(figure.place, "size"):
        return paper(size, str(figure.dpi))


def _view(
    config: Config, panel: PanelSettings, progress: "Progress | None"
) -> tuple[View, list[str]]:
    """Return the curves of a panel as they are looked at, and notes on how they were read."""
    told = partial(config.told, panel.place)
    run = run_of(panel.look, Run(lr=panel.lr), told=told)
    with told("set"):
        values = {name: _value(name, one, run) for name, one in panel.set.items()}
    run = run._replace(names=values)
    each: dict[int, tuple[list[Series], list[str]]] = {}
    for is_last in (False, True):  # then what is beside a plan may say how long it is
        for number, curve in enumerate(panel.curves):
            if number in each:
                continue
            beside = [one for found, _ in each.values() for one in found]
            with config.told(curve.place, "spec", of="curves"):
                try:
                    each[number] = read_some(
                        [curve.spec],
                        run,
                        panel.look.get("step_column"),
                        str(config.folder),
                        progress,
                        beside,
                    )
                except UnknownLengthError:
                    if is_last:
                        raise
                else:
                    check_count(len(beside) + len(each[number][0]))
    inputs: list[Series] = []
    styles: list[Style] = []
    notes: list[str] = []
    for number, curve in enumerate(panel.curves):
        found, noted = each[number]
        inputs += [one.labelled(curve.label or one.label) for one in found]
        styles += [Style(**curve.style)] * len(found)
        notes += noted
    labels = unique(one.label for one in inputs)
    named = [one.labelled(label) for one, label in zip(inputs, labels, strict=True)]
    view = view_of(named, panel.look, run, told=told)
    look = replace(view.look, styles=tuple(styles) if set(styles) != {Style()} else ())
    return view._replace(look=look), notes
