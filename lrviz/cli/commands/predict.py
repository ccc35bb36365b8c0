"""`lrviz predict`: what theory says a schedule does to the loss."""

import inspect
import sys
from pathlib import PurePath
from typing import Annotated, Any

import typer

from ...errors import LrvizError, listing, quoted
from ...outputs import pictures, tables
from ...outputs.paper import WITH_DIFFERENCES
from ...specs.quantities import Run, quantity
from .. import console, options
from ..app import app
from ..figures import Sheet, takes_look, write
from ..training import takes_run

ASSUMED = {
    "dims": "How many directions; 60 unless given.",
    "spectrum": "Curvature i is i^-X; 1 unless given.",
    "noise": "Noise variance i is i^-X; as --spectrum.",
    "momentum": "Heavy-ball momentum; 0 unless given.",
    "stability": "Highest rate times highest curvature; 0.5.",
    "curvature": "Highest curvature, in place of --stability.",
}
"""Options of the noisy quadratic; its batch, 32 unless given, is that of --batch."""


def _assumed_options() -> dict[str, inspect.Parameter]:
    """Return the options for what the quadratic assumes."""
    return {
        name: inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None, typer.Option(f"--{name}", metavar="X", help=help_text)
            ],
        )
        for name, help_text in ASSUMED.items()
    }


def _assumed(**values: str | None) -> dict[str, Any]:
    """Return the numbers of what the quadratic assumes, as far as they are given."""
    return {name: _number(f"--{name}", text) for name, text in values.items() if text is not None}


def _number(name: str, text: str) -> float | int:
    """Return the number that an option gives."""
    try:
        value = quantity(text, Run(), counts_steps=False)
    except LrvizError as error:
        raise LrvizError(f"{name} {quoted(text)} " + error.sentence) from None
    return int(value) if value.is_integer() else value


@app.command("predict", short_help="Say what theory says of the loss.")
@takes_run
@takes_look(WITH_DIFFERENCES, "dtype", "step_column", "differences")
@options.taking("assumed", _assumed_options(), _assumed, "Noisy quadratic")
def predict(
    specs: options.Specs,
    run: Run,
    at: Annotated[
        str | None,
        typer.Option(metavar="STEPS", help="After how many updates: 100,1k,2k:2010 (both ends)."),
    ] = None,
    tuned: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Schedule whose peak is tuned; the first unless given."),
    ] = None,
    fit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="@FILE", help="Log to fit the annealing law to: @run.csv, @run.csv:loss."
        ),
    ] = None,
    fit_schedule: Annotated[
        str | None, typer.Option(metavar="SPEC", help="The schedule of a log without rates.")
    ] = None,
    memory: Annotated[
        str,
        typer.Option(
            "--memory",
            "--lambda",
            metavar="X",
            help="Annealing law: what a step leaves of a change.",
        ),
    ] = "0.999",
    *,
    assumed: dict[str, Any],
    form: options.TableFormat = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help=f"Figure of the quadratic, {listing(pictures.formats(), 'or')}.",
        ),
    ] = None,
    look: dict[str, Any],
    sheet: Sheet,
    step_column: options.StepColumn = None,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz predict linear:lr=3e-4,steps=10k cosine:lr=3e-4,steps=10k const:lr=3e-4
    lrviz predict a=poly:lr=1,steps=9k b=cosine:lr=1,steps=9k --tuned b
    lrviz predict const:lr=1 exp:lr=1,rate=0.5,steps=500 -n 4000 -o band.png
    lrviz predict cosine:lr=3e-4,steps=72k --fit @run.csv:loss

    Say what theory says a schedule does to the loss. The convex bound ranks shapes, and tells which
    peak to try when moving from one to another. The noisy quadratic shows why a constant rate
    leaves the loss in a band, and a decay frees it; -o draws that. Its batch is that of --batch,
    or 32. With --fit, a law that is fitted to your own log says which loss another schedule would
    have come to, and how surely.

    Each says what it assumes. None knows when a run diverges, and none is about Adam.
    """
    from ...answers.predict import predict as predicted

    in_colour = console.wants_colour(sys.stdout, colour)
    to_terminal = console.is_terminal(sys.stdout)
    form = form or ("table" if to_terminal else "plain")
    tables.find(form)
    kind = None if output is None else pictures.format_of(output)
    run, batch = _batch_of(run)
    answer = predicted(
        specs,
        run,
        at=at,
        tuned=tuned,
        fit=fit or (),
        fit_schedule=fit_schedule,
        memory=float(_number("--memory", memory)),
        silence=silence,
        step_column=step_column,
        **batch,
        **assumed,
    )
    console.tell(answer.notes, quiet)
    if kind is not None and output is not None:
        drawing = answer.drawing(str(PurePath(output).parent), sheet.paper, **look)
        write(drawing, kind, output, sheet.themes, quiet)
        console.tell(drawing.notes, quiet)
    text = answer.written(form, console.size()[0] if to_terminal else None, in_colour)
    if form in ("table", "plain"):
        console.show("".join(text))
    else:
        console.give(text)
    console.tell(answer.warnings, quiet or no_warnings)


def _batch_of(run: Run) -> tuple[Run, dict[str, int]]:
    """Return a run, and how many examples a step has; these need no dataset here."""
    told = run.told
    if told.batch is None:
        return run, {}
    examples = told.batch * (told.devices or 1) * (told.accumulate or 1)
    if told.dataset is None and not told.drop_last and told.epochs is None:
        told = told._replace(unsettled=None)
    return run._replace(told=told), {"batch": examples}
