"""`lrviz list`: the families there are, and the calls that are read."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...outputs.prose import Entry, beside
from .. import console, options
from ..app import app

if TYPE_CHECKING:
    from ...schedules.base import Schedule


@app.command("list", short_help="List the families of schedules, and the calls that are read.")
def list_families(colour: options.Colour = "auto") -> None:
    """\b
    lrviz list
    lrviz explain cosine

    List the families of schedules: what each does, and an example. Then the calls of frameworks
    that can be pasted in place of a spec.
    """
    from ...families import families
    from ...frameworks import Call, frameworks

    in_colour = console.wants_colour(sys.stdout, colour)
    kinds = families().values()
    wrappers = [kind for kind in kinds if kind.inner() is not None]
    lines = [
        "Curves:",
        *_entries((kind for kind in kinds if kind not in wrappers), in_colour),
        "",
        "Wrappers, which change or join others:",
        *_entries(wrappers, in_colour),
        "",
        "Calls, which can be pasted as they are:",
        *beside(
            [
                Entry(Call(one, one.calls[0]).title, [", ".join(sorted(one.calls, key=str.lower))])
                for one in frameworks()
            ],
            console.size()[0],
            in_colour,
        ),
        "",
        "lrviz explain NAME says more of each.",
    ]
    console.show("".join(f"{line}\n" for line in lines))


def _entries(kinds: Iterable[type["Schedule"]], colour: bool) -> Iterator[str]:
    """Yield for each family its name, what it does, and an example."""
    entries = [Entry(kind.name, [kind.summary(), kind.examples[0].spec]) for kind in kinds]
    return beside(entries, console.size()[0], colour)
