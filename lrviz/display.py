"""What notebooks show as a picture: schedules and curves."""

import importlib
from typing import Any


class Displayed:
    """Something whose picture a notebook asks it for, by names that are IPython's."""

    def _repr_png_(self) -> bytes | None:
        """Return a small chart."""
        data: bytes | None = _drawn().png(self)
        return data

    def _repr_html_(self) -> str:
        """Return a small chart below what it shows."""
        text: str = _drawn().html(self)
        return text


def _drawn() -> Any:
    """Return what draws, which stands floors above what is drawn, and is imported only then."""
    return importlib.import_module("lrviz.answers.displays")
