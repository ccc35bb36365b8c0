"""`lrviz build`: the pictures of docs from config files, and whether they are up to date."""

import shlex
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import LrvizError, one_of, printable
from ...specs.quantities import number
from .. import console, options
from ..app import app

if TYPE_CHECKING:
    from ...builds.pictures import Picture

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
        str | None,
        typer.Option("--out-dir", metavar="DIR", help="Folder of the pictures; else FILE's."),
    ] = None,
    snippet: Annotated[
        str | None,
        typer.Option(
            "--snippet",
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
    figures, notes = figures_of(files, out_dir)
    for note in () if quiet else notes:
        console.say(note)
    pictures = [one for figure in figures for one in (*figure.pictures, *figure.dark)]
    if check:
        _conclude(_check(pictures, pixels, processes, quiet), pictures, files, quiet)
    else:
        _draw(pictures, force, processes, quiet)
    if snippet is not None:
        console.show("\n".join(SNIPPETS[snippet](figure) for figure in figures))


def _draw(pictures: "Sequence[Picture]", force: bool, processes: int, quiet: bool) -> None:
    from ...builds.jobs import results
    from ...builds.pictures import brought_up_to_date

    count, said = 0, set[str]()
    work = partial(brought_up_to_date, force=force)
    with console.bar(len(pictures), hidden=quiet, of="pictures") as progress:
        for number_done, done in enumerate(results(work, pictures, processes), 1):
            progress(number_done)
            count += done.drawn
            console.warn(note for note in done.notes if note not in said)
            said.update(done.notes)
            if done.drawn and not quiet:
                console.say(f"wrote {printable(pictures[number_done - 1].path)}")
    if not quiet:
        console.say(f"{_counted(pictures)}: {count} drawn, {len(pictures) - count} up to date")


def _check(
    pictures: "Sequence[Picture]", pixels: bool, processes: int, quiet: bool
) -> dict[str, str]:
    """Return what is wrong with pictures, by their paths."""
    from ...builds.jobs import results
    from ...builds.pictures import Picture

    faults, said = {}, set[str]()
    with console.bar(len(pictures), hidden=quiet, of="pictures") as progress:
        found = results(partial(Picture.checked, pixels=pixels), pictures, processes)
        for number_done, (picture, verdict) in enumerate(zip(pictures, found, strict=True), 1):
            progress(number_done)
            console.warn(note for note in verdict.notes if note not in said)
            said.update(verdict.notes)
            if verdict.fault is not None:
                faults[picture.path] = verdict.fault
    return faults


def _conclude(
    faults: dict[str, str], pictures: "Sequence[Picture]", files: Sequence[str], quiet: bool
) -> None:
    """Print what is wrong with pictures, and how it is mended."""
    for path, fault in faults.items():
        console.show(f"{printable(path)}: {fault}\n")
    if not quiet and not faults:
        console.say(f"{_counted(pictures)}, up to date")
    if not quiet and faults:
        console.say(
            f"{len(faults)} of {_counted(pictures)} not up to date; "
            f"draw with lrviz build {printable(shlex.join(files))}"
        )
    if faults:
        raise typer.Exit(FAILED)


def _counted(pictures: "Sequence[Picture]") -> str:
    return f"{len(pictures)} picture{'s' if len(pictures) != 1 else ''}"
