"""`lrviz list`: the families there are, and the calls and configs that are read."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated

import typer

from ...errors import LrvizError, did_you_mean, listing, quoted
from ...outputs.prose import Entry, beside, paragraph
from .. import console, options
from ..app import app


@app.command("list", short_help="List the families, and the calls and configs that are read.")
def list_all(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[WHAT]",
            help="curves, wrappers, families, calls or stacks; all of them; or the name of one.",
            autocompletion=lambda: list(_LISTS),
            show_default=False,
        ),
    ] = "",
    colour: options.Colour = "auto",
) -> None:
    """\b
    lrviz list
    lrviz list calls
    lrviz list wsd
    lrviz list all

    List what there is by name: families of schedules, frameworks whose calls can be pasted, and
    stacks whose configs and command lines are read. Or say of some what each does, has, or is known
    by.
    """
    width, in_colour = console.size()[0], console.wants_colour(sys.stdout, colour)
    if what == "":
        lines = _in_short(width)
    elif what in _LISTS:
        lines = _at_length(_LISTS[what], width, in_colour)
    else:
        lines = beside(_called(what), width, in_colour)
    console.show("".join(f"{line}\n" for line in lines))


def _in_short(width: int) -> Iterator[str]:
    """Yield the names of all that there is."""
    for name, (title, entries) in _PARTS.items():
        yield f"{title} (lrviz list {name}):"
        names = ", ".join(entry.term.replace(" ", _NO_BREAK) for entry in entries())
        yield from ("  " + line.replace(_NO_BREAK, " ") for line in paragraph(names, width, 2))
        yield ""
    yield "lrviz list NAME says what one is, lrviz explain NAME more of a family or a call."


def _at_length(names: Sequence[str], width: int, colour: bool) -> Iterator[str]:
    """Yield what is said of all that is in some parts."""
    for name in names:
        title, entries = _PARTS[name]
        yield f"{title}:"
        yield from beside([*entries()], width, colour)
        yield ""
    yield "lrviz explain NAME says more of each." if names != ["stacks"] else _HOW_TO


def _called(what: str) -> list[Entry]:
    """Return all that has a name, with its version or without, in small letters or not."""
    there = [entry for _, entries in _PARTS.values() for entry in entries()]
    names = [entry.term.rpartition(" ")[0] or entry.term for entry in there]
    found = [
        entry
        for entry, name in zip(there, names, strict=True)
        if what.lower() in (name.lower(), entry.term.lower())
    ]
    if not found:
        raise LrvizError(f"nothing that is listed is called {quoted(what)}{_cure(what, names)}")
    return found


def _cure(what: str, names: Sequence[str]) -> str:
    """Return what to write in place of a name that is not listed."""
    from ...frameworks import calls_named

    if what.replace(".", "_").isidentifier() and calls_named(what):
        return f"; it is a call, which lrviz explain {what} explains"
    usual = f"; it is {listing(_LISTS, 'or')}, or the name of one of those"
    return did_you_mean(what, [*_LISTS, *names]) or usual


_NO_BREAK = "\N{NO-BREAK SPACE}"
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

_LISTS = {
    **{name: [name] for name in _PARTS},
    "families": ["curves", "wrappers"],
    "all": [*_PARTS],
}
"""The parts that a word stands for."""
