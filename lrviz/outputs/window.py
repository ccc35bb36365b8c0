"""A figure in a window of its own, without pyplot."""

import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from ..errors import LrvizError, option
from .figure import Panel, Paper, draw, own_style

_BACKENDS = ("macosx",) if sys.platform == "darwin" else ("qtagg", "gtk4agg", "gtk3agg", "tkagg")
_CURE = "write the figure to a file with " + option("output")


def show(panels: Sequence[Panel], paper: Paper) -> Sequence[str]:
    """Open a window with the figure, wait until it is closed, and return the notes of `draw`.

    LrvizError if there is no display, or nothing to open windows with.
    """
    if sys.platform not in ("darwin", "win32") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise LrvizError(option("show") + " opens a window, and there is no display; " + _CURE)
    backend = _backend()
    with own_style():
        figure, notes = draw(panels, paper)
        try:
            manager = backend.FigureCanvas.new_manager(figure, 1)
        except Exception as error:  # noqa: BLE001, each toolkit has errors of its own
            why = f" cannot open a window ({error}); "
            raise LrvizError(option("show") + why + _CURE) from None
        manager.set_window_title(panels[0].look.title or "lrviz")
        manager.canvas.mpl_connect("close_event", lambda _: manager.canvas.stop_event_loop())
        manager.show()
        manager.canvas.start_event_loop()
    return notes


def _backend() -> ModuleType:
    """Return matplotlib's module for the first toolkit that is installed."""
    for name in _BACKENDS:
        try:
            return importlib.import_module(f"matplotlib.backends.backend_{name}")
        except ImportError:
            continue
    raise LrvizError(
        option("show") + " needs a toolkit for windows, and Qt, GTK and Tk are all missing; "
        "install one (pip install PySide6) or " + _CURE
    )
