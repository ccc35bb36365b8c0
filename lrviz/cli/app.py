"""The Typer application, to which every file of this folder adds its command."""

from typing import Annotated

import typer

from .. import __version__

app = typer.Typer(
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
    lrviz plot exp:lr=0.01,rate=0.9,steps=100                  draw in the terminal
    lrviz plot cosine:lr=1,steps=10k linear:lr=1,steps=10k -o decays.png
    lrviz table warmup:steps=500/cosine:lr=3e-4,steps=9500     rates, step by step
    lrviz compare 'StepLR(opt, 30, lr=0.1)' step:lr=0.1,rate=0.1,steps=30 -q
    lrviz fit @run.csv:lr                                      the schedule behind a log
    lrviz explain cosine                                       what it is and takes
    lrviz list                                                 what there is

    Plot, tabulate and compare learning-rate schedules, without a deep-learning framework.

    Exit status: 0 done, 1 a comparison or a check failed, 2 bad usage or input.
    """
    if version:
        typer.echo(f"lrviz {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
