"""Options that several commands have, and what their texts mean."""

from typing import Annotated

import typer

from ..errors import LrvizError, did_you_mean, listing, quoted
from ..schedules.fields import number_text
from ..schedules.numeric import LAST_STEP
from ..specs.quantities import Run, quantity
from .candidates import spec_candidates
from .console import COLOUR_CHOICES

DTYPES = ("float64", "float32")

Specs = Annotated[
    list[str],
    typer.Argument(
        metavar="SPEC...",
        help="SPEC or LABEL=SPEC, such as exp:lr=0.01,rate=0.9,steps=100; "
        "or a framework's call, such as 'StepLR(optimizer, 30, lr=0.1)'; "
        "or a recorded run, @run.csv or @run.csv:COLUMN.",
        autocompletion=spec_candidates,
        show_default=False,
    ),
]
StepColumn = Annotated[
    str | None,
    typer.Option("--step-column", metavar="NAME", help="Column of steps in recorded runs."),
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
Dtype = Annotated[
    str,
    typer.Option(
        "--dtype",
        metavar="TYPE",
        help="float64 counts as PyTorch and Python, float32 as TensorFlow and Keras.",
        autocompletion=lambda: list(DTYPES),
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


def count(option: str, text: str, run: Run, least: int = 1) -> int:
    """Return the whole number of steps that `text` says."""
    value = number(option, text, run, least)
    if value != int(value):
        raise LrvizError(f"{option} is a whole number, not {quoted(text)}")
    return int(value)


def number(
    option: str, text: str, run: Run | None = None, least: float = 1, most: float = LAST_STEP
) -> float:
    """Return the number that `text` says."""
    try:
        value = quantity(text, run or Run())
    except LrvizError as error:
        raise LrvizError(f"{option} {quoted(text)} {error.message}") from None
    if not least <= value <= most:
        bounds = f"from {number_text(least)} to {number_text(most)}"
        raise LrvizError(f"{option} is a number {bounds}, not {quoted(text)}")
    return value


def one_of(option: str, text: str, choices: tuple[str, ...]) -> str:
    """Return `text` if it is one of the choices."""
    if text not in choices:
        near = did_you_mean(text, choices)
        raise LrvizError(f"{option} is {listing(choices, 'or')}, not {quoted(text)}{near}")
    return text
