"""Options that several commands have, and what their texts mean."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ..errors import one_of
from .console import COLOUR_CHOICES

DTYPES = ("float64", "float32")


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
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="Title.")]
Log = Annotated[bool, typer.Option("--log", help="Logarithmic axis of rates.")]
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
