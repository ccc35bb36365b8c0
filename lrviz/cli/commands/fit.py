"""`lrviz fit`: the schedule behind a recorded log."""

from typing import Annotated

import typer

from ...errors import listing, printable
from ...schedules.base import Schedule
from ...specs.quantities import Run
from ...translation import TARGETS
from .. import console, options
from ..app import app
from ..inputs import inputs_of
from ..training import takes_run

FAILED = 1
"""The exit status if a log is that of no schedule."""


@app.command("fit", short_help="Find the schedule behind a recorded run.")
@takes_run
def fit(
    specs: options.Specs,
    run: Run,
    all_of_them: Annotated[
        bool, typer.Option("--all", help="List the others too, each with its cost.")
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="TARGET",
            help=f"Translate it: {listing(TARGETS, 'or')}.",
            autocompletion=lambda: list(TARGETS),
        ),
    ] = None,
    step_column: options.StepColumn = None,
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz fit @run.csv
    lrviz fit @run.csv:lr --all
    lrviz fit @run.csv:lr --to torch
    lrviz fit 'LambdaLR(optimizer, lambda t: 0.95 ** t, lr=0.1)' -n 100

    Find the schedule that has the rates of a log, and print its spec, in the roundest numbers that
    the log allows. Every point is met to its last digit; what the log cannot tell is said.

    --all lists all schedules that meet it, the simplest first. The cost is how many parts, numbers
    and digits they take to say. Exit status 1 if none meets every point; then it is said how far
    the nearest comes.
    """
    from ...answers.fit import fit as fitted

    answer = fitted(inputs_of(specs, run, step_column, quiet), run)
    several = len(answer.fits) > 1
    for one in answer.fits:
        listed = one.found.fits if all_of_them else one.found.fits[:1]
        width = max((len(f"{found.cost:g}") for found in listed), default=0)
        for found in listed:
            cost = f"{found.cost:{width}g}  " if all_of_them else ""
            console.show(
                f"{cost}{found.plan}\n" if to is None else _translated(found.plan, to, run)
            )
        label = f"{printable(one.label)}: " if several or one.best is None else ""
        for note in one.notes:
            console.tell([f"{label}{note}"], quiet and one.best is not None)
    if not answer.met:
        raise typer.Exit(FAILED)


def _translated(plan: Schedule, to: str, run: Run) -> str:
    """Return a schedule in the words of a framework."""
    from ...answers.translate import translate

    return translate(plan, to, run).text()
