"""What notebooks show of schedules, curves, tables and comparisons."""

from base64 import b64encode
from functools import lru_cache
from html import escape

from ..curves import Curve
from ..errors import LrvizError
from ..outputs.paper import Paper
from ..outputs.pictures.png import Png
from ..outputs.tables import Rows
from ..schedules.base import Schedule
from .drawing import Drawing
from .plot import drawing_of

_SMALL = Paper(width=5.0, height=2.6, dpi=110)


def png(of: Schedule | Curve) -> bytes | None:
    """Return a small chart; None if there is none to draw."""
    try:
        return _chart(of)
    except LrvizError:
        return None


def html(of: Schedule | Curve) -> str:
    """Return a small chart below its text, or why there is none."""
    title = str(of) if isinstance(of, Schedule) else of.label
    try:
        shown = image(_chart(of))
    except LrvizError as error:
        shown = f"<p>{escape(str(error))}</p>"
    return f"<div><code>{escape(title)}</code>{shown}</div>"


@lru_cache(maxsize=4)  # a notebook asks for the same in two forms
def _chart(of: Schedule | Curve) -> bytes:
    return drawing_of(of, paper=_SMALL, legend=False).render(Png()).data


def image(data: bytes) -> str:
    """Return the PNG of a figure of the usual size as an element of a page."""
    return f'<br><img alt="" src="data:image/png;base64,{b64encode(data).decode()}">'


def picture(drawing: Drawing) -> str:
    """Return a drawing as an element of a page."""
    return image(drawing.render(Png()).data)


def table(rows: Rows, note: str = "") -> str:
    """Return a table as an element of a page."""
    cells = [rows.first, *rows.labels]
    head = "".join(f"<th>{escape(cell)}</th>" for cell in cells)
    body = "".join(
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{value}</td>' for value in values)}</tr>"
        for block in rows.texts()
        for first, *values in block
    )
    below = f"<p>{escape(note)}</p>" if note else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"
