"""`lrviz table`: rates, step by step."""

import sys
from pathlib import PurePath
from typing import Annotated

import typer

from ...errors import LrvizError, one_of, printable, quoted
from ...outputs import tables
from ...outputs.settings import DTYPES
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..inputs import inputs_of
from ..training import takes_run


@app.command("table", short_help="Print rates, step by step.")
@takes_run
def table(
    specs: options.Specs,
    run: Run,
    at: Annotated[
        str | None, typer.Option(metavar="STEPS", help="Which steps: 0,100,900:1000 (both ends).")
    ] = None,
    every: Annotated[
        str | None, typer.Option(metavar="K", help="Every K-th step of the run.")
    ] = None,
    form: options.TableFormat = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="File to write; its ending says the format."
        ),
    ] = None,
    step_column: options.StepColumn = None,
    dtype: options.Dtype = "float64",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz table exp:lr=0.01,rate=0.9,steps=100,staircase
    lrviz table exp:lr=0.01,rate=0.9,steps=10 --at 1:10 --dtype float32
    lrviz table cosine:lr=1,steps=1k linear:lr=1,steps=1k --every 10 --format csv
    lrviz table step:lr=0.1,rate=0.1,steps=30ep --steps-per-epoch 391 --at 29ep
    lrviz table 'StepLR(optimizer, step_size=30, gamma=0.1)' --lr 0.1

    Print the learning rate at some steps: at round numbers and where the schedules turn, at the
    steps of --at, or at every K-th step.

    A terminal shows a table with rates rounded to 8 digits; everywhere else all digits are written,
    tab-separated unless --format says otherwise.
    """
    from ...answers.table import table as tabulated

    one_of("--dtype", dtype, DTYPES)
    in_colour = console.wants_colour(sys.stdout, colour) and output is None
    to_terminal = console.is_terminal(sys.stdout) and output is None
    write = tables.find(_format(output, form, to_terminal))
    found = inputs_of(specs, run, step_column, quiet)
    answer = tabulated(found, run, at=at, every=every, dtype=dtype)
    rows = answer.rows(console.size()[0] if to_terminal else None, in_colour)
    rows = rows._replace(blocks=console.progress(rows.blocks, len(answer), quiet))
    if output in (None, "-"):
        console.give(write(rows))
        return
    from ...outputs.files import whole_file

    with whole_file(output) as file:
        file.writelines(piece.encode() for piece in write(rows))
    console.tell([f"wrote {printable(output)}"], quiet)


def _format(output: str | None, form: str | None, to_terminal: bool) -> str:
    """Return the format that is asked for, or that fits the place where the table goes."""
    if form is not None:
        return form
    if output in (None, "-"):
        return "table" if to_terminal else "tsv"
    ending = PurePath(output).suffix.removeprefix(".").lower()
    if not ending:
        raise LrvizError(
            f"{quoted(output)} has no ending that says its format; "
            "name a file that ends in .csv, or add --format"
        )
    return "plain" if ending == "txt" else ending
