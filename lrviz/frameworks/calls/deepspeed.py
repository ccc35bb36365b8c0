"""DeepSpeed 0.19: deepspeed.runtime.lr_schedules.

The rate at step 0 is what the constructor sets. The warmups number the first two updates both 0:
all of their rates come one update later than their parameters say.
"""

from typing import Annotated, Literal

from ...errors import say_of_run
from ...schedules.base import Schedule
from ...schedules.fields import Param
from .. import kinds
from ..composing import build, in_turn, refusal

TITLE = "DeepSpeed 0.19"
MODULES = ("deepspeed.runtime.lr_schedules",)

Stairs = Annotated[int, Param("a number of stairs", at_least=0, at_most=10_000)]

KINDS = {
    kinds.Rate: "lr_range_test_min_lr cycle_min_lr cycle_max_lr warmup_min_lr",
    kinds.Period: "lr_range_test_step_size cycle_first_step_size warmup_num_steps",
    kinds.Factor: "lr_range_test_step_rate decay_lr_rate warmup_min_ratio cos_min_ratio",
    kinds.NotResumed: "last_batch_iteration",
    kinds.Steps: "cycle_second_step_size total_num_steps",
    Stairs: "cycle_first_stair_count cycle_second_stair_count",
    Annotated[float, Param("a number of steps", unit="steps", at_least=0)]: "decay_step_size",
    kinds.Ignored: "cycle_momentum cycle_min_mom cycle_max_mom decay_mom_rate",
    Annotated[float | None, Param("a learning rate", at_least=0)]: "warmup_max_lr",
    Annotated[Literal["log", "linear"], Param("the shape of the warmup")]: "warmup_type",
}

EXAMPLES = {
    "LRRangeTest": "optimizer, lr_range_test_min_lr=0.001, lr_range_test_step_size=100",
    "OneCycle": "optimizer, cycle_min_lr=0.01, cycle_max_lr=0.1, cycle_first_step_size=50",
    "WarmupLR": "optimizer, warmup_max_lr=0.1, warmup_num_steps=20",
    "WarmupDecayLR": "optimizer, total_num_steps=100, warmup_max_lr=0.1, warmup_num_steps=20",
    "WarmupCosineLR": "optimizer, total_num_steps=100, warmup_num_steps=20, lr=0.1",
}


