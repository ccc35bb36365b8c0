"""What is meant by texts that are nearly specs."""

import pytest

from lrviz import parse
from lrviz.families import families
from lrviz.specs.slips import nearest_family


@pytest.mark.parametrize(
    "text", ["lambda epoch: 0.1 * 0.5 ** epoch", "lr = lambda t: 0.1 * 0.5 ** t"]
)
def test_a_formula_needs_no_brackets(text: str) -> None:
    assert parse(text)([0, 1, 2]).tolist() == [0.1, 0.05, 0.025]


def test_names_of_families_that_are_joined_are_stages() -> None:
    assert nearest_family("warmup_cosine") == (
        "; stages are joined by a slash: write warmup:steps=VALUE/cosine:lr=VALUE,steps=VALUE"
    )
    assert nearest_family("exp+const").endswith(
        "write exp:lr=VALUE,rate=VALUE,steps=VALUE/const:lr=VALUE"
    )
    assert nearest_family("cosine_decay") == "; that is 'cosine' here"
    assert nearest_family("cosin") == "; did you mean 'cosine'?"
    assert nearest_family("zzz") == "; 'lrviz list' shows them all"


@pytest.mark.parametrize("name", families())
def test_a_family_is_not_taken_for_several(name: str) -> None:
    assert "slash" not in nearest_family(f"{name}x")
