"""Values for names that a pasted program lacks, as NAME=VALUE."""

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import LrvizError, Sentence, quoted
from .quantities import Run, quantity, starts_as_number


class Several(tuple[Any, ...]):
    """Values of one name, of which each makes a curve."""

    __slots__ = ()


def names_of(subject: str | Sentence, texts: Iterable[str], run: Run) -> dict[str, Any]:
    """Return names and values from texts NAME=VALUE; LrvizError about `subject` for a wrong one.

    A value is a number with or without a unit, a Python literal, or else a word; in braces, as in
    {0.1,0.03}, it is several.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = _parted(text)
        if not equals or not name or not value:
            takes = " takes NAME=VALUE, such as args.lr=0.1"
            raise LrvizError(subject + takes + f", not {quoted(text)}")
        if name in found:
            raise LrvizError(subject + f" gives {quoted(name)} twice; keep one of them")
        found[name] = value_of(subject, name, value, run)
    return found


def as_typed(names: Mapping[str, Any]) -> dict[str, Any]:
    """Return names and their values as a config holds them: what TOML lacks in words."""
    return {name: _typed(value) for name, value in names.items()}


def _typed(value: Any) -> Any:
    if isinstance(value, Several):
        return f"{{{','.join(map(str, value))}}}"
    return str(value) if value is None or isinstance(value, tuple) else value


def _parted(text: str) -> tuple[str, str, str]:
    """Return the name, the sign and the value; a name may have signs in its brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "=" and depth == 0:
            return text[:place].strip(), "=", text[place + 1 :].strip()
    return text.strip(), "", ""


def value_of(subject: str | Sentence, name: str, text: str, run: Run) -> Any:
    """Return what the text of a value says; LrvizError about `subject` if its unit is not known."""
    if text.startswith("{") and text.endswith("}") and ":" not in text:
        from .braces import expand

        return Several(value_of(subject, name, one, run) for one, _ in expand(text))
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        pass
    if not starts_as_number(text):
        return text
    try:
        number = quantity(text, run)
    except LrvizError as error:
        raise LrvizError(subject + f" {quoted(f'{name}={text}')} " + error.sentence) from None
    return int(number) if number == int(number) else number  # 10k and 90ep are whole numbers
