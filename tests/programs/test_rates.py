"""The rates of pasted functions are those that Python itself gives."""

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lrviz
from lrviz.programs import ProgramSchedule, read_program
from lrviz.programs.reading import Found
from lrviz.specs.quantities import Run

GET_LR = """
peak = 6e-4
warmup = 2000
last = 600000
low = 6e-5

def get_lr(it):
    # 1) rise
    if it < warmup:
        return peak * (it + 1) / (warmup + 1)
    if it > last:
        return low
    ratio = (it - warmup) / (last - warmup)
    assert 0 <= ratio <= 1
    return low + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (peak - low)
"""
MILESTONES = """
def rate(epoch, first=0.6, marks=(30, 50, 70)):
    lr = first
    for mark in marks:
        lr *= 0.3 if epoch >= mark else 1.
    return lr
"""
CYCLES = """
def rate(t, first=10, grow=2, top=0.1, low=0.001):
    length = first
    while t >= length:
        t -= length
        length *= grow
    return low + 0.5 * (top - low) * (1 + math.cos(math.pi * t / length))
"""
RATIOS = """
total = 250
def rate(it):
    warm = round(0.04 * total)
    down = round(0.2 * total)
    if it < warm:
        return (it + 1) / warm
    elif it <= total - down:
        return 1.0
    else:
        p = (total - it) / down
        return p * 1.0 + (1 - p) * 0.1 if p > 0 else 0.1
"""
CHAIN = """
def rate(epoch):
    '''Later ones win.'''
    r = 1e-3
    if epoch > 60:
        r *= 0.5e-3
    elif epoch > 40:
        r *= 1e-2
    elif epoch > 20:
        r *= 1e-1
    print('rate', r)
    return r
"""
CLOSURE = """
def maker(n):
    def plan(epoch):
        if epoch < 0.5 * n:
            return 0.2
        elif epoch < 0.75 * n:
            return 0.2 * 0.1
        return 0.2 * 0.01
    return plan
rate = maker(80)
"""
LATE = """
every = 5
rate = lambda e: 0.5 ** (e // every)
every = 20
"""
OBJECT = """
class Falling:
    floor = 1e-4
    def __init__(self, first, drop, every):
        self.first, self.drop, self.every = first, drop, every
    def __call__(self, epoch):
        return max(self.floor, self.first * self.drop ** ((1 + epoch) // self.every))
rate = Falling(0.05, 0.6, 8)
"""
COUNTED = """
marks = [20, 50, 80]
rate = lambda e: 0.2 ** sum(e >= m for m in marks)
"""
TABLE = """
table = {0: 0.1, 30: 0.01, 60: 0.001}
def rate(step):
    best = 0
    for start in sorted(table):
        if step >= start:
            best = start
    return table[best]
"""
LISTED = """
values = [0.1, 0.05, 0.02, 0.01]
def rate(step):
    return values[min(step // 25, len(values) - 1)]
"""
LARGE = """
def rate(step):
    return ((step + 1) ** 25 % 1000003) / 1000003
"""
TRIED = """
def rate(step):
    try:
        return 0.1 / (step % 4)
    except ZeroDivisionError:
        return 1
"""

FUNCTIONS = {
    name.lower(): text
    for name, text in list(globals().items())
    if name.isupper() and isinstance(text, str)
}


def only(text: str, lr: float | None = None, **names: Any) -> Found:
    """Return the one schedule of a text."""
    (found,) = read_program(text, Run(lr=lr), names)
    return found


def rates(text: str, steps: Any, lr: float | None = None, **names: Any) -> Any:
    """Return the rates of the one schedule of a text, which is a program's own."""
    schedule = only(text, lr, **names).schedule
    assert isinstance(schedule, ProgramSchedule)
    return schedule(np.array(steps))


def by_python(text: str) -> Callable[[int], float]:
    """Return the function that Python itself makes of a text."""
    names: dict[str, Any] = {"math": math, "print": lambda *_: None}
    exec(text, names)  # noqa: S102
    last: Callable[[int], float] = names["get_lr"] if "get_lr" in names else names["rate"]
    return last


