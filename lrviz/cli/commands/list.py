"""`lrviz list`: the families there are, and the calls and configs that are read."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Annotated

import typer

from ...errors import LrvizError, did_you_mean, listing, quoted
from ...outputs.prose import Entry, beside
from .. import console, options
from ..app import app


@app.command("list", short_help="List the families, and the calls and configs that are read.")
def list_all(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[WHAT]",
            help="curves, wrappers, calls or stacks; all if it is not given.",
            autocompletion=lambda: list(_PARTS),
            show_default=False,
        ),
    ] = "",
    colour: options.Colour = "auto",
) -> None:
    """\b
    lrviz list
    lrviz list stacks
    lrviz explain cosine

    List the families of schedules: what each does, and an example. Then the calls of frameworks
    that can be pasted in place of a spec, and the stacks whose configs and command lines are read,
    with the keys and the programs that these are known by.
    """
    if what and what not in _PARTS:
        near = did_you_mean(what, _PARTS) or f"; it is {listing(_PARTS, 'or')}"
        raise LrvizError(f"nothing that is listed is called {quoted(what)}{near}")
    in_colour = console.wants_colour(sys.stdout, colour)
    lines: list[str] = []
    for name, (title, entries) in _PARTS.items():
        if what == "" and name == "stacks":  # which have much to say
            lines += [
                f"{title} (lrviz list stacks says how they are known):",
                *_stack_names(in_colour),
                "",
            ]
        elif what in ("", name):
            lines += [f"{title}:", *beside([*entries()], console.size()[0], in_colour), ""]
    lines.append("lrviz explain NAME says more of each." if what != "stacks" else _HOW_TO)
    console.show("".join(f"{line}\n" for line in lines))


_HOW_TO = "lrviz explain @FILE says what is read; @FILE:STACK says whose a config is."


def _curves(*, that_wrap: bool = False) -> Iterator[Entry]:
    """Yield for each family its name, what it does, and an example."""
    from ...families import families

    for kind in families().values():
        if (kind.inner() is not None) == that_wrap:
            yield Entry(kind.name, [kind.summary(), kind.examples[0].spec])


def _calls() -> Iterator[Entry]:
    """Yield for each framework its title, and the names of its calls."""
    from ...frameworks import Call, frameworks

    for one in frameworks():
        yield Entry(Call(one, one.calls[0]).title, [", ".join(sorted(one.calls, key=str.lower))])


def _stacks() -> Iterator[Entry]:
    """Yield for each stack its name, its title, and what it is known by."""
    from ...configs import all_stacks

    for name, one in all_stacks().items():
        keys = dict.fromkeys(_shown(form) for form in one.keys)
        said = [one.title, *([f"has {listing(keys, 'or')}"] if keys else [])]
        yield Entry(
            name, [*said, *([f"runs as {', '.join(one.programs)}"] if one.programs else [])]
        )


def _stack_names(colour: bool) -> Iterator[str]:
    """Yield the lines of the names of all stacks."""
    from ...configs import all_stacks

    return beside([Entry("@FILE:", [", ".join(all_stacks())])], console.size()[0], colour)


def _shown(form: str) -> str:
    """Return settings that all must be there as a reader writes them, patterns left out."""
    parts = [part.removeprefix("**.") for part in form.split()]
    return " + ".join(part.partition("=")[0] if "*" in part else part for part in parts)


_PARTS: Mapping[str, tuple[str, Callable[[], Iterable[Entry]]]] = {
    "curves": ("Curves", _curves),
    "wrappers": ("Wrappers, which change or join others", partial(_curves, that_wrap=True)),
    "calls": ("Calls, which can be pasted as they are", _calls),
    "stacks": ("Stacks, whose configs and command lines are read", _stacks),
}
"""What is listed: by its name the title, and its entries."""
