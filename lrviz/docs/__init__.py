"""The pages of the manual, one file each, Markdown: a title, what it says in a sentence, the rest.

Outputs and tables in them are made by the tests.
"""

from importlib.resources import files
from typing import NamedTuple


class Page(NamedTuple):
    """A page: its name, as it is asked for, what it says in a sentence, and its Markdown."""

    name: str
    summary: str
    text: str


def pages() -> dict[str, Page]:
    """Return all pages by their names, in alphabetical order."""
    found = sorted(file.name for file in files(__name__).iterdir() if file.name.endswith(".md"))
    return {page.name: page for page in map(_page, found)}


def _page(file: str) -> Page:
    text = (files(__name__) / file).read_text(encoding="utf-8")
    return Page(file.removesuffix(".md"), text.split("\n\n")[1].replace("\n", " "), text)
