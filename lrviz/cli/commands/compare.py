"""`lrviz compare`: what differs, where, and why."""

import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import LrvizError, printable, quoted
from ...outputs import tables
from ...outputs.files import whole_file
from ...series import Series, horizon_of
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..inputs import inputs_of
from ..mistakes import warnings_of
from ..training import takes_run

if TYPE_CHECKING:
    from ...comparison import Comparison, Difference, Summary

FAILED = 1
"""The exit status if a curve differs from the first."""

SUMMARY: dict[str, "Callable[[Summary], float | None]"] = {
    "first rate": lambda s: s.first,
    "peak": lambda s: s.peak,
    "peak at step": lambda s: s.peak_step,
    "final rate": lambda s: s.final,
    "mean": lambda s: s.mean,
    "area": lambda s: s.area,
    "half of the peak at step": lambda s: s.half_life,
    "share at the peak": lambda s: s.at_peak,
    "share below 1 % of the peak": lambda s: s.below,
}
"""What is said of each curve."""

DIFFERENCE: dict[str, "Callable[[Difference], float | None]"] = {
    "differs first at step": lambda d: d.first,
    "share that differs": lambda d: d.share,
    "largest gap": lambda d: d.gap,
    "largest gap at step": lambda d: d.gap_step,
    "largest relative gap": lambda d: d.relative,
    "relative gap at step": lambda d: d.relative_step,
}
"""What is said of each curve but the first, against the first."""


@app.command("compare", short_help="Say where schedules or recorded runs differ.")
@takes_run
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
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, plain, csv, tsv, json, jsonl or md.",
            autocompletion=lambda: list(tables.formats()),
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Figure to write, png, svg or pdf."),
    ] = None,
    title: options.Title = "",
    log: options.Log = False,
    step_column: options.StepColumn = None,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz compare cosine:lr=1,steps=10k linear:lr=1,steps=10k
    lrviz compare old=step:lr=1,rate=0.5,steps=9 new=exp:lr=1,rate=0.5,steps=9 -o change.png
    lrviz compare 'StepLR(opt, 30, lr=0.1)' step:lr=0.1,rate=0.1,steps=30 -q
    lrviz compare warmup:steps=500/cosine:lr=3e-4,steps=9500 @run.csv

    Say what differs from the first curve, from which step on and how far; for each curve its peak,
    mean and area; and if a known cause explains the difference, which. Every step counts, up to
    10^7 of them.

    Exit status 1 if a gap is larger than --rtol and --atol allow.
    """
    from ...comparison import compare as compared

    in_colour = console.wants_colour(sys.stdout, colour)
    to_terminal = console.is_terminal(sys.stdout)
    write = tables.find(form or ("table" if to_terminal else "tsv"))
    kind = _figure_format(output)
    found = inputs_of(specs, run, step_column, quiet)
    horizon = horizon_of(found, run)
    warnings = warnings_of(found, horizon, run, silence)
    with console.bar(horizon, hidden=quiet) as progress:
        result = compared(
            found,
            horizon,
            rtol=_tolerance("--rtol", rtol),
            atol=None if atol is None else _tolerance("--atol", atol),
            progress=progress,
        )
    if kind is not None and output is not None:
        _write_figure(found, horizon, run, title, log, kind, output, quiet)
    width = console.size()[0]
    rows = tables.Rows(
        labels=[one.label for one in found],
        blocks=[_measures(result)],
        width=width if to_terminal else None,
        colour=in_colour,
        first="measure",
    )
    console.give(write(rows))
    if to_terminal and kind is None:
        console.show("\n" + _charts(result, horizon, run, title, log, width, in_colour))
    if not quiet:
        _say_why(result, horizon)
    for warning in () if quiet or no_warnings else warnings:
        console.say(warning)
    if not result.equal:
        raise typer.Exit(FAILED)


def _measures(result: "Comparison") -> tuple[list[str], list[list[float | None]]]:
    """Return the names of all measures, and a column of them for each curve."""
    columns = [[measure(one) for measure in SUMMARY.values()] for one in result.summaries]
    if not result.differences:
        return [*SUMMARY], columns
    columns[0] += [None] * len(DIFFERENCE)
    for column, difference in zip(columns[1:], result.differences, strict=True):
        column += [measure(difference) for measure in DIFFERENCE.values()]
    return [*SUMMARY, *DIFFERENCE], columns


def _say_why(result: "Comparison", horizon: int) -> None:
    """Say of each curve that differs from the plan what explains it, if anything does."""
    inexact = next((one for one in result.differences if not one.exact), None)
    if inexact is not None:
        console.say(
            f"of {horizon} steps {inexact.compared} were compared: those where a schedule turns, "
            "and a sample of the others"
        )
    for one, cause in zip(result.series[1:], result.causes, strict=True):
        if cause is not None:
            console.say(f"{printable(one.label)}: {cause.text}")


def _charts(
    result: "Comparison",
    horizon: int,
    run: Run,
    title: str,
    log: bool,
    width: int,
    colour: bool,
) -> str:
    """Return a small chart of the curves, and below it one of their differences."""
    from dataclasses import replace

    from ...outputs.chart import chart
    from ...outputs.look import Look

    look = Look(horizon, title, log, run.steps_per_epoch)
    curves = [one.outline(horizon, 2 * width, "float64") for one in result.series]
    upper = chart(curves, look, width, 10, colour)
    gaps = result.gaps(2 * width)
    if not gaps:
        return upper
    below = replace(look, title="", log=False, ylabel="difference from the first")
    return f"{upper}\n{chart(gaps, below, width, 6, colour)}"


def _write_figure(
    found: Sequence[Series],
    horizon: int,
    run: Run,
    title: str,
    log: bool,
    kind: str,
    output: str,
    quiet: bool,
) -> None:
    from ...builds.drawing import Drawing, View
    from ...outputs.figure import Paper
    from ...outputs.look import Look

    look = Look(horizon, title, log, run.steps_per_epoch)
    inputs = [one.seen_from(str(PurePath(output).parent)) for one in found]
    drawing = Drawing([View(inputs, look, differences=len(found) > 1)], Paper(height=6.0))
    data = drawing.render(kind)
    with whole_file(output) as file:
        file.write(data)
    if not quiet:
        console.say(f"wrote {printable(output)}")


def _figure_format(output: str | None) -> str | None:
    """Return the format of the figure to write, None if there is none."""
    from ...outputs.figure import FORMATS

    if output is None:
        return None
    kind = PurePath(output).suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise LrvizError(
            f"-o writes a figure here, and {quoted(output)} is none; "
            "name a file that ends in .png, .svg or .pdf, or redirect the table to a file"
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
