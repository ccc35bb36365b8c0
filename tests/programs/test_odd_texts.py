"""Texts that mutated programs were, of which each once ended in a fault."""

import time

import pytest

from lrviz import LrvizError, parse


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "import numpy as np\nN = 0\ni = np.arange(N)\nrates = [0.1 for k in not i]",
            "ValueError: the truth of an array of no numbers is ambiguous",
            id="the truth of an empty array",
        ),
        pytest.param(
            "class StepLR(LambdaLR):\n    super().__init__(optimizer, 1)",
            "super() is only read in a method of an instance",
            id="super in the body of a class",
        ),
        pytest.param(
            "n = lambda t: t\ndef f(i):\n    return 10 - n\nLambdaLR(optimizer, f, lr=0.1)",
            "this operator is not read between such values; write numbers",
            id="a lambda in place of a number",
        ),
    ],
)
def test_an_odd_text_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(LrvizError) as error:
        parse(text)(0)
    assert error.value.message == said


def test_a_range_is_not_counted_through() -> None:
    begun = time.process_time()
    with pytest.raises(LrvizError):
        parse("sched = range(10**8)")
    assert time.process_time() - begun < 1
