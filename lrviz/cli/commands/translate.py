"""`lrviz translate`: a schedule in the words of a framework."""

from typing import Annotated

import typer

from ...errors import listing
from ...specs.quantities import Run
from ...translation import TARGETS
from .. import console, options
from ..app import app
from ..training import takes_run


@app.command("translate", short_help="Write a schedule in the words of a framework.")
@takes_run
def translate(
    spec: Annotated[
        str,
        typer.Argument(
            metavar="SPEC",
            help="A spec, a pasted call or program, @train.py, or a training config.",
            show_default=False,
        ),
    ],
    run: Run,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="TARGET",
            help=f"{listing(TARGETS, 'or')}.",
            autocompletion=lambda: list(TARGETS),
        ),
    ] = "torch",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz translate warmup:steps=500/cosine:lr=3e-4,steps=9500 --to torch
    lrviz translate 'optax.cosine_decay_schedule(0.1, 1000)' --to keras
    lrviz translate @train.py --to python

    Print code that makes a schedule in a framework: a call where the framework has one, else a
    function. What must be known beside it stands in its comments.

    Every text is read back, and has the rates of the schedule at each step of the run; where they
    part later, a comment says so. Exit status 1 if nothing has them; the nearest is named.
    """
    from ...answers.translate import translate as translated
    from ...translation.translating import UntranslatableError

    try:
        answer = translated(spec, to, run)
    except UntranslatableError as error:
        console.complain(error)
        raise typer.Exit(1) from None
    console.tell(answer.notes, quiet)
    console.show(answer.text())
