"""Mutations of texts, the same for the same seed."""

import random
from collections.abc import Callable, Sequence

ODD = (
    *("0", "-1", "1", "2", "-0.0", "1e308", "1e-320", "nan", "inf", "-inf", "1e400", "0x10"),
    *("9007199254740993", "1" + "0" * 40, "9" * 5000, "1_000", "1e", ".5", "5.", "1.5", "True"),
    *("", " ", "\n", "\t", "\r", "\0", "\x1b[31m", "\ufeff", "\u202e", "中", "\ud800", "é", "½"),
    *("/", ":", "=", ",", "{", "}", "(", ")", "[", "]", "'", '"', "@", "%", "#", "-", "*", "**"),
    *("None", "null", "true", "lambda t: t", "k", "M", "ep", "1%", "..", "\\", "//", "<", "&"),
)
"""What stands in the place of a number, or anywhere."""

_LONGEST = 20_000
"""How long a text becomes at most."""


class Mutations:
    """Makes texts out of others."""

    def __init__(self, seeds: Sequence[str], seed: int) -> None:
        self.seeds, self.random = seeds, random.Random(seed)  # noqa: S311
        self.ways: Sequence[Callable[[str], str]] = (
            *(self._without, self._inserted, self._inserted, self._number, self._number),
            *(self._swapped, self._spliced, self._again, self._cut, self._word),
        )

    def text(self) -> str:
        """Return a text that was mutated a few times."""
        text = self.random.choice(self.seeds)
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            text = self.random.choice(self.ways)(text)[:_LONGEST]
        return text

    def _span(self, text: str) -> tuple[int, int]:
        begin = self.random.randrange(len(text) + 1)
        return begin, min(begin + self.random.choice((1, 1, 2, 5, 20)), len(text))

    def _without(self, text: str) -> str:
        begin, end = self._span(text)
        return text[:begin] + text[end:]

    def _inserted(self, text: str) -> str:
        begin, _ = self._span(text)
        return text[:begin] + self.random.choice(ODD) + text[begin:]

    def _number(self, text: str) -> str:
        """Put something else in the place of a run of digits."""
        places = [i for i, c in enumerate(text) if c.isdigit() and not text[i - 1 : i].isdigit()]
        if not places:
            return self._inserted(text)
        begin = end = self.random.choice(places)
        while text[end : end + 1].isdigit() or text[end : end + 1] == ".":
            end += 1
        return text[:begin] + self.random.choice(ODD) + text[end:]

    def _swapped(self, text: str) -> str:
        (a, b), (c, d) = sorted((self._span(text), self._span(text)))
        return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]

    def _spliced(self, text: str) -> str:
        other = self.random.choice(self.seeds)
        return text[: self._span(text)[0]] + other[self._span(other)[0] :]

    def _again(self, text: str) -> str:
        """Repeat a part, now and then very often."""
        begin, end = self._span(text)
        times = self.random.choice((2, 2, 3, 10, 300))
        return text[:begin] + text[begin:end] * times + text[end:]

    def _cut(self, text: str) -> str:
        return text[: self._span(text)[0]]

    def _word(self, text: str) -> str:
        """Put a word of another text in the place of one."""
        words, others = text.split(), self.random.choice(self.seeds).split()
        if not words or not others:
            return text
        return text.replace(self.random.choice(words), self.random.choice(others), 1)
