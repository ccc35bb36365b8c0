"""The line of every value of a TOML document is found, however the document is written."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.builds.lines import KeyPath, line_of, lines_of

EVERYTHING: list[tuple[str, list[KeyPath]]] = [
    ("# nothing = [ here, '", []),
    ("plain = 1 # not = here", [("plain",)]),
    (r'"quoted.key = [1]" = "a # \" [b] \\" # comment', [("quoted.key = [1]",)]),
    (r"'literal\key' = 'c:\'", [("literal\\key",)]),
    (r'"\u00e9\U0001F600\"" = 1979-05-27 07:32:00', [('é\U0001f600"',)]),
    ('"" = 1', [("",)]),
    ("1.2 = 3.4", [("1",), ("1", "2")]),
    (
        "dotted . \"k.e.y\" .\t's' = +1_000.5e-3",
        [("dotted",), ("dotted", "k.e.y"), ("dotted", "k.e.y", "s")],
    ),
    ("dotted.second = 07:32:00.999", [("dotted", "second")]),
    ('text = """', [("text",)]),
    ("[not.a.table]", []),
    (r'a = "b" ""\"""\\"""""', []),
    ("raw = ''' \"\"\" '' \\", [("raw",)]),
    (r"\'' [[neither]] # '''''", []),
    ("after = inf", [("after",)]),
    ('quotes = """"""""', [("quotes",)]),
    ("nothing = ''''''", [("nothing",)]),
    ("empty = {} # {", [("empty",)]),
    ("list = [ # ]", [("list",)]),
    ('    1, "]", # "', [("list", 0), ("list", 1)]),
    ("", []),
    ("    [2, [", [("list", 2), ("list", 2, 0), ("list", 2, 1)]),
    ("    3], []], '''],''',", [("list", 2, 1, 0), ("list", 2, 2), ("list", 3)]),
    (
        "{x=1, y.z = [",
        [("list", 4), ("list", 4, "x"), ("list", 4, "y"), ("list", 4, "y", "z")],
    ),
    ("        4,", [("list", 4, "y", "z", 0)]),
    ('        { deep = """', [("list", 4, "y", "z", 1), ("list", 4, "y", "z", 1, "deep")]),
    (
        '""" , deeper.deepest = false },',
        [("list", 4, "y", "z", 1, "deeper"), ("list", 4, "y", "z", 1, "deeper", "deepest")],
    ),
    ("    ] },", []),
    ("    1979-05-27T07:32:00Z", [("list", 5)]),
    ("    , 5,", [("list", 6)]),
    ("]", []),
    (
        'inline = { a = { b . c = 1, "b".d = [{}, {e="x"}] }, f = "}" }',
        [
            *(("inline",), ("inline", "a"), ("inline", "a", "b"), ("inline", "a", "b", "c")),
            *(("inline", "a", "b", "d"), ("inline", "a", "b", "d", 0)),
            *(("inline", "a", "b", "d", 1), ("inline", "a", "b", "d", 1, "e"), ("inline", "f")),
        ],
    ),
    ('[ figure . "plan" ] # [figure.wrong]', [("figure", "plan")]),
    ('title = ""', [("figure", "plan", "title")]),
    ("", []),
    ("[figure.plan.style]", [("figure", "plan", "style")]),
    ('color = "#fff"', [("figure", "plan", "style", "color")]),
    ("[[run]]", [("run",), ("run", 0)]),
    ("[run.log]", [("run", 0, "log")]),
    ("path = 1", [("run", 0, "log", "path")]),
    ("[[run.curves]]", [("run", 0, "curves"), ("run", 0, "curves", 0)]),
    ("label = 1", [("run", 0, "curves", 0, "label")]),
    ("[[run.curves]]", [("run", 0, "curves", 1)]),
    (
        "[run.curves.style.deep]",
        [("run", 0, "curves", 1, "style"), ("run", 0, "curves", 1, "style", "deep")],
    ),
    ("x = 1", [("run", 0, "curves", 1, "style", "deep", "x")]),
    ("[other]", [("other",)]),
    ("[[ run ]]", [("run", 1)]),
    (
        "[[run.curves]] # the first of the second run",
        [("run", 1, "curves"), ("run", 1, "curves", 0)],
    ),
    ("label = 1", [("run", 1, "curves", 0, "label")]),
    ("[late.inner]", [("late", "inner")]),
    ("x = 1", [("late", "inner", "x")]),
    ("[late]", [("late",)]),
    ("y = [", [("late", "y")]),
    ("]", []),
    ("[figure]", [("figure",)]),
    ("x = 1", [("figure", "x")]),
]
"""A document, and what stands on each of its lines."""

DOCUMENT = "\n".join(text for text, _ in EVERYTHING)


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of a value that tomllib has read, and of all that is in it."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_everything_that_toml_has_is_found(line_end: str) -> None:
    text = DOCUMENT.replace("\n", line_end)
    expected = {path: line for line, (_, found) in enumerate(EVERYTHING, 1) for path in found}
    assert lines_of(text) == {(): 1} | expected
    assert set(lines_of(text)) == set(paths(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (["dotted", "third"], "dotted . "),
        (["plain", "deeper", 1], "plain = "),
        (["list", 2, 5], "    [2, ["),
        (["run", 0, "curves", 2, "label"], "[[run.curves]]"),
        (["figure", "plan", "style", "width"], "[figure.plan.style]"),
        (["nothing of it"], EVERYTHING[0][0]),
    ],
)
def test_what_is_missing_is_told_where_it_is_missing(path: list[str | int], text: str) -> None:
    assert EVERYTHING[line_of(DOCUMENT, path) - 1][0].startswith(text)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing", "\n# nothing\n"])
