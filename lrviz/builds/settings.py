"""What a config file says of figures, their panels and their curves.

Each setting is a field; those of panels are the fields of their look.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from ..errors import LrvizError, Sentence, listing
from ..outputs import settings
from ..outputs.look import Look, Style
from ..outputs.paper import Paper, inches
from ..outputs.pictures import formats
from ..outputs.settings import Setting, Value, Word, parts_of, settings_of
from ..outputs.themes import BOTH, THEMES
from .lines import KeyPath

_ENDINGS = [f"`.{name}`" for name in formats()]


def _curves(subject: Sentence, value: Value) -> Value:
    """Check that this is a list; what is in it the reader of the file reads."""
    if not isinstance(value, list) or not value:
        raise LrvizError(
            subject + ' is a list of curves, such as ["exp:lr=0.01,rate=0.9,steps=100"]'
        )
    return value


def _names(subject: Sentence, value: Value) -> Value:
    """Check that this is a table; what the texts in it say is read when the run is known."""
    if not isinstance(value, dict):
        raise LrvizError(subject + ' is a table of names and values, such as { "args.lr" = 0.1 }')
    return value


def _panels(subject: Sentence, value: Value) -> Value:
    if not isinstance(value, list):
        raise LrvizError(subject + " is a list of tables; write [[figure.NAME.panel]] for each")
    return value


def _size(subject: Sentence, value: Value) -> str:
    inches(subject, settings.text(subject, value))
    return str(value)


@dataclass(frozen=True, kw_only=True)
class CurveSettings:
    """A curve, or several if the spec has braces; `style` has what is said of that."""

    spec: Annotated[
        str, Setting("spec, framework's call or `@FILE`, with or without `LABEL=`", settings.text)
    ]
    label: Annotated[str | None, Setting("label", settings.text)] = None
    style: Annotated[Mapping[str, Any], Style] = field(default_factory=dict)
    place: KeyPath = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class PanelSettings:
    """Curves on one pair of axes; `look` has what is said of them, as the checks left it."""

    curves: Annotated[
        tuple[CurveSettings, ...], Setting("list of specs, or of tables", _curves, own=True)
    ] = ()
    lr: Annotated[
        float | None, Setting("the optimizer's rate, for calls that take it", settings.between(0))
    ] = None
    set: Annotated[
        Mapping[str, Any],
        Setting('values of names that a program lacks, such as `{ "args.lr" = 0.1 }`', _names),
    ] = field(default_factory=dict)
    look: Annotated[Mapping[str, Any], Look] = field(default_factory=dict)
    place: KeyPath = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class FigureSettings(PanelSettings):
    """A figure: one panel, or several with settings of their own, and how it is printed."""

    name: str = ""
    output: Annotated[
        tuple[str, ...],
        Setting(
            f"file or list of files, {listing(_ENDINGS, 'or')}; `{{name}}` is the figure's",
            settings.names,
        ),
    ] = ("{name}.png",)
    alt: Annotated[
        str, Setting("what the figure shows, for those who do not see it", settings.text, own=True)
    ] = ""
    size: Annotated[str | None, Setting('size in inches, such as `"8x4.5"`', _size)] = None
    dpi: Annotated[int, Setting("dots per inch of a PNG", settings.whole(20, 2400))] = Paper.dpi
    theme: Annotated[
        str,
        Setting(
            "`light`, `dark`, `print` for black and white, or `both`: then `NAME-dark.png` stands "
            "beside `NAME.png`",
            Word((*THEMES, BOTH)),
        ),
    ] = Paper.theme
    columns: Annotated[int, Setting("how many panels stand side by side", settings.whole(1, 8))] = 1
    panel: Annotated[
        tuple[PanelSettings, ...],
        Setting("panels, each `[[figure.NAME.panel]]`", _panels, own=True),
    ] = ()

    @property
    def panels(self) -> tuple[PanelSettings, ...]:
        """The panels; a figure without is itself one."""
        return self.panel or (self,)


def kept(kind: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in which a class keeps the given settings, those of its parts together."""
    found = dict(given)
    for name, part in parts_of(kind).items():
        found[name] = {key: found.pop(key) for key in given if key in settings_of(part)}
    return found
