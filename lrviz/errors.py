"""Errors that a user can mend: one sentence, and where possible the place in the text."""

import unicodedata
from collections.abc import Iterable, Sequence


class LrvizError(Exception):
    """Input that lrviz refuses. `message` is one sentence with the rule, the value and the cure."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ParameterError(LrvizError):
    """A value that a family refuses: of the field `parameter`, in a list its member `member`."""

    def __init__(self, message: str, parameter: str, member: int | None = None) -> None:
        super().__init__(message)
        self.parameter, self.member = parameter, member


class SpecError(LrvizError):
    """A text that cannot be read; the fault lies in `text[start:end]`."""

    def __init__(self, message: str, text: str, start: int, end: int) -> None:
        super().__init__(message)
        self.text, self.start, self.end = text, start, end

    def __str__(self) -> str:
        return f"{self.message}\n{self.pointer()}".rstrip()

    def pointer(self) -> str:
        """Return the text with carets under the fault, cut to the neighbourhood if it is long."""
        if not self.text.strip():
            return ""
        reach = 50  # characters shown on either side of the start of the fault
        first, last = max(self.start - reach, 0), self.start + reach
        end = max(self.end, self.start + 1)  # where something is missing, point at the next mark
        before = ("…" if first else "") + printable(self.text[first : self.start])
        at = printable(self.text[self.start : min(end, last)])
        after = printable(self.text[end:last]) + ("…" if last < len(self.text) else "")
        return f"  {before}{at}{after}\n  {' ' * cells(before)}{'^' * max(cells(at), 1)}".rstrip()


def printable(text: str) -> str:
    r"""Return `text` with control and other invisible characters spelled out, `\x1b` for escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(text: str, most: int = 60) -> str:
    """Return `text` for use inside a message: printable, in single quotes, cut when long."""
    return f"'{cut(text, most)}'"


def shown(value: object, most: int = 60) -> str:
    """Return `value` as Python writes it, for use inside a message: printable, cut when long."""
    return cut(repr(value), most)


def reason(error: OSError) -> str:
    """Return what the system says of an error, for use inside a message."""
    return uncapitalized(str(error.strerror or error))


def uncapitalized(text: str) -> str:
    """Return a sentence of the system or of a library for use inside a message."""
    return text[:1].lower() + text[1:]


def cut(text: str, most: int = 60) -> str:
    """Return `text` for use inside a message: printable, cut when long."""
    return printable(text if len(text) <= most else text[: most - 1] + "…")


def cells(text: str) -> int:
    """Return how many terminal columns `text` takes: 2 for wide (East Asian), 0 for combining."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known word nearest to `word`, or "" if none is near."""
    import difflib  # only needed once something went wrong

    words = {k.lower(): k for k in known}
    given = word.lower()
    near = difflib.get_close_matches(given, words, n=1, cutoff=0.6) or sorted(
        (k for k in words if len(given) > 1 and (given.startswith(k) or k.startswith(given))),
        key=len,
    )
    return f"; did you mean {quoted(words[near[0]])}?" if near else ""


def listing(words: Iterable[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end


def one_of(subject: str, word: str, choices: Sequence[str]) -> str:
    """Return `word` if it is one of the choices, else raise LrvizError about `subject`."""
    if word not in choices:
        near = did_you_mean(word, choices)
        raise LrvizError(f"{subject} is {listing(choices, 'or')}, not {quoted(word)}{near}")
    return word