def test_an_empty_document_is_line_one(text: str) -> None:
    assert lines_of(text) == {(): 1}
    assert line_of(text, ["a", 0]) == 1


ODD = "[]{}\"'#=,.\\\n\t aé1"
"""Characters that mean something to TOML, and a few that do not."""


@given(st.text(ODD))
def test_what_is_no_toml_has_an_end_too(text: str) -> None:
    try:
        line = line_of(text, ["a"])
    except ValueError:
        return
    assert 1 <= line <= 1 + text.count("\n")


KEYS = st.sampled_from("abc") | st.text(ODD, max_size=4)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        st.none(),  # a value that holds no others
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
"""What a document holds, however it is written."""


class Writer:
    """Writes a tree as TOML, choosing among the ways to do so.

    Before all that has a path stands a mark: the path between two zero bytes.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def _one_of(self, *choices: str) -> str:
        return self._draw(st.sampled_from(choices))

    def _chance(self) -> bool:
        return self._draw(st.booleans())

    def table(self, table: dict[str, Any], path: KeyPath = ()) -> str:
        """Return a table with its header, and those tables in it that have headers of their own."""
        apart = [key for key in table if may_have_headers(table[key]) and self._chance()]
        inside = {key: value for key, value in table.items() if key not in apart}
        own = "".join(entry + self._line_end() for entry in self._entries(inside, path))
        parts = [self._tables(table[key], (*path, key)) for key in apart]
        below = "".join(self._draw(st.permutations(parts)))
        if not path:
            return f"{mark(path)}{self._line_end()}{own}{below}"
        if below and isinstance(path[-1], str) and self._chance():
            return below + (self._header(path) + own if own or self._chance() else "")
        return self._header(path) + own + below

    def _tables(self, value: Any, path: KeyPath) -> str:
        if isinstance(value, dict):
            return self.table(value, path)
        return "".join(self.table(inner, (*path, i)) for i, inner in enumerate(value))

    def _header(self, path: KeyPath) -> str:
        keys = self._keys([key for key in path if isinstance(key, str)])
        header = f"[{keys}]" if isinstance(path[-1], str) else f"[[{keys}]]"
        return mark(path) + header + self._line_end()

    def _entries(
        self, table: dict[str, Any], path: KeyPath, dotted: tuple[str, ...] = ()
    ) -> list[str]:
        """Return `key = value` for all in a table, in any order, tables perhaps by dotted keys."""
        found: list[str] = []
        for key, value in table.items():
            keys, inner = (*dotted, key), (*path, key)
            if isinstance(value, dict) and value and self._chance():
                found += self._entries(value, inner, keys)
            else:
                sign = self._one_of("=", " = ", "\t=")
                found.append(mark(inner) + self._keys(keys) + sign + self._value(value, inner))
        return self._draw(st.permutations(found))

    def _value(self, value: Any, path: KeyPath) -> str:
        if isinstance(value, dict):
            return f"{{{self._one_of('', ' ')}{' , '.join(self._entries(value, path))}}}"
        if isinstance(value, list):
            text = "[" + self._gap()
            for index, inner in enumerate(value):
                comma = "," if index < len(value) - 1 or self._chance() else ""
                place = (*path, index)
                text += mark(place) + self._value(inner, place) + self._gap() + comma + self._gap()
            return text + "]"
        return self._scalar()

    def _scalar(self) -> str:
        if self._chance():
            return self._one_of("1", "-1.5e3", "inf", "true", "1979-05-27 07:32:00", "07:32:00.5")
        text = self._draw(st.text(ODD, max_size=12))
        if self._chance():
            return self._string(text)
        if self._chance():
            return "'''" + re.sub("'{3,}", "''", text) + "'''"
        text = text.replace("\\", "\\\\").replace('"""', '""\\"')
        return f'"""{text}"""'

    def _string(self, text: str) -> str:
        if not {"'", "\n"} & set(text) and self._chance():
            return f"'{text}'"
        return json.dumps(text, ensure_ascii=self._chance())

    def _keys(self, keys: Sequence[str]) -> str:
        bare = [key if re.fullmatch("[a-z0-9]+", key) else "" for key in keys]
        texts = [
            short if short and self._chance() else self._string(key)
            for short, key in zip(bare, keys, strict=True)
        ]
        return self._one_of(".", " . ", ".\t").join(texts)

    def _gap(self) -> str:
        return self._one_of("", "", " ", "\n", "# ] } ' \"\n", "\n\n\t")

    def _line_end(self) -> str:
        return self._one_of("\n", "\n\n", " # [a] = '\n", '\n# a = """ [\n')


def mark(path: KeyPath) -> str:
    return f"\0{path!r}\0"


def may_have_headers(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(inner, dict) for inner in value)
    return isinstance(value, dict)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    """Draw a document, and the lines of all that is written in it."""
    marked = Writer(draw).table(draw(TREES))
    marked = marked.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    text = ""
    lines = {}
    for index, piece in enumerate(marked.split("\0")):
        if index % 2:
            lines[ast.literal_eval(piece)] = 1 + text.count("\n")
        else:
            text += piece
    return text, lines


@given(documents())
def test_all_that_tomllib_reads_is_found_where_it_was_written(
    document: tuple[str, dict[KeyPath, int]],
) -> None:
    text, written = document
    found = lines_of(text)
    assert set(found) == set(paths(tomllib.loads(text)))
    for path, line in found.items():
        inside = [at for other, at in written.items() if other[: len(path)] == path]
        assert line == written.get(path, min(inside)), path
