"""HTML: one page that needs no other file, on which rates are read by hovering."""

import html
import re
from typing import TYPE_CHECKING

from ..stamp import LAST_LINE, Markup
from . import Rendered, picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..content import Panel
    from ..paper import Paper


@picture("html")
class Html(Markup):
    """Keeps its stamp in its head, and shows the config in it."""

    in_documents = False
    numbers = 4000
    head = b"<!doctype html>"
    stamp = re.compile(rb"<meta name='lrviz' content='(?P<about>[^']*?)\r?\n%b'>" % LAST_LINE)

    def render(
        self,
        panels: "Sequence[Panel]",
        paper: "Paper",
        *,
        title: str = "",
        columns: int = 1,
        about: str = "",
    ) -> Rendered:
        from ..page import page

        signed = html.escape(self.signed(about), quote=False).replace("'", "&#39;")
        stamp = f"<meta name='lrviz' content='{signed}'>\n" if about else ""
        text = page(panels, paper, title=title, columns=columns, about=about, stamp=stamp)
        return Rendered(self.sealed(text.encode()))
