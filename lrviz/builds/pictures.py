"""The picture files of config files: where they are, whether they are up to date, drawing them."""

import errno
import os
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from ..answers.drawing import Drawing
from ..errors import LrvizError, Sentence, option, quoted, reason, sentence, shown
from ..outputs import pictures, toml
from ..outputs.files import whole_file
from ..outputs.pictures import Format
from ..outputs.themes import BOTH, PAIR, file_of
from ..series import Series, check_names
from .config import Config, is_name, read_config
from .resolve import drawing_of
from .settings import FigureSettings

if TYPE_CHECKING:
    from ..logs.records import Progress
    from .lines import KeyPath

_LARGEST = 30_000_000
"""How many bytes the file of a picture has at most."""

WHERE = "as output, or another folder with " + option("out_dir")
"""How another file can be named for a picture that cannot be written."""


class Picture(NamedTuple):
    """A file, and what is drawn in it on paper of a theme."""

    path: str
    form: Format
    drawing: Drawing
    theme: str

    def fault(self) -> str:
        """Return in a few words what is wrong with the file, "" if nothing is."""
        try:
            data = _content(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return "missing"
        except OSError as error:
            raise _unreadable(self.path, error, "name another file " + WHERE) from None
        found = self.form.read(data)
        if found is None:
            return "edited (it does not say what it shows)"
        if not found.whole:
            return "edited (it is not as it was drawn)"
        about = self.drawing.about(self.theme)
        return "" if found.about == about else f"stale ({_change(found.about, about)})"

    def draw(self) -> Sequence[str]:
        """Write the file, whole or not at all, and return notes; LrvizError if that fails."""
        data, notes = self.drawing.render(self.form, self.theme)
        with whole_file(self.path, WHERE) as file:
            file.write(data)
        return notes


def checked(picture: Picture, pixels: bool) -> tuple[str, Sequence[str]]:
    """Return what is wrong with a picture, and notes on a new drawing of it.

    With `pixels` that includes pixels that a new drawing has not.
    """
    fault = picture.fault()
    if fault or not pixels:
        return fault, ()
    drawn, notes = picture.drawing.render(picture.form, picture.theme)
    other = picture.form.difference(_content(picture.path), drawn)
    return other and f"drawn otherwise ({other})", notes


def brought_up_to_date(picture: Picture, force: bool) -> tuple[bool, Sequence[str]]:
    """Draw a picture unless it shows already what it should; return whether it was, and notes."""
    if not force and not picture.fault():
        return False, ()
    return True, picture.draw()


class Figure(NamedTuple):
    """A figure of a config file and its pictures; with two themes, those on dark paper too."""

    settings: FigureSettings
    pictures: Sequence[Picture]
    dark: Sequence[Picture]

    @property
    def shown(self) -> tuple[Picture, Picture | None]:
        """The picture for a document, one that it can show if any; and the dark one beside it."""
        usable = (i for i, picture in enumerate(self.pictures) if picture.form.in_documents)
        chosen = next(usable, 0)
        return self.pictures[chosen], self.dark[chosen] if self.dark else None


def figures_of(
    files: Iterable[str], out_dir: str | None, progress: "Progress | None" = None
) -> tuple[list[Figure], list[str]]:
    """Return the figures of config files, and notes on what was read for them.

    The pictures are in the folders of their configs, or below `out_dir`, and `progress` is told how
    far each log is read. LrvizError for the first
    setting that is wrong; then nothing was written.
    """
    found: list[Figure] = []
    notes: list[str] = []
    files = list(files)
    reads = {os.path.realpath(file) for file in files}
    taken: dict[str, str] = {}
    for file in files:
        config, all_settings = read_config(Path(file))
        root = config.folder if out_dir is None else Path(out_dir)
        for settings in all_settings:
            drawing = drawing_of(config, settings, progress)
            notes += drawing.notes
            figure = _figure(config, settings, root, drawing)
            reads |= _logs(config, figure)
            for picture in (*figure.pictures, *figure.dark):
                with config.told(settings.place, "output"):
                    _check_file(picture.path, reads, taken)
                taken[os.path.realpath(picture.path)] = settings.name
            found.append(figure)
        _check_names(config, found[-len(all_settings) :])
    return found, list(dict.fromkeys(notes))


def _check_names(config: Config, figures: Sequence[Figure]) -> None:
    """Raise LrvizError if a value was given to a name that no text has which it is meant for."""
    read: dict[KeyPath, list[Series]] = {}
    given: dict[KeyPath, Mapping[str, Any]] = {}
    for figure in figures:
        views = figure.pictures[0].drawing.views
        for panel, view in zip(figure.settings.panels, views, strict=True):
            place = config.holder(panel.place, "set")
            if place is not None:
                read.setdefault(place, []).extend(view.inputs)
                given[place] = panel.set
    for place, names in given.items():
        with config.told(place, "set"):
            check_names(read[place], names)


def _logs(config: Config, figure: Figure) -> set[str]:
    """Return the paths of the logs of a figure, with and without what may be a column."""
    logs = {one.log for view in figure.pictures[0].drawing.views for one in view.inputs if one.log}
    paths = {path for log in logs for path in (log, log.rpartition(":")[0]) if path}
    return {os.path.realpath(config.folder / path) for path in paths}


def _check_file(path: str, reads: set[str], taken: dict[str, str]) -> None:
    """Raise LrvizError if what is at a path cannot be, or must not be, replaced by a picture."""
    shown, real = quoted(path, most=1000), os.path.realpath(path)
    if real in taken:
        raise LrvizError(
            f"{shown} is a picture of the figure {quoted(taken[real])} too; name another as output"
        )
    if real in reads:
        raise LrvizError(f"{shown} is read for the figures; name another as output")
    try:
        mode = Path(real).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:  # a name that is too long, a folder that may not be entered
        why = f"{shown} cannot be written ({reason(error)}); name another file "
        raise LrvizError(why + WHERE) from None
    if stat.S_ISDIR(mode):
        raise LrvizError(f"{shown} is a folder; name a file in it " + WHERE)
    if not stat.S_ISREG(mode):
        raise LrvizError(f"{shown} is a device or a pipe; name a file " + WHERE)


def config_in(path: str) -> tuple[str, bool]:
    """Return the config that draws a picture again, and whether the file is as it was drawn.

    LrvizError if the file cannot be read, or says nothing of itself.
    """
    try:
        data = _content(path)
    except OSError as error:
        raise _unreadable(path, error, "name a picture that lrviz drew") from None
    found = pictures.read(data)
    table = _figures_in(found.about).get("") if found else None
    if found is None or not isinstance(table, dict):
        raise LrvizError(
            f"{quoted(path, most=1000)} does not say what it shows; name a picture that lrviz drew"
        )
    drawn = f"{{name}}.{found.form}"
    output = {} if drawn in FigureSettings.output else {"output": drawn}
    name = PurePath(path).stem
    return toml.written({name if is_name(name) else "figure": {**output, **table}}), found.whole


def _content(path: str) -> bytes:
    """Return what is in the file of a picture; OSError if it cannot be read, or cannot be one."""
    if Path(path).exists() and not Path(path).is_file():
        raise OSError(errno.EINVAL, "it is a folder, a device or a pipe")
    with Path(path).open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST // 10**6} MB")
    return data


def _figures_in(about: str) -> Mapping[str, Any]:
    """Return the figures that a text about a picture describes; none if it is no such text."""
    try:
        found = tomllib.loads(about).get("figure")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _unreadable(path: str, error: OSError, cure: str | Sentence) -> LrvizError:
    why = f"{quoted(path, most=1000)} cannot be read ({reason(error)}); "
    return LrvizError(why + sentence(cure))


def _figure(config: Config, settings: FigureSettings, root: Path, drawing: Drawing) -> Figure:
    """Return a figure with its pictures; with two themes the dark ones have names of their own."""
    themes = PAIR if settings.theme == BOTH else (settings.theme,)
    main, *others = themes
    drawn, dark = [], []
    for name in settings.output:
        path = PurePath(os.path.normpath(name.replace("{name}", settings.name)))
        with config.told(settings.place, "output"):
            form = pictures.format_of(path, "output ")
            _check_place(path, root)
        drawn.append(Picture(str(root / path), form, drawing, main))
        for theme in others:
            beside = file_of(path, theme, themes)
            dark.append(Picture(str(root / beside), form, drawing, theme))
    return Figure(settings, drawn, dark)


def _check_place(path: PurePath, root: Path) -> None:
    """Raise LrvizError if a picture would lie outside of the folder of all."""
    inside = Path(os.path.realpath(root))
    if inside not in Path(os.path.realpath(root / path)).parents:
        raise LrvizError(
            f"output {quoted(str(path))} lies outside of the folder "
            f"{quoted(str(root), most=1000)}; name a file in it, or another folder with "
            + option("out_dir")
        )


def _change(before: str, now: str) -> str:
    """Return in a few words how two texts about a picture differ."""
    old, new = (dict(_leaves(_figures_in(text))) for text in (before, now))
    if not old:
        return "it says in another way what it shows"
    for key in {**old, **new}:
        if key not in old:
            return f"{key} is {shown(new[key])} now"
        if key not in new:
            return f"{key} was {shown(old[key])}"
        if old[key] != new[key]:
            return f"{key} was {shown(old[key])} and is {shown(new[key])} now"
    return "the same settings give other rates now"


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values within tables and lists, with names such as "curves[0]"."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{name}[{number}]")
    else:
        yield name, value
