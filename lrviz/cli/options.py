"""Options that several commands have, and what their texts mean."""

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Annotated, Any

import typer

from ..errors import one_of
from ..outputs import tables
from ..outputs.look import DTYPES, Look
from ..outputs.settings import Word, settings_of
from .console import COLOUR_CHOICES


def of_setting(name: str) -> str:
    """Return the option that stands for a setting."""
    return f"--{name.replace('_', '-')}"


def _option(name: str) -> Any:
    """Return the option for a setting of panels, which means what the setting says."""
    setting = settings_of(Look)[name]
    meaning = setting.meaning.replace('"', "")
    help_text = meaning if meaning.startswith("`") else meaning[:1].upper() + meaning[1:]
    choices = setting.check.choices if isinstance(setting.check, Word) else ()
    return typer.Option(
        of_setting(name),
        metavar=setting.option or None,
        help=f"{help_text.replace('`', '')}.",
        autocompletion=(lambda: list(choices)) if choices else None,
    )


def takes_look(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for settings of panels, in place of `look`, by keyword.

    That then has those that differ from their default.
    """
    known = settings_of(Look)
    defaults = {one.name: one.default for one in fields(Look) if one.name in known}
    described = {
        name: inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=Annotated[
                type(default) if default is not None else str | None, _option(name)
            ],
        )
        for name, default in defaults.items()
        if known[name].option is not None
    }
    own = inspect.signature(command)

    @functools.wraps(command)
    def with_look(**given: Any) -> None:
        values = {name: given.pop(name) for name in described}
        look = {name: value for name, value in values.items() if value != defaults[name]}
        command(look=look, **given)

    parameters: list[inspect.Parameter] = []
    for name, parameter in own.parameters.items():
        parameters += described.values() if name == "look" else [parameter]
    with_look.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    return with_look


def _candidates(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield how a spec that is being typed can go on."""
    from .candidates import spec_candidates

    return spec_candidates(incomplete)


Specs = Annotated[
    list[str],
    typer.Argument(
        metavar="SPEC...",
        help="SPEC or LABEL=SPEC, such as exp:lr=0.01,rate=0.9,steps=100; "
        "or a framework's call, such as 'StepLR(optimizer, 30, lr=0.1)'; "
        "or a recorded run, @run.csv or @run.csv:COLUMN.",
        autocompletion=_candidates,
        show_default=False,
    ),
]
Title = Annotated[str, _option("title")]
Log = Annotated[bool, _option("log")]
StepColumn = Annotated[str | None, _option("step_column")]
Dtype = Annotated[str, _option("dtype")]
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


def dtype_of(text: str) -> str:
    """Return the number type that `--dtype` names."""
    return one_of("--dtype", text, DTYPES)
