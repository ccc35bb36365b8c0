"""`lrviz plot`: curves in the terminal, or as a figure in a file."""

import inspect
import sys
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from ...answers.mistakes import warnings_of
from ...answers.plot import drawing_of
from ...errors import LrvizError, listing, one_of, option, printable
from ...outputs import pictures
from ...outputs.files import whole_file
from ...outputs.look import Look
from ...outputs.paper import Paper, paper
from ...outputs.settings import settings_of
from ...outputs.themes import THEMES
from ...series import horizon_of
from ...specs.names import as_typed
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..inputs import reading
from ..training import takes_run

PAPER = Paper()
USUAL = {one.name: one.default for one in fields(Look)}


def _look_options() -> dict[str, inspect.Parameter]:
    """Return the options for those settings of panels that have one."""
    return {
        name: inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=USUAL[name],
            annotation=Annotated[
                str | None if USUAL[name] is None else type(USUAL[name]),
                options.option_for(name, setting),
            ],
        )
        for name, setting in settings_of(Look).items()
        if setting.option is not None
    }


def _look(**values: Any) -> dict[str, Any]:
    """Return the settings of panels that differ from their default."""
    return {name: value for name, value in values.items() if value != USUAL[name]}


@app.command("plot", short_help="Draw schedules, in the terminal or as a figure.")
@takes_run
@options.taking("look", _look_options(), _look)
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
    theme: Annotated[
        str,
        typer.Option(
            metavar="THEME",
            help=f"Figure: {listing(THEMES, 'or')}.",
            autocompletion=lambda: list(THEMES),
        ),
    ] = PAPER.theme,
    size: Annotated[str, typer.Option(metavar="WxH", help="Figure: size in inches.")] = PAPER.size,
    dpi: Annotated[str, typer.Option(metavar="DOTS", help="Figure: dots per inch of a PNG.")] = str(
        PAPER.dpi
    ),
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
    lrviz plot stairs=exp:lr=0.01,rate=0.9,steps=100,staircase smooth=exp:lr=0.01,rate=0.9,steps=100
    lrviz plot warmup:steps=5%/cosine:lr=3e-4,steps=95% -n 100k -o plan.svg --title "the plan"
    lrviz plot cosine:lr={0.1,0.03,0.01},steps=10k --log -o rates.png --theme dark
    lrviz plot 'torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10_000)'

    Draw schedules: a chart in the terminal, or with -o a figure in a file.

    The same words give the same bytes. However long the run is, the picture shows what drawing
    every single step would show.
    """
    in_colour = console.wants_colour(sys.stdout, colour)
    kind = _figure_format(output, form)
    on = paper(size, dpi, theme)
    # Logs are named from where the config is, or would be, that draws the figure again.
    folder = Path(save_config or ("" if output in (None, "-") else output)).parent
    with reading(quiet) as progress:
        drawing = drawing_of(specs, run, paper=on, folder=str(folder), progress=progress, **look)
    console.tell(drawing.notes, quiet)
    (view,) = drawing.views
    warnings = warnings_of(view.inputs, horizon_of(view.inputs, run), run, silence, brief=True)
    config = None
    if save_config is not None:
        from ...builds.saving import config_of

        config = config_of(save_config, specs, output, kind, _settings(look, run, on, size))
    if kind:
        data, notes = drawing.render(kind)
        if output in (None, "-"):
            console.give(data)
            console.warn(notes)
        else:
            with whole_file(output) as file:
                file.write(data)
            console.warn(notes)
            curves = f"{len(view.inputs)} curve{'s' if len(view.inputs) > 1 else ''}"
            steps = f"{len(view.look.shown)} steps"
            console.tell([f"wrote {printable(output)}: {curves}, {steps}"], quiet)
    if window:
        from ...outputs.window import show

        console.warn(show(drawing.panels, on))
    elif not kind:
        width, height = console.size()
        console.show(drawing.chart(width, max(min(height - 8, 24), 8), in_colour))
    if save_config is not None and config is not None:
        with whole_file(save_config, "with " + option("save_config")) as file:
            file.write(config.encode())
        import shlex  # for commands to paste alone

        again = f"draw with lrviz build {printable(shlex.quote(save_config))}"
        console.tell([f"wrote {printable(save_config)}; {again}"], quiet)
    console.tell(warnings, quiet or no_warnings)


def _settings(look: dict[str, Any], run: Run, on: Paper, size: str) -> dict[str, Any]:
    """Return the settings of a config that say what was typed, without what is usual."""
    typed = {
        "title": look.get("title"),
        "steps": run.horizon,
        "steps_per_epoch": run.steps_per_epoch,
        "lr": run.lr,
        "set": as_typed(run.names) if run.names else None,
        **look,
        "size": size if on.size != PAPER.size else None,
        "dpi": on.dpi if on.dpi != PAPER.dpi else None,
        "theme": on.theme if on.theme != PAPER.theme else None,
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
