"""The config that draws again what was typed."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from ..errors import LrvizError, option, quoted
from ..outputs import pictures, toml
from ..outputs.pictures import Format
from ..series import from_folder
from .config import is_name
from .settings import FigureSettings


def config_of(
    file: str,
    specs: Sequence[str],
    output: str | None,
    form: Format | None,
    settings: Mapping[str, Any],
) -> str:
    """Return the config that draws specs with settings as typed, to be written to a new file.

    The picture is `output`, in the format `form`; None leaves them to the config. LrvizError if it
    cannot be written.
    """
    shown, folder = quoted(file, most=1000), Path(file).parent
    if os.path.lexists(file):
        raise LrvizError(
            option("save_config") + f" {shown} is there already; name a new file, or delete it"
        )
    name, drawn = _picture(file, output, form)
    if not is_name(name):
        name = "figure"
    usual = {FigureSettings.output, tuple(one.format(name=name) for one in FigureSettings.output)}
    curves = [from_folder(spec, str(folder)) for spec in specs]
    table = {**({} if (drawn,) in usual else {"output": drawn}), **settings, "curves": curves}
    return toml.written({name: table})


def _picture(file: str, output: str | None, form: Format | None) -> tuple[str, str]:
    """Return the name of the figure, and its file as a config in that folder says it."""
    if output in (None, "-"):
        return Path(file).stem, f"{{name}}.{form.name}" if form else FigureSettings.output[0]
    folder = os.path.realpath(Path(file).parent)
    path = PurePath(os.path.relpath(os.path.realpath(output), folder))
    if path.parts[0] == "..":
        raise LrvizError(
            option("save_config") + f" {quoted(file, most=1000)} draws in its own folder, and "
            f"{quoted(output)} is not in it; save the config beside the figure"
        )
    if form and pictures.named(path) is not form:
        raise LrvizError(
            option("save_config")
            + f" needs a figure whose name says its format, and {quoted(output)} "
            f"does not; end it in .{form.name}"
        )
    if "{name}" in path.stem:  # in a config that stands for the name
        return path.stem, path.with_name(f"{{name}}{path.suffix}").as_posix()
    return path.stem, path.as_posix()
