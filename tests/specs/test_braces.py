"""Braces, as the shell expands them."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import SpecError
from lrviz.specs.braces import MOST, expand


def texts(text: str) -> list[str]:
    return [found for found, _ in expand(text)]


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("a", ["a"]),
        ("{a,b}", ["a", "b"]),
        ("x{a,b}y", ["xay", "xby"]),
        ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
        ("{a,b{1,2}}", ["a", "b1", "b2"]),
        ("{,a}", ["", "a"]),
        ("{1..4}", ["1", "2", "3", "4"]),
        ("{3..1}", ["3", "2", "1"]),
        ("{0..10..5}", ["0", "5", "10"]),
        ("{-1..1}", ["-1", "0", "1"]),
        ("a,{b,c}", ["a,b", "a,c"]),
    ],
)
def test_expansions(text: str, expanded: list[str]) -> None:
    assert texts(text) == expanded


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to compare with")
@given(
    st.recursive(
        st.sampled_from(["a", "b1", "c=2", "{1..3}"]),
        lambda inner: (
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: "{" + ",".join(parts) + "}")
            | st.tuples(inner, inner).map("".join)
        ),
        max_leaves=6,
    )
)
def test_bash_expands_the_same(text: str) -> None:
    try:
        ours = texts(text)
    except SpecError:  # more than are drawn at once
        return
    bash = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {text}"],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    assert ours == bash.stdout.splitlines()


def test_what_was_chosen_is_told() -> None:
    assert expand("a{b,c}{1,2}") == [
        ("ab1", ("b", "1")),
        ("ab2", ("b", "2")),
        ("ac1", ("c", "1")),
        ("ac2", ("c", "2")),
    ]


@given(st.text("{},.a1", max_size=60))
def test_any_text_is_expanded_or_refused_in_words(text: str) -> None:
    try:
        found = texts(text)
    except SpecError as error:
        assert 0 <= error.start <= error.end <= len(text)  # noqa: PT017
    else:
        assert 0 < len(found) <= MOST


@pytest.mark.parametrize("text", ["{a,b}" * 50, "{1..999999999999}", "{" * 500, "{a,{" * 100])
def test_nothing_explodes(text: str) -> None:
    with pytest.raises(SpecError):
        expand(text)
