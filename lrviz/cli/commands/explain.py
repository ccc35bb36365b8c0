"""`lrviz explain`: what a family or a call is and takes, or what a schedule does."""

import sys
from typing import Annotated

import typer

from ...errors import printable
from ...outputs import pictures
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..candidates import name_candidates
from ..inputs import reading
from ..training import takes_run


@app.command("explain", short_help="Explain a family, a framework's call, or a whole spec.")
@takes_run
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="NAME-or-SPEC",
            help="A family, such as cosine; a call, such as StepLR; a spec, or a pasted call; "
            "a training config, @train.yaml, or a command line; or a picture that lrviz drew.",
            autocompletion=name_candidates,
            show_default=False,
        ),
    ],
    run: Run,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Add examples, key steps, and what other frameworks call it."),
    ] = False,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz explain cosine
    lrviz explain warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5
    lrviz explain OneCycleLR
    lrviz explain 'tf.train.exponential_decay(0.01, step, 100, 0.9, True)'

    Explain a family or a framework's call by its name: a chart of an example, what it does and
    takes. Or a spec, a pasted call or a program: its chart, formulas, what is worth knowing,
    warnings and phases. Or a training config or a command line: the call that it makes, and the
    sums. Or a picture: the config that draws it again.
    """
    from ...answers.explain import explain as explained

    in_colour = console.wants_colour(sys.stdout, colour)
    if pictures.named(subject) is not None:
        _explain_picture(subject, quiet)
        return
    with reading(quiet) as progress:
        answer = explained(
            subject,
            run,
            silence=None if no_warnings else silence,
            everything=everything,
            progress=progress,
        )
    console.tell(answer.notes, quiet)
    hint = f"\n--all adds {answer.more}\n" if answer.more and not quiet else ""
    console.show(answer.text(console.size()[0], in_colour) + hint)


def _explain_picture(path: str, quiet: bool) -> None:
    """Print the config that draws a picture again."""
    from ...builds.pictures import config_in

    config, whole = config_in(path)
    console.show(config)
    state = "is as it was drawn" if whole else "was changed after it was drawn"
    told = f"{printable(path)} {state}; as a config for lrviz build this draws it again"
    console.tell([told], quiet)
