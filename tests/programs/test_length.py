"""How many steps of a program are shown unless it is said."""

import pytest

from lrviz import parse

MILESTONES = """
def rate(epoch):
    lr = 0.1
    for mile in [30, 60, 70]:
        lr *= 0.1 if epoch >= mile else 1
    return lr
"""


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param(MILESTONES, 78, id="a tenth more than up to its last turn"),
        pytest.param("def rate(step):\n    return 0.1 * 0.5**step", None, id="no turns, no end"),
        pytest.param(
            "def rate(step):\n    return 0.1 if step % 2 else 0.2", None, id="turns without end"
        ),
        pytest.param("import numpy as np\nrates = np.linspace(0.1, 0, 40)", 40, id="a list"),
    ],
)
def test_a_program_is_as_long_as_its_turns(text: str, length: int | None) -> None:
    assert parse(text).length == length
