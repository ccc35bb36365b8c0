"""Errors that a user can mend: one sentence, and where possible the place in the text."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple


class Option(NamedTuple):
    """What a user can set, by its name in Python, and a value to give it; None for no value.

    Of `names` it has those of a program that are to be given values.
    """

    name: str
    value: float | str | tuple[str, ...] | None = None


class Sentence:
    """What an error says: pieces of text and, between them, options that who prints it spells."""

    __slots__ = ("pieces",)

    def __init__(self, *pieces: str | Option) -> None:
        self.pieces = pieces

    def __add__(self, after: "str | Sentence") -> "Sentence":
        return Sentence(*self.pieces, *sentence(after).pieces)

    def __radd__(self, before: str) -> "Sentence":
        return Sentence(before, *self.pieces)

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else _in_python(p) for p in self.pieces)

    def replaced(self, words: Mapping[str, str]) -> "Sentence":
        """Return it with other words in place of some."""
        pieces = list(self.pieces)
        for old, new in words.items():
            pieces = [p.replace(old, new) if isinstance(p, str) else p for p in pieces]
        return Sentence(*pieces)

    def spelled(self, spell: Callable[[Option], str | Option]) -> "Sentence":
        """Return it with options as `spell` spells them; those that it returns are left open."""
        return Sentence(*(p if isinstance(p, str) else spell(p) for p in self.pieces))


def sentence(text: str | Sentence) -> Sentence:
    """Return a text as a sentence without options, a sentence as it is."""
    return text if isinstance(text, Sentence) else Sentence(text)


def option(name: str, value: float | str | tuple[str, ...] | None = None) -> Sentence:
    """Return the mention of an option; a value in capitals stands for one."""
    return Sentence(Option(name, value))


def say_of_run(name: str, value: float, inside: str = "") -> Sentence:
    """Return the cure where a call must know more of the run: a keyword of the call, or an option.

    The keyword has the option's name unless it is called something else `inside` the call.
    """
    return f"write {inside or name}={value} inside the call, or add " + option(name, value)


def _in_python(mentioned: Option) -> str:
    """Return an option as a keyword argument."""
    name, value = mentioned
    if value is None:
        return name
    if isinstance(value, tuple):
        return f"{name}={{{', '.join(f'{one!r}: VALUE' for one in value)}}}"
    is_word = isinstance(value, str) and not value.isupper()
    return f"{name}={value!r}" if is_word else f"{name}={value}"


class LrvizError(Exception):
    """Input that lrviz refuses: one sentence with the rule, the value and the cure.

    `message` says it to who writes Python; others spell the options in `sentence` their own way.
    """

    def __init__(self, message: str | Sentence) -> None:
        super().__init__(message)
        self.sentence = sentence(message)

    @property
    def message(self) -> str:
        """The sentence, with its options as keyword arguments of Python."""
        return str(self.sentence)

    def __str__(self) -> str:
        return self.message


class ParameterError(LrvizError):
    """A value that a family or a call refuses: of its `parameter`, in a list the `member`.

    `rule` goes on after `key`, the word that specs have for the parameter; where `key` is empty it
    is a sentence by itself.
    """

    def __init__(
        self,
        family: str,
        key: str,
        rule: str | Sentence,
        parameter: str = "",
        member: int | None = None,
    ) -> None:
        self.family, self.key, self.rule = family, key, sentence(rule)
        self.parameter, self.member = parameter or key, member
        super().__init__(self.renamed(family, key))
        self.args = family, key, rule, parameter, member

    def renamed(self, call: str, argument: str) -> Sentence:
        """Return the sentence about a call that has another word for the parameter."""
        whose = f"{call}: " if call else ""
        return (f"{whose}{argument} " if self.key else whose) + self.rule


class UnknownLengthError(LrvizError):
    """How long a run or an epoch is does not show from its text, and may from those beside it."""


class SpecError(LrvizError):
    """A text that cannot be read; the fault lies in `text[start:end]`."""

    def __init__(self, message: str | Sentence, text: str, start: int, end: int) -> None:
        super().__init__(message)
        self.text, self.start, self.end = text, start, end
        self.args = message, text, start, end  # from which a copy in another process is made

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


def one_of(subject: str | Sentence, word: str, choices: Sequence[str]) -> str:
    """Return `word` if it is one of the choices, else raise LrvizError about `subject`."""
    if word not in choices:
        near = did_you_mean(word, choices)
        rule = f" is {listing(choices, 'or')}, not {quoted(word)}{near}"
        raise LrvizError(sentence(subject) + rule)
    return word