def LRRangeTest(
    optimizer, lr_range_test_min_lr=0.001, lr_range_test_step_size=2000,
    lr_range_test_step_rate=1.0, lr_range_test_staircase=False, last_batch_iteration=-1, *,
    lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Raise the rate in a straight line, or in stairs, to find the highest that training bears.

    Every lr_range_test_step_size steps add lr_range_test_step_rate times the first rate, without
    end. The optimizer's own rate is overwritten.
    """
    return build(
        "range_test",
        lr=lr_range_test_min_lr,
        rate=lr_range_test_step_rate,
        steps=lr_range_test_step_size,
        staircase=lr_range_test_staircase,
    )


def OneCycle(
    optimizer, cycle_min_lr, cycle_max_lr, decay_lr_rate=0.0, cycle_first_step_size=2000,
    cycle_second_step_size=None, cycle_first_stair_count=0, cycle_second_stair_count=None,
    decay_step_size=0, cycle_momentum=True, cycle_min_mom=0.8, cycle_max_mom=0.9,
    decay_mom_rate=0.0, last_batch_iteration=-1, *, lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Go up from `cycle_min_lr` to `cycle_max_lr` and down again once, then fall below the minimum.

    This is a triangle, not the 1cycle policy of PyTorch. After it the minimum is divided by 1 plus
    decay_lr_rate for every decay_step_size steps; if either is 0, as they are unless given, it is
    held. The second half is as long as the first, and has as many stairs, unless given. The
    optimizer's own rate is overwritten.
    """
    low, high, up = cycle_min_lr, cycle_max_lr, cycle_first_step_size
    down = up if cycle_second_step_size is None else cycle_second_step_size
    second = (
        cycle_first_stair_count if cycle_second_stair_count is None else cycle_second_stair_count
    )
    rise = build("linear", lr=low, end=high, steps=up)
    if cycle_first_stair_count:
        stairs = _climbed(up, cycle_first_stair_count)
        rise = _stairs(low, high, stairs, cycle_first_stair_count)
    fall = build("linear", lr=high, end=low, steps=max(down, 1))
    if second:
        fall = _stairs(low, high, _descended(max(down, 1), second), second)
    rest = build("const", lr=low)
    if decay_step_size and decay_lr_rate:
        rest = build("inverse_time", lr=low, rate=decay_lr_rate, steps=decay_step_size)
    return in_turn((rise, up), (fall, down), then=rest)


def _climbed(steps: int, count: int) -> dict[int, int]:
    """Return the steps at which a rise comes to the stairs, of which it passes `count`."""
    return {-(-stair * steps // count): stair for stair in range(count)}


def _descended(steps: int, count: int) -> dict[int, int]:
    """Return the steps at which a fall from the stair `count` comes to others, as it goes below."""
    lower = {(count - stair - 1) * steps // count + 1: stair for stair in reversed(range(count))}
    return {0: count} | {step: stair for step, stair in lower.items() if step < steps}


def _stairs(low: float, high: float, stairs: dict[int, int], count: int) -> Schedule:
    points = tuple((step, low + (high - low) * (stair / count)) for step, stair in stairs.items())
    return build("piecewise", points=points)


def WarmupLR(
    optimizer, warmup_min_lr=0.0, warmup_max_lr=None, warmup_num_steps=1000, warmup_type="log",
    last_batch_iteration=-1, *, lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Rise from `warmup_min_lr` to `warmup_max_lr`, and stay there.

    The rise goes with the logarithm of the step unless warmup_type='linear'. Both of the first two
    updates have the minimum: everything is one update late. The maximum is the optimizer's rate
    unless given. A warmup of 1 step is made 2.
    """
    top = _top("WarmupLR", warmup_max_lr, lr)
    rise = build(warmup_type, lr=warmup_min_lr, end=top, steps=max(2, warmup_num_steps))
    return build("shift", of=rise, steps=1)


def WarmupDecayLR(
    optimizer, total_num_steps, warmup_min_lr=0.0, warmup_max_lr=0.001, warmup_num_steps=1000,
    warmup_type="log", last_batch_iteration=-1, *, lr: kinds.UnusedRate = None,
):  # fmt: skip
    """Rise from `warmup_min_lr` to `warmup_max_lr`, then fall back to it in a straight line.

    The maximum is 0.001 unless given, whatever the optimizer's rate. The rise goes with the
    logarithm of the step unless warmup_type='linear'. Everything is one update late: the minimum is
    in force again at step total_num_steps + 1.
    """
    top = _top("WarmupDecayLR", warmup_max_lr, lr)
    warmup = max(2, warmup_num_steps)
    rest = build("const", lr=warmup_min_lr)
    if total_num_steps > warmup:
        length = total_num_steps - warmup
        rest = build("linear", lr=top, end=warmup_min_lr, steps=length)
    rise = build(warmup_type, lr=warmup_min_lr, end=top, steps=warmup)
    rates = in_turn((rise, warmup), then=rest)
    return build("shift", of=rates, steps=1)


def WarmupCosineLR(
    optimizer, total_num_steps, warmup_min_ratio=0.0, warmup_num_steps=1000,
    cos_min_ratio=0.0001, warmup_type="log", last_batch_iteration=-1, *, lr,
):  # fmt: skip
    """Rise to the optimizer's rate, then fall along a cosine to `cos_min_ratio` times it.

    Step 0 has the rate 0, whatever warmup_min_ratio is. The rise goes with the logarithm of the
    step unless warmup_type='linear', and is one update late. The cosine begins with its second
    step, so that with a linear rise the full rate is never in force.
    """
    warmup = max(2, warmup_num_steps)
    cosine = build("cosine", lr=lr, end=lr * cos_min_ratio, steps=max(1, total_num_steps - warmup))
    rise = build(warmup_type, lr=lr * warmup_min_ratio, end=lr, steps=warmup)
    then = build("shift", of=cosine, steps=-1)
    return in_turn((build("const", lr=0), 1), (rise, warmup), then=then)


def _top(call: str, given: float | None, lr: float | None) -> float:
    """Return the rate that a warmup leads to, which may be the optimizer's."""
    top = lr if given is None else given
    if top is None:
        rule = "is the optimizer's rate unless given; " + say_of_run("lr", 0.1)
        raise refusal(call, "warmup_max_lr", rule)
    return top
