"""The Typer application, to which every file of this folder adds its command."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from .. import __version__


class Command(TyperCommand):
    """A command whose help shows options that belong together under a heading of their own."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options without a heading, then the others."""
        found: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            is_argument = parameter.param_type_name == "argument"
            heading = getattr(parameter, "rich_help_panel", None) or "Options"
            if record is not None:
                found.setdefault("Arguments" if is_argument else heading, []).append(record)
        for heading, records in found.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


class App(typer.Typer):
    """The application; its commands are such."""

    def command(self, name: str, **settings: Any) -> Callable[[Any], Any]:  # type: ignore[override]
        """Return a decorator that adds a command."""
        return super().command(name, cls=Command, **settings)


app = App(
    add_completion=False,  # see completion.py
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def lrviz(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """\b
    lrviz plot exp:lr=0.01,rate=0.9,steps=100                draw in the terminal
    lrviz plot cosine:lr=1,steps=10k linear:lr=1,steps=10k -o decays.png
    lrviz table warmup:steps=500/cosine:lr=3e-4,steps=9500   rates, step by step
    lrviz compare 'StepLR(opt, 30, lr=0.1)' step:lr=0.1,rate=0.1,steps=30 -q
    lrviz predict cosine:lr=1,steps=10k const:lr=1           what theory says
    lrviz explain cosine                                     what it is and takes
    lrviz list                                               what there is
    lrviz help specs                                         how specs are written

    Plot, tabulate and compare learning-rate schedules, without a deep-learning framework.

    Exit status: 0 done, 1 a comparison or a check failed, 2 bad usage or input.
    """
    if version:
        typer.echo(f"lrviz {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
