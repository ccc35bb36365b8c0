"""What commands that draw figures have in common: how these look, on what paper, in what files."""

import inspect
import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from ..errors import listing, one_of, option, printable
from ..outputs.files import whole_file
from ..outputs.look import Look
from ..outputs.paper import Paper, paper
from ..outputs.pictures import Format
from ..outputs.settings import settings_of
from ..outputs.themes import BOTH, PAIR, THEMES, file_of
from . import console
from .options import option_for, taking

if TYPE_CHECKING:
    from ..answers.drawing import Drawing

USUAL = {one.name: one.default for one in fields(Look)}


class Sheet(NamedTuple):
    """Paper, the theme that was asked for, and the size as it was typed."""

    paper: Paper
    theme: str
    size: str

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes to draw in."""
        return PAIR if self.theme == BOTH else (self.theme,)


def takes_look(usual: Paper, *without: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what gives a command the options of looks and of paper, but for those named.

    Its parameters `look` and `sheet` get their values.
    """
    looks = {
        name: inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=[] if setting.typed_several else USUAL[name],
            annotation=Annotated[
                _type_of(USUAL[name], several=setting.typed_several), option_for(name, setting)
            ],
        )
        for name, setting in settings_of(Look).items()
        if setting.option is not None and name not in without
    }

    def sheet(
        *,
        theme: Annotated[
            str,
            typer.Option(
                metavar="THEME",
                help=f"Figure: {listing((*THEMES, BOTH), 'or')}.",
                autocompletion=lambda: [*THEMES, BOTH],
            ),
        ] = Paper.theme,
        size: Annotated[
            str, typer.Option(metavar="WxH", help="Figure: size in inches.")
        ] = usual.size,
        dpi: Annotated[
            str, typer.Option(metavar="DOTS", help="Figure: dots per inch of a PNG.")
        ] = str(usual.dpi),
    ) -> Sheet:
        """Return the paper that the options say."""
        one_of(option("theme"), theme, (*THEMES, BOTH))
        on = paper(size, dpi, PAIR[0] if theme == BOTH else theme)
        return Sheet(on, theme, size)

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        papers = inspect.signature(sheet).parameters
        in_order = taking("sheet", papers, sheet, "Picture")(command)
        return taking("look", looks, _look, "Picture")(in_order)

    return decorated


def _type_of(usual: Any, *, several: bool) -> Any:
    """Return the type of an option by the usual value of its setting."""
    if several:
        return list[str]
    return type(usual) if isinstance(usual, str | bool) else str | None


def _look(**values: Any) -> dict[str, Any]:
    """Return the settings that differ from their default, as a config has them."""
    known, found = settings_of(Look), {}
    for name, value in values.items():
        if value != USUAL[name] and value != []:
            typed = known[name].typed
            found[name] = typed(option(name), value) if typed else value
    return found


def write(
    drawing: "Drawing",
    kind: Format,
    output: str,
    themes: tuple[str, ...],
    quiet: bool,
    shown: str = "",
) -> None:
    """Write a figure to a file for each theme, or to a pipe, and tell of it and what is `shown`."""
    noted: set[str] = set()
    for theme in themes:
        data, notes = drawing.render(kind, theme)
        if output == "-":
            console.give(data)
        else:
            first = theme == themes[0]  # whose name is as it was typed
            name = output if first else str(file_of(PurePath(output), theme, themes))
            folder = os.path.dirname(name)  # noqa: PTH120, a folder's name ends in a slash
            is_new = folder != "" and not os.path.lexists(folder)
            with whole_file(name) as file:
                file.write(data)
            made = f", in a new folder {printable(folder)}" if is_new else ""
            said = f"wrote {printable(name)}{shown}{made}"
        console.warn(note for note in notes if note not in noted)
        noted |= {*notes}
        if output != "-":
            console.tell([said], quiet)