@pytest.mark.parametrize("text", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_gives_what_python_gives_to_the_last_bit(text: str) -> None:
    steps = [*range(260), 1999, 2000, 2001, 3001, 600000, 600001, 10**6]
    expected = [by_python(text)(step) for step in steps]
    assert rates(text, steps).tolist() == expected


@pytest.mark.parametrize("text", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_reduced_text_reads_back_as_an_equal_schedule(text: str) -> None:
    schedule = only(text).schedule
    again = only(str(schedule)).schedule
    assert again == schedule
    assert hash(again) == hash(schedule)
    assert eval(repr(schedule), {"lrviz": lrviz}) == schedule  # noqa: S307, written a moment ago
    assert "#" not in str(schedule)
    assert "print" not in str(schedule)


def test_a_rate_depends_on_no_other_step_that_is_asked_for() -> None:
    schedule = only(GET_LR).schedule
    assert isinstance(schedule, ProgramSchedule)
    together = schedule(np.array([5, 1999, 2000, 700000]))
    assert [schedule(step) for step in (5, 1999, 2000, 700000)] == together.tolist()


def test_the_reduced_text_has_values_in_the_place_of_names() -> None:
    assert str(only(LATE).schedule) == "lambda e: 0.5 ** (e // 20)"


@pytest.mark.parametrize(
    ("text", "horizon", "jumps", "bends"),
    [
        (GET_LR, 10**6, [], [2000, 600001]),
        (MILESTONES, 1000, [30, 50, 70], []),
        (CYCLES, 1000, [10, 30, 70, 150, 310, 630], []),
        ("def f(step):\n    return 0.5 if step / 7 < 10**9 else 0.25", 10**13, [7 * 10**9], []),
        ("def f(step):\n    return 1.0 if step in (5, 777777) else 0.5", 10**6,
         [5, 6, 777777, 777778], []),
        ("def f(step):\n    return 0.1 * 0.5 ** (step // 30000)", 10**5, [30000, 60000, 90000], []),
    ],
)  # fmt: skip
def test_the_knots_are_the_steps_where_the_program_takes_another_way(
    text: str, horizon: int, jumps: list[int], bends: list[int]
) -> None:
    found = only(text).schedule
    assert isinstance(found, ProgramSchedule)
    by_kind = {knots.jump: knots.listed(horizon).tolist() for knots in found.knots}
    assert by_kind == {True: jumps, False: bends}


def test_rates_that_are_written_into_an_optimizer() -> None:
    text = (
        "def adjust_learning_rate(optimizer, epoch, args):\n"
        "    lr = args.lr * (0.1 ** (epoch // 30))\n"
        "    for group in optimizer.param_groups:\n"
        "        group['lr'] = lr\n"
    )
    names = {"args.lr": 0.4}
    (found,) = read_program(text, Run(), names)
    assert isinstance(found.schedule, ProgramSchedule)
    steps = np.array([0, 29, 30, 60])
    expected = [0.4 * 0.1 ** (step // 30) for step in steps.tolist()]
    assert found.schedule(steps).tolist() == expected
    assert found.notes == ("epoch of adjust_learning_rate is the step",)


def test_cuts_in_place_are_followed_from_the_rate_of_the_run() -> None:
    text = (
        "def adjust(optimizer, epoch):\n"
        "    if epoch in [15, 40]:\n"
        "        for g in optimizer.param_groups:\n"
        "            g['lr'] *= 0.2\n"
    )
    found = rates(text, [0, 14, 15, 39, 40, 59], lr=0.1)
    assert found.tolist() == [0.1, 0.1, 0.1 * 0.2, 0.1 * 0.2, 0.1 * 0.2 * 0.2, 0.1 * 0.2 * 0.2]


def test_a_callback_of_epoch_and_rate_begins_at_the_rate_of_the_run() -> None:
    text = (
        "def plan(epoch, lr):\n"
        "    return lr if epoch < 10 else lr * math.exp(-0.1)\n"
        "cb = tf.keras.callbacks.LearningRateScheduler(plan)\n"
    )
    steps = range(15)
    expected = list(
        itertools.accumulate(
            steps, lambda lr, epoch: lr if epoch < 10 else lr * math.exp(-0.1), initial=0.01
        )
    )[1:]
    assert rates(text, list(steps), lr=0.01).tolist() == expected


def test_a_global_that_counts_the_calls_is_followed_step_by_step() -> None:
    text = "count = 0\ndef f(step):\n    global count\n    count += 1\n    return 0.1 / count\n"
    assert rates(text, [0, 1, 9]).tolist() == [0.1, 0.1 / 2, 0.1 / 10]


def test_a_loop_of_training_is_followed() -> None:
    text = (
        "optimizer = SGD(params, lr=0.1)\n"
        "for epoch in range(90):\n"
        "    if epoch in (30, 60):\n"
        "        for g in optimizer.param_groups:\n"
        "            g['lr'] *= 0.1\n"
        "    train(model, optimizer)\n"
    )
    assert rates(text, [29, 30, 60]).tolist() == [0.1, 0.1 * 0.1, 0.1 * 0.1 * 0.1]
    assert only(text).schedule.length == 90  # type: ignore[union-attr]


def test_an_own_scheduler_with_get_lr() -> None:
    text = (
        "class Poly(torch.optim.lr_scheduler._LRScheduler):\n"
        "    def __init__(self, optimizer, most, power=0.9, last_epoch=-1):\n"
        "        self.most, self.power = most, power\n"
        "        super().__init__(optimizer, last_epoch)\n"
        "    def get_lr(self):\n"
        "        return [b * (1 - self.last_epoch / self.most) ** self.power\n"
        "                for b in self.base_lrs]\n"
        "sched = Poly(optimizer, most=250)\n"
    )
    expected = [0.1 * (1 - step / 250) ** 0.9 for step in (0, 1, 100, 249)]
    assert rates(text, [0, 1, 100, 249], lr=0.1).tolist() == expected


def test_a_wrapper_that_counts_before_it_sets_the_rate() -> None:
    text = (
        "class Noam:\n"
        "    def __init__(self, size, warm, optimizer):\n"
        "        self.optimizer, self.size, self.warm, self._step = optimizer, size, warm, 0\n"
        "    def step(self):\n"
        "        self._step += 1\n"
        "        for p in self.optimizer.param_groups:\n"
        "            p['lr'] = self.rate()\n"
        "        self.optimizer.step()\n"
        "    def rate(self, step=None):\n"
        "        if step is None:\n"
        "            step = self._step\n"
        "        return self.size ** (-0.5) * min(step ** (-0.5), step * self.warm ** (-1.5))\n"
        "opt = Noam(128, 50, optimizer)\n"
    )
    expected = [128 ** (-0.5) * min(t ** (-0.5), t * 50 ** (-1.5)) for t in (1, 2, 50, 80)]
    assert rates(text, [0, 1, 49, 79]).tolist() == expected


def test_a_list_and_an_array_have_a_rate_for_each_step() -> None:
    text = "import numpy as np\nrates = np.concatenate((np.linspace(0, 1, 5), np.ones(3) * 0.5))\n"
    expected = np.concatenate((np.linspace(0, 1, 5), np.ones(3) * 0.5))
    assert rates(text, list(range(8))).tolist() == expected.tolist()
    assert only(text).schedule.length == 8  # type: ignore[union-attr]
    found = rates("lrs = [0.1 * 0.9 ** i for i in range(9)]\nplt.plot(lrs)\n", [0, 8])
    assert found.tolist() == [0.1, 0.1 * 0.9**8]


def test_names_are_given_as_they_stand_in_the_code() -> None:
    text = (
        "def lr_at(step):\n"
        "    total = len(train_loader) * args.epochs\n"
        "    return config['lr'] * (1 - step / total)\n"
    )
    names = {"len(train_loader)": 10, "args.epochs": 5, 'config["lr"]': 0.2}
    found = read_program(text, Run(), names)[0].schedule
    assert isinstance(found, ProgramSchedule)
    assert found(10) == 0.2 * (1 - 10 / 50)
    assert only(str(found)).schedule == found


STATEFUL = Path(__file__).with_name("stateful.txt").read_text(encoding="utf-8").split("\n---\n")
"""Functions that keep something, or seem to, from one step to the next."""


@pytest.mark.parametrize("text", STATEFUL, ids=range(len(STATEFUL)))
def test_what_is_kept_from_step_to_step_is_as_python_keeps_it(text: str) -> None:
    names: dict[str, Any] = {"math": math}
    exec(text, names)  # noqa: S102
    expected = [float(names["f"](step)) for step in range(40)]
    assert rates(text, list(range(40))).tolist() == expected
    schedule = only(text).schedule
    assert isinstance(schedule, ProgramSchedule)
    assert [schedule(step) for step in range(40)] == expected
