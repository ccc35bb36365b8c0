"""Options that several commands have, and what their texts mean."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_args

import typer

from ..outputs import tables
from ..outputs.settings import DTYPE, STEP_COLUMN, Setting, Word
from .candidates import spec_candidates
from .console import COLOUR_CHOICES, typed


def option_for(name: str, setting: Setting) -> Any:
    """Return the option for a setting, which means what the setting says."""
    meaning = (setting.typed_meaning or setting.meaning).replace('"', "")
    help_text = meaning if meaning.startswith("`") else meaning[:1].upper() + meaning[1:]
    choices = setting.check.choices if isinstance(setting.check, Word) else ()
    return typer.Option(
        typed(name),
        metavar=setting.option or None,
        help=f"{help_text.replace('`', '')}.",
        autocompletion=(lambda: list(choices)) if choices else None,
    )


def taking(
    name: str, options: Mapping[str, inspect.Parameter], read: Callable[..., Any], heading: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command some options in place of its parameter `name`.

    That gets what `read` makes of their values. Help shows them under a heading of their own.
    """
    for one in options.values():
        get_args(one.annotation)[1].rich_help_panel = heading

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command)

        @functools.wraps(command)
        def with_options(**given: Any) -> None:
            values = {option: given.pop(option) for option in options}
            command(**{name: read(**values)}, **given)

        parameters: list[inspect.Parameter] = []
        for parameter in own.parameters.values():
            parameters += options.values() if parameter.name == name else [parameter]
        with_options.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        with_options.__annotations__ = {p.name: p.annotation for p in parameters}
        return with_options

    return decorated


Specs = Annotated[
    list[str],
    typer.Argument(
        metavar="SPEC...",
        help="SPEC or LABEL=SPEC, such as exp:lr=0.01,rate=0.9,steps=100 (lrviz help specs); "
        "or a framework's call, such as 'StepLR(optimizer, 30, lr=0.1)'; "
        "or a recorded run, @run.csv or @run.csv:COLUMN; or a training config, @train.yaml, or the "
        "command line that starts a run.",
        autocompletion=spec_candidates,
        show_default=False,
    ),
]
StepColumn = Annotated[str | None, option_for("step_column", STEP_COLUMN)]
Dtype = Annotated[str, option_for("dtype", DTYPE)]
TableFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="table, plain, csv, tsv, json, jsonl or md.",
        autocompletion=tables.formats,
    ),
]
NoWarnings = Annotated[
    bool, typer.Option("--no-warnings", help="Say nothing of what looks like a mistake.")
]
Silence = Annotated[
    str,
    typer.Option(
        "--silence", metavar="NAMES", help="Warnings not to give, by name: zero_first,cliff."
    ),
]
Colour = Annotated[
    str,
    typer.Option(
        "--color",
        metavar="WHEN",
        help="auto, always or never.",
        autocompletion=lambda: list(COLOUR_CHOICES),
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print no messages.")]
