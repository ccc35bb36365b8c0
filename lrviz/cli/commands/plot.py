"""`lrviz plot`: curves in the terminal, or as a figure in a file."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ...answers.mistakes import warnings_of
from ...answers.plot import drawing_of
from ...errors import LrvizError, listing, one_of, option, printable, quoted
from ...outputs import pictures
from ...outputs.files import whole_file
from ...outputs.paper import Paper
from ...series import horizon_of
from ...specs.names import as_typed
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..figures import Sheet, takes_look, write
from ..inputs import reading
from ..training import takes_run

PAPER = Paper()


@app.command("plot", short_help="Draw schedules, in the terminal or as a figure.")
@takes_run
@takes_look(PAPER)
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
            help=f"{listing(pictures.formats(), 'or')}; else FILE's ending.",
            autocompletion=pictures.formats,
        ),
    ] = None,
    *,
    look: dict[str, Any],
    sheet: Sheet,
    save_config: Annotated[
        str | None, typer.Option(metavar="FILE", help="Config to write, for lrviz build.")
    ] = None,
    window: Annotated[bool, typer.Option("--show", help="Open the figure in a window.")] = False,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz plot exp:lr=0.01,rate=0.9,steps=100
    lrviz plot A=exp:lr=1,rate=0.5,steps=9,staircase B=exp:lr=1,rate=0.5,steps=9
    lrviz plot warmup:steps=2%/cosine:lr=3e-4 -n 100k -o plan.svg --title Plan
    lrviz plot cosine:lr={0.1,0.03,0.01},steps=10k --log -o rates.png --theme dark
    lrviz plot 'OneCycleLR(optimizer, max_lr=0.1, total_steps=10_000)'

    Draw schedules: a chart in the terminal, or with -o a figure in a file.

    The same words give the same bytes. However long the run is, the picture shows what drawing
    every single step would show.
    """
    in_colour = console.wants_colour(sys.stdout, colour)
    kind = _figure_format(output, form)
    if output == "-" and len(sheet.themes) > 1:
        raise LrvizError("--theme both makes two files; name one with -o FILE")
    # Logs are named from where the config is, or would be, that draws the figure again.
    folder = Path(save_config or ("" if output in (None, "-") else output)).parent
    with reading(quiet) as progress:
        drawing = drawing_of(
            specs, run, paper=sheet.paper, folder=str(folder), progress=progress, **look
        )
    console.tell(drawing.notes, quiet)
    (view,) = drawing.views
    warnings = warnings_of(view.inputs, horizon_of(view.inputs, run), run, silence, brief=True)
    config = None
    if save_config is not None:
        from ...builds.saving import config_of

        config = config_of(save_config, specs, output, kind, _settings(look, run, sheet))
    if kind:
        curves = f"{len(view.inputs)} curve{'s' if len(view.inputs) > 1 else ''}"
        steps = f"{len(view.look.shown)} steps"
        write(drawing, kind, output or "-", sheet.themes, quiet, f": {curves}, {steps}")
    if window:
        from ...outputs.window import show

        console.warn(show(drawing.panels, sheet.paper))
    elif not kind:
        width, height = console.size()
        rows = max(min(height - 8, max(width // 3, 24)), 8)
        console.show(drawing.chart(width, rows, in_colour))
    if save_config is not None and config is not None:
        with whole_file(save_config, "with " + option("save_config")) as file:
            file.write(config.encode())
        import shlex  # for commands to paste alone

        again = f"draw with lrviz build {printable(shlex.quote(save_config))}"
        console.tell([f"wrote {printable(save_config)}; {again}"], quiet)
    console.tell(warnings, quiet or no_warnings)


def _settings(look: dict[str, Any], run: Run, sheet: Sheet) -> dict[str, Any]:
    """Return the settings of a config that say what was typed, without what is usual."""
    on = sheet.paper
    typed = {
        "title": look.get("title"),
        "steps": run.horizon,
        "steps_per_epoch": run.steps_per_epoch,
        "lr": run.lr,
        "set": as_typed(run.names) if run.names else None,
        **look,
        "size": sheet.size if on.size != PAPER.size else None,
        "dpi": on.dpi if on.dpi != PAPER.dpi else None,
        "theme": sheet.theme if sheet.theme != PAPER.theme else None,
    }
    return {name: value for name, value in typed.items() if value is not None}


def _figure_format(output: str | None, form: str | None) -> pictures.Format | None:
    """Return the format of the figure to write, None if a chart is to be shown."""
    kind: pictures.Format | None = None
    if form is not None:
        kind = pictures.find(one_of("--format", form, pictures.formats()))
        if output is None:
            raise LrvizError(
                f"--format {form} makes a file; name it with -o FILE, or -o - for a pipe"
            )
        other = pictures.named(output)
        if other not in (None, kind):
            raise LrvizError(
                f"--format {form} and {quoted(output)} say two formats; keep one of them"
            )
    elif output == "-":
        usual = listing(pictures.formats(), "or")
        raise LrvizError(f"-o - needs a format; add --format {usual}")
    elif output is not None:
        kind = pictures.format_of(output, or_else=", or add --format")
    if output == "-" and console.is_terminal(sys.stdout):
        raise LrvizError(
            "-o - would write a figure to the terminal; send it through a pipe to a file"
        )
    return kind
