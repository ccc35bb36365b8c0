"""A program ends soon, in little memory, and reaches nothing but itself."""

import time

import numpy as np
import pytest

from lrviz import parse
from lrviz.errors import LrvizError
from lrviz.programs import ProgramSchedule, read_program
from lrviz.schedules.run import Run

STEP = "def f(step):\n    "
HOSTILE = [
    "while True: pass",
    "x = 10**10**10",
    "x = 'a' * 10**10",
    "x = [0] * 10**10",
    "x = 2\nfor i in range(100): x = x * x",
    "x = [[]]\nfor i in range(100): x = x + x",
    "x = np.zeros(10**12)",
    "x = [np.arange(10**6) for i in range(1000)]",
    "x = {i: [0] * 10000 for i in range(10000)}",
    "x = sum(range(10**9))",
    "x = sorted(range(10**8))",
    "x = 0\nfor i in range(10**9): x += 1",
    "x = 1 << 10**9",
    "x = math.factorial(10**9)",
    "x = 'a'.replace('a', 'b' * 10**5).replace('b', 'c' * 10**5)",
    "x = np.concatenate([np.ones(10**6)] * 1000)",
    "x = []\nx.append(x)\ny = x == x",
    "x = []\nx.append(x)\nStepLR(optimizer, x)",
    "f = lambda s: f(s)\nLambdaLR(optimizer, f)",
    "-" * 5000 + "1",
    "x = " + "+".join(["1"] * 20000),
    "().__class__.__bases__[0].__subclasses__()",
    "getattr(1, '__class__')",
    "'{0.__class__}'.format(1)()",
    "__import__('os').system('true')",
    "eval('1')",
    "exec('x = 1')",
    "open('/etc/passwd').read()",
    "import os\nos.remove('x')",
    "async def f(step): return 1",
    "\x00",
    "",
    STEP + "return f(step - 1)",
    STEP + "return step.__class__",
    STEP + "while True: step += 1",
    STEP + "return (step + 2) ** (step ** 9)",
    STEP + "return step ** 1000000",
    STEP + "return sum(range(10**7))",
    STEP + "x = 1\n    while x < step + 2: x += 1e-9\n    return x",
    STEP + "return 'abc'",
    STEP + "return [0.1][step + 1]",
    STEP + "yield step",
    STEP + "nonlocal q\n    return q",
]


def test_ways_that_grow_with_the_step_take_no_long_time() -> None:
    """Each step has a way of its own, and the longer the later it is."""
    loop = "w = step\n    while w > 27:\n        w -= 17\n    return w + 1"
    schedule = parse(f"def f(step):\n    {loop}\nLambdaLR(opt, f, lr=0.1)")
    assert schedule(2000) == pytest.approx(0.1 * ((2000 - 11) % 17 + 12))
    begin = time.process_time()
    with pytest.raises(LrvizError, match="this takes a way of its own at too many steps"):
        schedule(np.arange(10**6))
    assert time.process_time() - begin < 12


def evaluate(text: str) -> None:
    for found in read_program(text, Run(lr=0.1)):
        assert isinstance(found.schedule, ProgramSchedule)
        found.schedule(np.arange(50))


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:40]) for text in HOSTILE])
def test_it_is_refused_within_a_second(text: str) -> None:
    start = time.process_time()
    with pytest.raises(LrvizError):
        evaluate(text)
    assert time.process_time() - start < 3  # one on a machine that is not busy


def test_a_million_steps_take_as_long_as_python_does_at_most() -> None:
    text = (
        "def get_lr(it):\n"
        "    if it < 2000:\n        return 6e-4 * (it + 1) / 2001\n"
        "    if it > 600000:\n        return 6e-5\n"
        "    ratio = (it - 2000) / (600000 - 2000)\n"
        "    return 6e-5 + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (6e-4 - 6e-5)\n"
    )
    schedule = read_program(text, Run())[0].schedule
    assert isinstance(schedule, ProgramSchedule)
    start = time.process_time()
    schedule(range(10**6))
    assert time.process_time() - start < 2  # 0.1 measured
