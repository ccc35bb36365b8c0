"""A figure for scripts and notebooks that is as the command's pictures wherever it is saved."""

import io
from pathlib import PurePath
from typing import Any

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from . import pictures
from .figure import own_style
from .stamp import Drawn


class HouseFigure(Figure):
    """A figure that is drawn and saved in our own style, whatever matplotlibrc says."""

    def draw(self, renderer: RendererBase) -> None:
        with own_style():
            super().draw(renderer)

    def savefig(self, fname: Any, **given: Any) -> None:
        """Save it as matplotlib does, without dates and versions unless `metadata` is given."""
        form = given.get("format") or (PurePath(fname).suffix[1:] if _is_path(fname) else "png")
        kind = pictures.find(str(form).lower())
        if isinstance(kind, Drawn):
            given.setdefault("metadata", kind.metadata(""))
        with own_style():
            super().savefig(fname, **given)

    def _repr_png_(self) -> bytes:
        """Return it as a notebook shows it."""
        file = io.BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


def _is_path(name: object) -> bool:
    """Return whether this is the name of a file, and no open one."""
    return isinstance(name, str | PurePath)
