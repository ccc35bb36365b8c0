"""`lrviz build`: the pictures of docs from config files, and whether they are up to date."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ...errors import LrvizError, one_of, printable
from ...specs.quantities import number
from .. import console, options
from ..app import app
from ..inputs import reading

if TYPE_CHECKING:
    from ...builds.pictures import Picture

Result = TypeVar("Result")

FAILED = 1
"""The exit status if a picture is not up to date."""

MOST_JOBS = 64


@app.command("build", short_help="Draw the figures of config files, or check them.")
def build(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Config files, TOML.", show_default=False),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Draw nothing; say which pictures are out of date.")
    ] = False,
    pixels: Annotated[
        bool, typer.Option("--pixels", help="With --check: hold the pixels to a new drawing too.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Draw pictures that are up to date again.")
    ] = False,
    out_dir: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder of the pictures; else FILE's.")
    ] = None,
    snippet: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="Print text that shows the pictures: md or rst.",
            autocompletion=lambda: ["md", "rst"],
        ),
    ] = None,
    jobs: Annotated[
        str, typer.Option("--jobs", "-j", metavar="N", help="How many processes draw.")
    ] = "1",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz build docs/figures.toml
    lrviz build docs/*.toml --check
    lrviz build docs/figures.toml --snippet md

    Draw the figures of config files. Pictures that are up to date are left as they are.

    Each picture holds the settings that it was drawn with, and a digest of its curves. With --check
    those are held to the config, so that neither a new matplotlib nor another font makes a picture
    out of date, but a changed spec, log or picture does. Exit status 1 if one is.
    """
    from ...builds.pictures import figures_of
    from ...builds.snippets import SNIPPETS

    if check and force:
        raise LrvizError("--force draws and --check does not; keep one of them")
    if pixels and not check:
        raise LrvizError("--pixels is a stricter --check; add --check")
    if snippet is not None:
        if check:
            raise LrvizError(
                "--snippet prints text about pictures that are drawn; leave out --check"
            )
        one_of("--snippet", snippet, tuple(SNIPPETS))
    processes = int(number("--jobs", jobs, least=1, most=MOST_JOBS))
    with reading(quiet) as progress:
        figures, notes = figures_of(files, out_dir, progress)
    console.tell(notes, quiet)
    pictures = [one for figure in figures for one in (*figure.pictures, *figure.dark)]
    if check:
        _conclude(_check(pictures, pixels, processes, quiet), pictures, files, quiet)
    else:
        _draw(pictures, force, processes, quiet)
    if snippet is not None:
        console.show("\n".join(SNIPPETS[snippet](figure) for figure in figures))


def _draw(pictures: "Sequence[Picture]", force: bool, processes: int, quiet: bool) -> None:
    from ...builds.pictures import brought_up_to_date

    drawn = 0
    for picture, is_new in _each(
        partial(brought_up_to_date, force=force), pictures, processes, quiet
    ):
        drawn += is_new
        if is_new and not quiet:
            console.say(f"wrote {printable(picture.path)}")
    if not quiet:
        console.say(f"{_counted(pictures)}: {drawn} drawn, {len(pictures) - drawn} up to date")


def _check(
    pictures: "Sequence[Picture]", pixels: bool, processes: int, quiet: bool
) -> dict[str, str]:
    """Return what is wrong with pictures, by their paths."""
    from ...builds.pictures import checked

    found = _each(partial(checked, pixels=pixels), pictures, processes, quiet)
    return {picture.path: fault for picture, fault in found if fault}


def _each(
    work: "Callable[[Picture], tuple[Result, Sequence[str]]]",
    pictures: "Sequence[Picture]",
    processes: int,
    quiet: bool,
) -> "Iterator[tuple[Picture, Result]]":
    """Yield pictures and what the work on each results in; warn of its notes, each once."""
    from ...builds.jobs import results

    said = set[str]()
    with console.bar(len(pictures), hidden=quiet, of="pictures") as progress:
        found = zip(pictures, results(work, pictures, processes), strict=True)
        for count, (picture, (result, notes)) in enumerate(found, 1):
            progress(count)
            console.warn(note for note in notes if note not in said)
            said.update(notes)
            yield picture, result


def _conclude(
    faults: dict[str, str], pictures: "Sequence[Picture]", files: Sequence[str], quiet: bool
) -> None:
    """Print what is wrong with pictures, and how it is mended."""
    for path, fault in faults.items():
        console.show(f"{printable(path)}: {fault}\n")
    if not faults:
        console.tell([f"{_counted(pictures)}, up to date"], quiet)
        return
    import shlex  # for commands to paste alone

    again = printable(shlex.join(files))
    count = f"{len(faults)} of {_counted(pictures)}"
    console.tell([f"{count} not up to date; draw with lrviz build {again}"], quiet)
    raise typer.Exit(FAILED)


def _counted(pictures: "Sequence[Picture]") -> str:
    return f"{len(pictures)} picture{'s' if len(pictures) != 1 else ''}"
