"""`lrviz compare`: what differs, where, and why."""

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import LrvizError, listing, quoted
from ...outputs import pictures, tables
from ...outputs.paper import WITH_DIFFERENCES
from ...series import horizon_of
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..figures import Sheet, takes_look, write
from ..inputs import inputs_of
from ..training import takes_run

if TYPE_CHECKING:
    from ...answers.compare import Report

DATA = ("csv", "json", "jsonl", "md", "tsv")
"""Formats that are for programs and documents: nothing but the table is printed in them."""
FAILED = 1
"""The exit status if a curve differs from the first."""


@app.command("compare", short_help="Say where schedules or recorded runs differ.")
@takes_run
@takes_look(WITH_DIFFERENCES, "dtype", "step_column")
def compare(
    specs: options.Specs,
    run: Run,
    rtol: Annotated[
        str, typer.Option("--rtol", metavar="R", help="Gaps of this part of a rate are none.")
    ] = "1e-9",
    atol: Annotated[
        str | None,
        typer.Option(
            "--atol", metavar="A", help="Nor are these gaps; 1e-12 of the peak unless given."
        ),
    ] = None,
    form: options.TableFormat = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help=f"Figure to write, {listing(pictures.formats(), 'or')}.",
        ),
    ] = None,
    *,
    look: dict[str, Any],
    sheet: Sheet,
    step_column: options.StepColumn = None,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz compare cosine:lr=1,steps=10k linear:lr=1,steps=10k
    lrviz compare step:lr=1,rate=0.5,steps=9 exp:lr=1,rate=0.5,steps=9 -o new.png
    lrviz compare 'StepLR(opt, 30, lr=0.1)' step:lr=0.1,rate=0.1,steps=30 -q
    lrviz compare warmup:steps=500/cosine:lr=3e-4,steps=9500 @run.csv

    Say in one sentence whether a curve differs from the first: from which step on, how far, and
    if a known cause explains it, which; then for each curve its peak, mean and area. Every step
    counts, up to 10^7 of them.

    Exit status 1 if a gap is larger than --rtol, --atol and the digits of a log allow; with -q
    nothing else tells.
    """
    from ...answers.compare import compare as compared

    in_colour = console.wants_colour(sys.stdout, colour)
    to_terminal = console.is_terminal(sys.stdout)
    form = form or ("table" if to_terminal else "plain")
    tables.find(form)
    kind = _figure_format(output)
    relative = _tolerance("--rtol", rtol)
    absolute = None if atol is None else _tolerance("--atol", atol)
    found = inputs_of(specs, run, step_column, quiet)
    with console.bar(horizon_of(found, run), hidden=quiet) as progress:
        answer = compared(
            found, run, rtol=relative, atol=absolute, silence=silence, progress=progress
        )
    if kind is not None and output is not None:
        drawing = answer.drawing(str(PurePath(output).parent), sheet.paper, **look)
        write(drawing, kind, output, sheet.themes, quiet)
        console.tell(drawing.notes, quiet)
    if not quiet:
        _print(answer, form, in_colour, look if kind is None else None)
    console.tell(answer.warnings, quiet or no_warnings)
    if not answer.equal:
        raise typer.Exit(FAILED)


def _print(answer: "Report", form: str, in_colour: bool, look: dict[str, Any] | None) -> None:
    """Print the verdict, why, and a table; on a terminal, what there is room for of a chart.

    What is for a program is the table alone. Wherever nobody sees the output, messages say what
    the comparison failed of.
    """
    to_terminal = console.is_terminal(sys.stdout)
    width, height = console.size()
    text = "".join(answer.written(form, width if to_terminal else None, in_colour))
    if form in DATA:
        console.give(text)
    else:
        verdict = [*answer.verdict()]
        text = "\n".join([*verdict, "", text] if verdict else [text])
        drawn = ""
        if to_terminal and look is not None:
            drawn = answer.chart(width, in_colour, most=height - text.count("\n") - 2, **look)
        console.show(text + (f"\n{drawn}" if drawn else ""))
    if form in DATA or not to_terminal:
        console.tell(answer.reasons(), quiet=False)


def _figure_format(output: str | None) -> pictures.Format | None:
    """Return the format of the figure to write, None if there is none."""
    if output is None:
        return None
    kind = pictures.named(output)
    if kind is None:
        raise LrvizError(
            f"-o writes a figure here, and {quoted(output)} is none; "
            f"{pictures.usual_names()}, or redirect the table to a file"
        )
    return kind


def _tolerance(option: str, text: str) -> float:
    """Return the number that `text` says."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise LrvizError(f"{option} is a number of at least 0, such as 1e-6, not {quoted(text)}")
    return value
