"""`lrviz plot`: curves in the terminal, or as a figure in a file."""

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import LrvizError, printable, quoted
from ..specs.quantities import Run
from . import console, options
from .app import app
from .inputs import horizon_of, inputs_of
from .mistakes import warnings_of
from .options import dtype_of, number, one_of
from .training import takes_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..curves import Curve
    from ..outputs.figure import Paper
    from ..outputs.look import Look

MOST_PIXELS = 100_000_000
"""How large a figure may be."""


@app.command("plot", short_help="Draw schedules, in the terminal or as a figure.")
@takes_run
def plot(
    specs: options.Specs,
    run: Run,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Figure to write; - for a pipe."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="png, svg or pdf; else FILE's ending.",
            autocompletion=lambda: ["png", "svg", "pdf"],
        ),
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title.")] = "",
    log: Annotated[bool, typer.Option("--log", help="Logarithmic axis of rates.")] = False,
    theme: Annotated[
        str,
        typer.Option(
            "--theme",
            metavar="THEME",
            help="Figure: light or dark.",
            autocompletion=lambda: ["light", "dark"],
        ),
    ] = "light",
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Figure: size in inches.")
    ] = "8x4.5",
    dpi: Annotated[
        str, typer.Option("--dpi", metavar="DOTS", help="Figure: dots per inch of a PNG.")
    ] = "150",
    step_column: options.StepColumn = None,
    window: Annotated[bool, typer.Option("--show", help="Open the figure in a window.")] = False,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    dtype: options.Dtype = "float64",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz plot exp:lr=0.01,rate=0.9,steps=100
    lrviz plot stairs=exp:lr=0.01,rate=0.9,steps=100,staircase smooth=exp:lr=0.01,rate=0.9,steps=100
    lrviz plot warmup:steps=5%/cosine:lr=3e-4,steps=95% -n 100k -o plan.svg --title "the plan"
    lrviz plot cosine:lr={0.1,0.03,0.01},steps=10k --log -o rates.png --theme dark
    lrviz plot 'torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10_000)'

    Draw schedules: a chart in the terminal, or with -o a figure, PNG, SVG or PDF.

    The same words give the same bytes. However long the run is, the picture shows what drawing
    every single step would show.
    """
    from ..outputs.look import Look

    number_type = dtype_of(dtype)
    in_colour = console.wants_colour(sys.stdout, colour)
    kind = _figure_format(output, form)
    paper = _paper(theme, size, dpi)
    found = inputs_of(specs, run, step_column, quiet)
    horizon = horizon_of(found, run)
    warnings = warnings_of(found, horizon, run, silence, brief=True)
    look = Look(horizon, title, log, run.steps_per_epoch)
    width, height = console.size()
    columns = paper.columns if kind or window else 2 * width
    curves = [one.outline(horizon, columns, number_type) for one in found]
    if kind is not None:
        _write_figure(curves, look, paper, kind, output, quiet)
    if window:
        from ..outputs.window import show

        show(curves, look, paper)
    elif kind is None:
        from ..outputs.chart import chart

        console.show(chart(curves, look, width, max(min(height - 8, 24), 8), in_colour))
    for warning in () if quiet or no_warnings else warnings:
        console.say(warning)


def _write_figure(
    curves: "Sequence[Curve]",
    look: "Look",
    paper: "Paper",
    kind: str,
    output: str | None,
    quiet: bool,
) -> None:
    from ..outputs.figure import render
    from ..outputs.files import whole_file

    if output in (None, "-"):
        console.give(render(curves, look, paper, kind))
        return
    data = render(curves, look, paper, kind)
    with whole_file(output) as file:
        file.write(data)
    if not quiet:
        curve = "curve" if len(curves) == 1 else "curves"
        console.say(f"wrote {printable(output)}: {len(curves)} {curve}, {look.horizon} steps")


def _figure_format(output: str | None, form: str | None) -> str | None:
    """Return the format of the figure to write, None if a chart is to be shown."""
    from ..outputs.figure import FORMATS

    if form is not None:
        kind = one_of("--format", form, FORMATS)
        if output is None:
            raise LrvizError(
                f"--format {kind} makes a file; name it with -o FILE, or -o - for a pipe"
            )
    elif output is None:
        return None
    elif output == "-":
        raise LrvizError("-o - needs a format; add --format png, svg or pdf")
    else:
        kind = PurePath(output).suffix.removeprefix(".").lower()
        if kind not in FORMATS:
            ending = f"ends in {quoted('.' + kind)}" if kind else "has no ending"
            raise LrvizError(
                f"{quoted(output)} {ending}, and figures are PNG, SVG or PDF; "
                "name a file that ends in .png, .svg or .pdf, or add --format"
            )
    if output == "-" and console.is_terminal(sys.stdout):
        raise LrvizError(
            "-o - would write a figure to the terminal; send it through a pipe to a file"
        )
    return kind


def _paper(theme: str, size: str, dpi: str) -> "Paper":
    from ..outputs.figure import THEMES, Paper

    one_of("--theme", theme, tuple(THEMES))
    width, _, height = size.partition("x")
    if not width or not height:
        raise LrvizError(f"--size is WIDTHxHEIGHT in inches, such as 8x4.5, not {quoted(size)}")
    inches = [number("--size", text, least=1.5, most=60) for text in (width, height)]
    dots = int(number("--dpi", dpi, least=20, most=2400))
    if inches[0] * inches[1] * dots * dots > MOST_PIXELS:
        raise LrvizError(
            f"--size {size} at --dpi {dpi} is more than {MOST_PIXELS // 10**6} million pixels; "
            "make one of them smaller"
        )
    return Paper(inches[0], inches[1], dots, theme)
