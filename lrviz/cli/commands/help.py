"""`lrviz help`: the pages of the manual, and the help of each command."""

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ...discover import import_all
from ...docs import pages
from ...errors import LrvizError, did_you_mean, quoted
from ...outputs.markdown import for_terminal
from ...outputs.prose import Entry, beside
from .. import console, options
from ..app import app


def _commands() -> dict[str, Any]:
    """Return the commands, by their names."""
    import_all(__package__)
    group: Any = typer.main.get_command(app)
    return {name: command for name, command in sorted(group.commands.items()) if not command.hidden}


def _topics() -> Iterator[tuple[str, str]]:
    """Yield what help can be asked for, each with what it says."""
    yield from ((page.name, page.summary) for page in pages().values())
    yield from ((name, one.get_short_help_str(80)) for name, one in _commands().items())


@app.command("help", short_help="Show a page of the manual, or the help of a command.")
def show_help(
    context: typer.Context,
    topic: Annotated[
        str,
        typer.Argument(
            metavar="[TOPIC]",
            help="A page or a command; the list of pages if it is not given.",
            autocompletion=_topics,
            show_default=False,
        ),
    ] = "",
    colour: options.Colour = "auto",
) -> None:
    """\b
    lrviz help
    lrviz help specs
    lrviz help plot

    Show a page of the manual, or what lrviz COMMAND --help shows.
    """
    in_colour = console.wants_colour(sys.stdout, colour)
    width = console.size()[0]
    commands = _commands()
    found = pages()
    if topic in commands:
        shown = typer.Context(commands[topic], parent=context.parent, info_name=topic)
        console.show(f"{commands[topic].get_help(shown)}\n")
        return
    if topic in found:
        lines = for_terminal(found[topic].text, width, in_colour)
    elif topic == "":
        entries = [Entry(page.name, [page.summary]) for page in found.values()]
        names = ", ".join(commands)
        lines = iter(
            [
                "Pages:",
                *beside(entries, width, in_colour),
                "",
                "lrviz help PAGE shows one of them, lrviz help COMMAND the options of a command:",
                f"{names}.",
            ]
        )
    else:
        raise LrvizError(_unknown(topic, [*found, *commands]))
    console.show("".join(f"{line}\n" for line in lines))


def _unknown(topic: str, known: list[str]) -> str:
    """Return what is said of a topic that there is not."""
    from ...families import family
    from ...frameworks import calls_named

    if family(topic) is not None or (topic.replace(".", "_").isidentifier() and calls_named(topic)):
        return f"help has no page about {quoted(topic)}; lrviz explain {topic} says what it is"
    near = did_you_mean(topic, known) or "; lrviz help lists what there is"
    return f"help has no page and no command {quoted(topic)}{near}"
