"""What is written as TOML is read back by tomllib as it was."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lrviz.outputs.toml import escaped, written

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ['say "x"', "it's", "a\\b", "\t\n\r\x00\x7f", "学习率", "\U0001f600", "\"'", "exp:lr=1"]
)
values = st.recursive(
    texts | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(texts, some, max_size=3),
)
tables = st.dictionaries(texts.filter(lambda key: key != "panel"), values, max_size=4)
figures = st.dictionaries(
    texts,
    st.builds(
        lambda table, panels: {**table, **({"panel": panels} if panels else {})},
        tables,
        st.lists(tables, max_size=2),
    ),
    min_size=1,
    max_size=3,
)


@given(figures)
def test_figures_come_back(given: dict[str, Any]) -> None:
    assert tomllib.loads(written(given)) == {"figure": given}


@given(figures)
def test_in_ascii_they_come_back_too(given: dict[str, Any]) -> None:
    text = escaped(written(given))
    assert text.isascii()
    assert tomllib.loads(text) == {"figure": given}


def test_half_a_pair_is_written_as_what_stands_for_nothing() -> None:
    assert tomllib.loads(written({"a": {"title": "x\udc80"}})) == {
        "figure": {"a": {"title": "x\ufffd"}}
    }


def test_it_is_pleasant_to_read() -> None:
    """Short lists stand in one line, and texts with quotes in them are not full of backslashes."""
    curves = ["a=const:lr=1", {"spec": 'StepLR(o, "x")', "linewidth": 2.0}]
    table = {"title": "学习率", "curves": curves, "log": True, "panel": [{"curves": ["x"] * 3}]}
    assert written({"a b": table}) == (
        '[figure."a b"]\n'
        'title = "学习率"\n'
        'curves = ["a=const:lr=1", { spec = \'StepLR(o, "x")\', linewidth = 2.0 }]\n'
        "log = true\n"
        "\n"
        '[[figure."a b".panel]]\n'
        "curves = [\n"
        '    "x",\n'
        '    "x",\n'
        '    "x",\n'
        "]\n"
    )
