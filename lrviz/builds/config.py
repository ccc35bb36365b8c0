"""Config files: TOML with the settings of one or several figures."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import (
    LrvizError,
    Option,
    Sentence,
    SpecError,
    cut,
    printable,
    quoted,
    reason,
    sentence,
    uncapitalized,
)
from ..outputs.settings import Setting, Value, settings_of, unknown
from ..outputs.toml import literal
from .lines import KeyPath, line_of
from .settings import CurveSettings, FigureSettings, PanelSettings, kept

LARGEST = 10_000_000
"""How many bytes a config file may have."""

_FILE = "a file"
"""What holds settings for all of its figures."""

_WRITTEN = {"horizon": "steps", "names": "set"}
"""Settings that are called otherwise than in Python."""

_NAME = re.compile(r"[^/\\\x00-\x1f]+")


@dataclass(frozen=True)
class Config:
    """A config file: where it is, its text, and the document that TOML makes of it."""

    path: Path
    text: str
    document: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """The folder it stands in, from which its paths go out."""
        return self.path.parent

    @contextmanager
    def told(self, place: KeyPath, key: str = "", of: str = "") -> Iterator[None]:
        """Name file and line in the errors of what is done with a value.

        It stands at `place`, or as the setting `key` of the table there or of one that is around.
        What it is a part `of` is named where the errors themselves name no setting.
        """
        begin = f"{of}: " if of else ""
        try:
            yield
        except SpecError as error:
            fault = self.fault(place, begin + error.sentence.spelled(_as_setting), key)
            raise SpecError(fault.sentence, error.text, error.start, error.end) from None
        except LrvizError as error:
            raise self.fault(place, begin + error.sentence.spelled(_as_setting), key) from None

    def fault(self, place: KeyPath, message: str | Sentence, key: str = "") -> LrvizError:
        """Return an error about a value."""
        return LrvizError(f"{self.where(place, key)}: " + sentence(message))

    def where(self, place: KeyPath, key: str = "") -> str:
        """Return file and line of a value, as errors name them."""
        held = self.holder(place, key)
        line = line_of(self.text, place if held is None else (*held, key))
        return f"{printable(str(self.path))}, line {line}"

    def holder(self, place: KeyPath, key: str) -> KeyPath | None:
        """Return the table at `place`, or the one nearest around it, that has a setting."""
        around = (place[:end] for end in range(len(place), -1, -1))
        return next((at for at in around if key and key in self._at(at)), None)

    def _at(self, place: KeyPath) -> Mapping[str, Any]:
        """Return the table at `place`, an empty one if there is something else."""
        value: Any = self.document
        for part in place:
            value = value[part]
        return value if isinstance(value, dict) else {}

    def figures(self) -> list[FigureSettings]:
        """Return the figures it describes; LrvizError for the first setting that is wrong."""
        top = dict(self.document)
        named = top.pop("figure", {})
        if not isinstance(named, dict) or not all(isinstance(one, dict) for one in named.values()):
            raise self.fault(
                ("figure",), "figure is a table of tables; write [figure.NAME] for each"
            )
        defaults = self._values(FigureSettings, top, (), _FILE)
        return [self._figure(name, table, defaults) for name, table in named.items()]

    def _figure(
        self, name: str, table: Mapping[str, Value], defaults: Mapping[str, Any]
    ) -> FigureSettings:
        place: KeyPath = ("figure", name)
        if not is_name(name):
            raise self.fault(
                place,
                f"the name of a figure is one of a file, and {quoted(name)} is none; change it",
            )
        given = {**defaults, **self._values(FigureSettings, table, place, "a figure")}
        panels = [
            self._panel(one, (*place, "panel", i), given)
            for i, one in enumerate(given.pop("panel", ()))
        ]
        if panels and "curves" in given:
            raise self.fault(
                (*place, "curves"), "a figure has curves or panels; put the curves in a panel"
            )
        if not panels and "curves" not in given:
            raise self.fault(
                place, f'the figure has no curves; add curves = ["SPEC"] below [figure.{name}]'
            )
        return FigureSettings(
            name=name, place=place, panel=tuple(panels), **kept(FigureSettings, given)
        )

    def _panel(self, table: Value, place: KeyPath, figure: Mapping[str, Any]) -> PanelSettings:
        if not isinstance(table, dict):
            raise self.fault(place, "a panel is a table; write [[figure.NAME.panel]]")
        known = settings_of(PanelSettings)
        taken = {key: value for key, value in figure.items() if key in known and not known[key].own}
        given = {**taken, **self._values(PanelSettings, table, place, "a panel")}
        if "curves" not in given:
            raise self.fault(place, 'the panel has no curves; add curves = ["SPEC"]')
        return PanelSettings(place=place, **kept(PanelSettings, given))

    def _values(
        self, kind: type, table: Mapping[str, Value], place: KeyPath, holder: str
    ) -> dict[str, Any]:
        """Return the values of a table, checked."""
        known = settings_of(kind)
        found = {}
        for key, value in table.items():
            at = (*place, key)
            with self.told(at):
                found[key] = _setting(key, known, holder).check(sentence(key), value)
            if key == "curves":
                found[key] = tuple(self._curve(one, (*at, i)) for i, one in enumerate(value))
        return found

    def _curve(self, value: Value, place: KeyPath) -> CurveSettings:
        if isinstance(value, str):
            return CurveSettings(spec=value, place=place)
        if not isinstance(value, dict):
            wrong = cut(literal(value))
            raise self.fault(
                place, f'a curve is a spec in quotes or a table {{ spec = "..." }}, not {wrong}'
            )
        given = self._values(CurveSettings, value, place, "a curve")
        if "spec" not in given:
            raise self.fault(place, 'the curve has no spec; add spec = "..."')
        return CurveSettings(place=place, **kept(CurveSettings, given))


def read_config(path: Path) -> tuple[Config, list[FigureSettings]]:
    """Return a config file and the figures that it describes.

    Their specs are not read yet. LrvizError if the file cannot be read, or is not as it should be;
    it names file, line and key.
    """
    config = _opened(path)
    found = config.figures()
    if not found:
        raise LrvizError(
            f"{printable(str(path))} has no figures; begin one with a line [figure.NAME]"
        )
    return config, found


def _opened(path: Path) -> Config:
    name = quoted(str(path), most=1000)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise LrvizError(
            f"{name} cannot be read ({reason(error)}); name a config file in TOML"
        ) from None
    if len(data) > LARGEST:
        raise LrvizError(f"{name} is larger than {LARGEST // 10**6} MB; name a config file in TOML")
    try:
        text = data.decode()
        return Config(path, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LrvizError(
            f"{printable(str(path))}, line {line}: this is not UTF-8; save the file as that"
        ) from None
    except ValueError as error:  # tomllib's own, and Python's for numbers of too many digits
        raise LrvizError(f"{printable(str(path))}, {_not_toml(str(error), text)}") from None
    except RecursionError:
        raise LrvizError(f"{printable(str(path))} is nested too deep; make it flatter") from None


def _as_setting(option: Option) -> str | Option:
    """Return an option as a file has it, `lr = 0.1`; as it is if files have no such setting."""
    name = _WRITTEN.get(option.name, option.name)
    if name not in settings_of(FigureSettings):
        return option
    if isinstance(option.value, tuple):
        return f"{name} = {{ {', '.join(f'{literal(one)} = VALUE' for one in option.value)} }}"
    return name if option.value is None else f"{name} = {option.value}"


def _not_toml(message: str, text: str) -> str:
    """Return what tomllib complains of, as "line 3, column 5: this is not TOML (why); mend it"."""
    why, _, place = message.partition(" (at ")
    place = place.rstrip(")")
    if not place.startswith("line "):
        place = f"line {text.rstrip().count(chr(10)) + 1}"
    return f"{place}: this is not TOML ({uncapitalized(why)}); mend it"


def is_name(text: str) -> bool:
    """Return whether a figure can have that name, which is that of its picture."""
    return _NAME.fullmatch(text) is not None and text.isprintable()


def _setting(key: str, known: Mapping[str, Setting], holder: str) -> Setting:
    """Return the setting of that name; LrvizError if `holder` has none."""
    if key in known and not (holder == _FILE and known[key].own):
        return known[key]
    if key in settings_of(FigureSettings):
        raise LrvizError(f"{key} belongs to a figure; write it below [figure.NAME]")
    raise unknown(holder, key, known)
