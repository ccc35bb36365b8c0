"""`lrviz plot`: curves in the terminal, or as a figure in a file."""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...answers.mistakes import warnings_of
from ...errors import LrvizError, one_of, option, printable, quoted
from ...series import from_folder, horizon_of
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..inputs import inputs_of
from ..options import dtype_of
from ..training import takes_run

if TYPE_CHECKING:
    from ...builds.drawing import Drawing

SIZE, DPI, THEME = "8x4.5", "150", "light"


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
    title: options.Title = "",
    log: options.Log = False,
    zoom: Annotated[
        str | None,
        typer.Option("--zoom", metavar="FROM:TO", help="Show these steps alone: 900:1100."),
    ] = None,
    theme: Annotated[
        str,
        typer.Option(
            "--theme",
            metavar="THEME",
            help="Figure: light or dark.",
            autocompletion=lambda: ["light", "dark"],
        ),
    ] = THEME,
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Figure: size in inches.")
    ] = SIZE,
    dpi: Annotated[
        str, typer.Option("--dpi", metavar="DOTS", help="Figure: dots per inch of a PNG.")
    ] = DPI,
    save_config: Annotated[
        str | None,
        typer.Option("--save-config", metavar="FILE", help="Config to write, for lrviz build."),
    ] = None,
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
    from ...builds import values
    from ...outputs.look import Look

    number_type = dtype_of(dtype)
    in_colour = console.wants_colour(sys.stdout, colour)
    kind = _figure_format(output, form)
    paper = values.paper(size, dpi, theme, prefix="--")
    found = inputs_of(specs, run, step_column, quiet)
    horizon = horizon_of(found, run)
    shown = values.window("--zoom", zoom, horizon, run)
    warnings = warnings_of(found, horizon, run, silence, brief=True)
    look = Look(shown.stop, title, log, run.steps_per_epoch, first=shown.start)
    config = None
    if save_config is not None:
        settings = {
            "title": title,
            "steps": run.horizon,
            "steps_per_epoch": run.steps_per_epoch,
            "lr": run.lr,
            "dtype": dtype if dtype != "float64" else None,
            "step_column": step_column,
            "zoom": zoom,
            "log": log,
            "size": size if size != SIZE else None,
            "dpi": paper.dpi if dpi != DPI else None,
            "theme": theme if theme != THEME else None,
        }
        given = {k: v for k, v in settings.items() if v is not None and v is not False and v != ""}
        config = _config(save_config, specs, output, kind, given)
    if kind or window:
        from ...builds.drawing import Drawing, View

        # Logs are named from where the config is, or would be, that draws the figure again.
        folder = Path(save_config or ("" if output in (None, "-") else output)).parent
        drawn = [one.seen_from(str(folder)) for one in found]
        drawing = Drawing([View(drawn, look, number_type)], paper)
    if kind:
        _write_figure(drawing, kind, output, quiet)
    if window:
        from ...outputs.window import show

        show(drawing.panels, paper)
    elif not kind:
        from ...outputs.chart import chart

        width, height = console.size()
        curves = [one.outline(shown.stop, 2 * width, number_type, shown.start) for one in found]
        console.show(chart(curves, look, width, max(min(height - 8, 24), 8), in_colour))
    if save_config is not None and config is not None:
        _write_config(save_config, config, quiet)
    for warning in () if quiet or no_warnings else warnings:
        console.say(warning)


def _write_figure(drawing: "Drawing", kind: str, output: str | None, quiet: bool) -> None:
    from ...outputs.files import whole_file

    data = drawing.render(kind)
    if output in (None, "-"):
        console.give(data)
        return
    with whole_file(output) as file:
        file.write(data)
    if not quiet:
        (view,) = drawing.views
        curves = f"{len(view.inputs)} curve{'s' if len(view.inputs) > 1 else ''}"
        console.say(f"wrote {printable(output)}: {curves}, {len(view.look.shown)} steps")


def _figure_format(output: str | None, form: str | None) -> str | None:
    """Return the format of the figure to write, None if a chart is to be shown."""
    from ...outputs.figure import FORMATS

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


def _config(
    file: str, specs: Sequence[str], output: str | None, kind: str | None, settings: dict[str, Any]
) -> str:
    """Return the config that draws what was typed; LrvizError if it cannot be written."""
    from ...builds.config import is_name
    from ...builds.toml import written

    shown, folder = quoted(file, most=1000), Path(file).parent
    if os.path.lexists(file):
        raise LrvizError(f"--save-config {shown} is there already; name a new file, or delete it")
    if output in (None, "-"):
        name, drawn = Path(file).stem, f"{{name}}.{kind or 'png'}"
    else:
        path = PurePath(os.path.relpath(os.path.realpath(output), os.path.realpath(folder)))
        if path.parts[0] == "..":
            raise LrvizError(
                f"--save-config {shown} draws in its own folder, and {quoted(output)} is not in "
                "it; save the config beside the figure"
            )
        if path.suffix.lower() != f".{kind}":
            raise LrvizError(
                f"--save-config needs a figure whose name says its format, and {quoted(output)} "
                f"does not; end it in .{kind}"
            )
        name, drawn = path.stem, path.as_posix()
        if "{name}" in name:  # in a config that stands for the name
            drawn = path.with_name(f"{{name}}{path.suffix}").as_posix()
    if not is_name(name):
        name = "figure"
    usual = drawn in ("{name}.png", f"{name}.png")
    curves = [from_folder(spec, str(folder)) for spec in specs]
    table = {**({} if usual else {"output": drawn}), **settings, "curves": curves}
    return written({name: table})


def _write_config(file: str, config: str, quiet: bool) -> None:
    from ...outputs.files import whole_file

    with whole_file(file, "with " + option("save_config")) as opened:
        opened.write(config.encode())
    if not quiet:
        console.say(
            f"wrote {printable(file)}; draw with lrviz build {printable(shlex.quote(file))}"
        )
