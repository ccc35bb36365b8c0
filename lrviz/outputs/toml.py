"""Settings as TOML: of what was typed, to go on with; and of what was drawn, to draw it again."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100
_DEEPEST = 20
_LARGEST = 2**64


def written(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a config file with figures by their names; their panels are lists of tables."""
    return "\n".join(_figure(f"figure.{_key(name)}", table) for name, table in figures.items())


def escaped(text: str) -> str:
    """Return a config file in ASCII: all other characters stand in strings, and are escaped."""
    return "".join(c if c.isascii() else _escape(c) for c in text)


def _figure(header: str, table: Mapping[str, Any]) -> str:
    lines = [f"[{header}]", *_lines((k, v) for k, v in table.items() if k != "panel")]
    for panel in table.get("panel", ()):
        lines += ["", f"[[{header}.panel]]", *_lines(panel.items())]
    return "".join(f"{line}\n" for line in lines)


def _lines(entries: Iterable[tuple[str, Any]]) -> Iterator[str]:
    for key, value in entries:
        line = f"{_key(key)} = {literal(value)}"
        if isinstance(value, list) and len(value) > 0 and (len(value) > 2 or len(line) > _WIDTH):
            yield f"{_key(key)} = ["
            yield from (f"    {literal(one)}," for one in value)
            yield "]"
        else:
            yield line


def literal(value: Any, depth: int = 0) -> str:
    """Return a value as it is written in TOML; what no setting takes in words."""
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "a huge number"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Mapping):
        entries = (f"{_key(k)} = {literal(v, depth + 1)}" for k, v in value.items())
        return f"{{ {', '.join(entries)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(one, depth + 1) for one in value)}]"
    return str(value)  # dates and times


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable() and text.isascii():
        return f"'{text}'"
    return "".join(
        c if c.isprintable() else _escape(c) for c in json.dumps(text, ensure_ascii=False)
    )


def _escape(character: str) -> str:
    """Return the escape of a character; half a pair is none, and cannot be written."""
    number = 0xFFFD if "\ud800" <= character <= "\udfff" else ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
