"""`lrviz table`: rates, step by step."""

import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from ...errors import LrvizError, printable, quoted
from ...outputs import tables
from ...outputs.files import whole_file
from ...series import Series, horizon_of, key_steps_of
from ...specs.quantities import Run, count, span
from .. import console, options
from ..app import app
from ..inputs import inputs_of
from ..options import dtype_of
from ..training import takes_run

if TYPE_CHECKING:
    from ...schedules.numeric import Steps

BLOCK = 4096
"""How many rows are computed at once."""


@app.command("table", short_help="Print rates, step by step.")
@takes_run
def table(
    specs: options.Specs,
    run: Run,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="STEPS", help="Which steps: 0,100,900:1000 (both ends)."),
    ] = None,
    every: Annotated[
        str | None, typer.Option("--every", metavar="K", help="Every K-th step of the run.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, plain, csv, tsv, json, jsonl or md; else FILE's ending.",
            autocompletion=lambda: list(tables.formats()),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="File to write.")
    ] = None,
    step_column: options.StepColumn = None,
    dtype: options.Dtype = "float64",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz table exp:lr=0.01,rate=0.9,steps=100,staircase
    lrviz table exp:lr=0.01,rate=0.9,steps=10 --at 1:10 --dtype float32
    lrviz table cosine:lr=1,steps=10k linear:lr=1,steps=10k --every 100 --format csv
    lrviz table A=step:lr=0.1,rate=0.1,steps=30ep --steps-per-epoch 391 --at 29ep,30ep
    lrviz table 'StepLR(optimizer, step_size=30, gamma=0.1)' --lr 0.1

    Print the learning rate at some steps: at round numbers and where the schedules turn, at the
    steps of --at, or at every K-th step.

    A terminal shows a table with rates rounded to 8 digits; everywhere else all digits are written,
    tab-separated unless --format says otherwise.
    """
    number_type = dtype_of(dtype)
    in_colour = console.wants_colour(sys.stdout, colour) and output is None
    to_terminal = console.is_terminal(sys.stdout) and output is None
    write = tables.find(_format(output, form, to_terminal))
    found = inputs_of(specs, run, step_column, quiet)
    horizon = horizon_of(found, run)
    asked = _asked(at, every, found, horizon, Run(horizon, run.steps_per_epoch))
    blocks = console.progress(_blocks(asked, BLOCK), sum(map(len, asked)), quiet)
    evaluated = ((block, [one.at(block, number_type) for one in found]) for block in blocks)
    first = next(evaluated)  # so that nothing is printed if this fails
    rows = tables.Rows(
        labels=[one.label for one in found],
        blocks=itertools.chain([first], evaluated),
        width=console.size()[0] if to_terminal else None,
        colour=in_colour,
    )
    if output in (None, "-"):
        console.give(write(rows))
        return
    with whole_file(output) as file:
        file.writelines(piece.encode() for piece in write(rows))
    if not quiet:
        console.say(f"wrote {printable(output)}")


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


def _asked(
    at: str | None, every: str | None, found: Sequence[Series], horizon: int, run: Run
) -> list[range]:
    """Return the steps that are asked for."""
    if at is not None and every is not None:
        raise LrvizError("--at and --every both say which steps; keep one of them")
    if at is not None:
        return [span("--at", part, run) for part in at.split(",")]
    if every is not None:
        return [range(0, horizon, count("--every", every, run))]
    return [range(step, step + 1) for step in key_steps_of(found, horizon)]


def _blocks(asked: Iterable[range], size: int) -> Iterator["Steps"]:
    """Yield the steps in arrays of about `size`."""
    pieces: list[Steps] = []
    for steps in asked:
        for start in range(0, len(steps), size):
            part = steps[start : start + size]
            pieces.append(np.arange(part.start, part.stop, part.step))
            if sum(map(len, pieces)) >= size:
                yield np.concatenate(pieces)
                pieces = []
    if pieces:
        yield np.concatenate(pieces)
