"""Which schedules a text has, what is said of it, and what is refused."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from lrviz.errors import LrvizError, SpecError
from lrviz.frameworks.binding import bind
from lrviz.frameworks.values import Invocation
from lrviz.programs import Clocked, Found, ProgramSchedule, read_program
from lrviz.schedules.run import Run


def read(text: str, lr: float | None = 0.1, names: Mapping[str, Any] | None = None) -> list[Found]:
    return read_program(text, Run(lr=lr), names)


def rates(found: Found, steps: list[int], lr: float | None = 0.1) -> list[float]:
    """Return the rates of a schedule, which is bound if it is a framework's call."""
    what = found.schedule
    schedule = bind(what, Run(lr=lr)) if isinstance(what, Invocation) else what
    values: list[float] = schedule(np.array(steps)).tolist()
    return values


def only(text: str, steps: list[int], lr: float | None = 0.1, **names: Any) -> list[float]:
    """Return the rates of the one schedule of a text."""
    (found,) = read(text, lr, names)
    return rates(found, steps, lr)


def evaluate(text: str, lr: float | None) -> None:
    for found in read(text, lr):
        rates(found, [0, 10, 80], lr)


def refusal(text: str, lr: float | None = 0.1) -> tuple[str, str]:
    """Return why a text is refused, and the place in it."""
    with pytest.raises(SpecError) as caught:
        evaluate(text, lr)
    error = caught.value
    return error.message, text[error.start : error.end]


@pytest.mark.parametrize(
    ("text", "steps", "right"),
    [
        (
            ("rate = 0.05\nrate *= 8\noptimizer = SGD(params, lr=rate)\n"
            "StepLR(optimizer, step_size=20, gamma=0.5)"),
            [0, 20, 40],
            [0.4, 0.2, 0.1],
        ),
        ("n = 40\nif True: n = n * 3\nStepLR(optimizer, n)", [119, 120], [0.1, 0.1 * 0.1]),
        ("n = 40\nif False: n = 3\nelse: n //= 2\nStepLR(optimizer, n)", [19, 20], [0.1, 0.01]),
        ("n = 5\nfor _ in range(2): n *= 2\nStepLR(optimizer, n)", [19, 20], [0.1, 0.1 * 0.1]),
        (
            ("sched = StepLR(optimizer, 5)\nwarm = 3\nif warm > 0:\n"
            "    rise = ConstantLR(optimizer, factor=0.5, total_iters=warm)\n"
            "    sched = SequentialLR(optimizer, [rise, sched], [warm])\n"),
            [0, 3, 8],
            [0.05, 0.1, 0.1 * 0.1],
        ),
        (
            ("def get_constant_schedule(optimizer, drop=0.5):\n"
            "    return LambdaLR(optimizer, lambda s: drop)\n"
            "get_constant_schedule(optimizer)"),
            [0, 9],
            [0.05, 0.05],
        ),
        (
            ("class StepLR(LambdaLR):\n"
            "    def __init__(self, optimizer, every):\n"
            "        super().__init__(optimizer, lambda e: 0.5 ** (e // every))\n"
            "sched = StepLR(optimizer, 10)"),
            [9, 10, 20],
            [0.1, 0.05, 0.025],
        ),
        ("opt = SGD([{'params': p, 'lr': 0.05}], lr=0.9)\nStepLR(opt, 20)", [0], [0.05]),
        (
            "every = 5\nLambdaLR(optimizer, lambda e: 0.5 ** (e // every))\nevery = 20",
            [19, 20],
            [0.1, 0.05],
        ),
        ("optimizer = SGD(params, 0.05)\nStepLR(optimizer, 20)", [0], [0.05]),
        ("optimizer.param_groups[0]['lr'] = 0.5\nStepLR(optimizer, 20)", [0], [0.5]),
        ("[LambdaLR(o, lambda e: 0.5) for o in optimizers]", [3], [0.05]),
        ("with strategy.scope():\n    s = StepLR(optimizer, 5)", [0, 5], [0.1, 0.1 * 0.1]),
        ("optimizer, s = accelerator.prepare(optimizer, StepLR(optimizer, 5))", [5], [0.1 * 0.1]),
        (
            ("def configure_optimizers(self):\n"
            "    opt = torch.optim.SGD(self.parameters(), lr=0.02)\n"
            "    sched = torch.optim.lr_scheduler.StepLR(opt, 7)\n"
            "    return {'optimizer': opt, 'lr_scheduler': {'scheduler': sched}}"),
            [0, 7],
            [0.02, 0.02 * 0.1],
        ),
        (
            ("def main():\n    opt = SGD(params, lr=0.4)\n    s = StepLR(opt, 30)\n"
            "    for epoch in range(90):\n        train()\n        s.step()\n"
            "if __name__ == '__main__':\n    main()\n"),
            [0, 30],
            [0.4, 0.4 * 0.1],
        ),
        ("from torch.optim.lr_scheduler import StepLR as Steps\nSteps(optimizer, 5)", [0], [0.1]),
        ("keras.optimizers.SGD(lr=0.02, decay=1e-5)", [0, 100000], [0.02, 0.01]),
        ("optimizers.RMSprop(lr=0.02, decay=1e-5)", [0, 100000], [0.02, 0.01]),
        (
            "opt = bnb.optim.AdamW8bit(model.parameters(), lr=0.2)\ns = StepLR(opt, 3)",
            [0, 3],
            [0.2, 0.02],
        ),
    ],
)  # fmt: skip
def test_the_statements_around_a_call_count(
    text: str, steps: list[int], right: list[float]
) -> None:
    lr = None if "lr=" in text or "SGD" in text or "'lr']" in text else 0.1
    assert only(text, steps, lr) == pytest.approx(right, rel=1e-14)


def test_several_schedules_are_several_curves_with_their_names() -> None:
    found = read(
        "c = tf.train.exponential_decay(0.01, global_step, 100, 0.9, staircase=True)\n"
        "d = tf.train.exponential_decay(0.01, global_step, 100, 0.9, staircase=False)\n"
    )
    assert [one.label for one in found] == ["c", "d"]


def test_two_schedulers_of_one_optimizer_are_one_curve() -> None:
    text = "a = ExponentialLR(optimizer, gamma=0.9)\nb = MultiStepLR(optimizer, [3, 8])\n"
    both = "for epoch in range(10):\n    a.step()\n    b.step()\n"
    for end in ("", both):
        assert only(text + end, [0, 3, 8]) == pytest.approx(
            [0.1, 0.1 * 0.9**3 * 0.1, 0.1 * 0.9**8 * 0.01], rel=1e-12
        )
    assert refusal(text + "for epoch in range(10):\n    b.step()\n") == (
        "this is not stepped where another of its optimizer is; step it too, or take it away",
        "ExponentialLR(optimizer, gamma=0.9)",
    )


def test_parameter_groups_with_rates_of_their_own_are_several_curves() -> None:
    found = read(
        "opt = SGD([{'params': a, 'lr': 0.3}, {'params': b}], lr=0.2)\ns = StepLR(opt, 30)",
        lr=None,
    )
    assert [one.label for one in found] == ["s group 0", "s group 1"]
    assert [rates(one, [0], None) for one in found] == [[0.3], [0.2]]


def test_an_argument_is_found_in_the_text() -> None:
    text = "s = StepLR(optimizer, step_size=30)"
    (found,) = read(text)
    start, stop = found.places.span(found.schedule, "step_size")
    assert text[start:stop] == "30"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        (
            (
                "def rate(step):\n    if step < args.warm:\n        return args.lr\n"
                "    return args.lr * total / config['n'] / len(loader)\n"
            ),
            (
                "rate needs args.warm, args.lr, total, config['n'] and len(loader), which the text "
                "does not give; add names={'args.warm': VALUE, 'args.lr': VALUE, 'total': VALUE, "
                """"config['n']": VALUE, 'len(loader)': VALUE}"""
            ),
            "args.warm",
        ),
        (
            "s = StepLR(optimizer, 9)\nif flags.ramp:\n    s = SequentialLR(optimizer, [s], [])\n",
            "s needs flags.ramp, which the text does not give; add names={'flags.ramp': VALUE}",
            "flags.ramp",
        ),
        (
            "inner = StepLR(optimizer, 12)\nouter = Ramp(optimizer, after_scheduler=inner)",
            (
                "what Ramp makes of the schedule is not known; paste its definition, or take its "
                "line away"
            ),
            "Ramp(optimizer, after_scheduler=inner)",
        ),
        (
            "s = optax.cosine_decay_schedule(0.2, 80)\nouter = mystery(s, 3)",
            (
                "what mystery makes of the schedule is not known; paste its definition, or take "
                "its line away"
            ),
            "mystery(s, 3)",
        ),
        (
            "from our_schedules import ConstantLR\ns = ConstantLR(optimizer)",
            (
                "our_schedules.ConstantLR is not PyTorch's nor another known framework's; paste "
                "its definition"
            ),
            "ConstantLR(optimizer)",
        ),
        (
            "from .lr import CosineAnnealingLR\ns = CosineAnnealingLR(optimizer, 80)",
            (
                ".lr.CosineAnnealingLR is not PyTorch's nor another known framework's; paste its "
                "definition"
            ),
            "CosineAnnealingLR(optimizer, 80)",
        ),
        (
            "def f(e):\n    while True:\n        e = e + 1\nLambdaLR(optimizer, f)",
            "this runs too long; shorten its loops, or give what it computes",
            "while True:",
        ),
        (
            "import random\nLambdaLR(optimizer, lambda e: random.random())",
            "random.random() is chance, no function of the step; write a number",
            "random.random()",
        ),
        (
            "def f(step):\n    return time.time()\n",
            "time.time() is the clock, no function of the step; write a number",
            "time.time()",
        ),
        (
            "s = StepLR(optimizer, 9)\nfor epoch in range(9):\n    if epoch > 5:\n        s.step()",
            "s steps only in some turns here; give the curve of each part",
            "s.step()",
        ),
        (
            "o = SGD(p, lr=1)\ns = StepLR(o, 9)\nfor g in o.param_groups:\n    g['lr'] = 2",
            "the rate of its optimizer is set after this is made; set it before",
            "StepLR(o, 9)",
        ),
        (
            "rate = StepLR(optimizer, 9) * 2",
            "a sum or product of schedules is not read; write a spec: product:...",
            "StepLR(optimizer, 9) * 2",
        ),
        (
            "kind = 'step'\nif kind == 'cosine':\n    s = 1\nelse:\n    raise ValueError(kind)\n",
            "ValueError: the text raises ValueError",
            "raise ValueError(kind)",
        ),
        (
            "class Rule:\n    def __call__(self, step):\n        return 1\n",
            "no instance of Rule is made; add the line that makes it: s = Rule(...)",
            "class Rule:",
        ),
        (
            "def f(step, epoch):\n    return 1\n",
            (
                "f has several parameters that can be the step, step and epoch; give one of them a "
                "value with names={'step': VALUE}"
            ),
            "def f(step, epoch):",
        ),
        (
            "x = 5",
            (
                "this makes no schedule: it has no call of a framework's, no function of the step "
                "and no list of rates; paste the lines that have"
            ),
            "x = 5",
        ),
        ("def f(step)\n    return 1", "this is not Python: expected ':'; mend it", "\n"),
        (
            "optax.chain(optax.scale_by_schedule(lambda c: 0.1), optax.scale(-2.0))",
            "a chain that scales by 2 is not read; give its schedule alone",
            "optax.chain(optax.scale_by_schedule(lambda c: 0.1), optax.scale(-2.0))",
        ),
        (
            "StepLR(**settings)",
            "StepLR: what ** stands for is not known; write it out",
            "StepLR(**settings)",
        ),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(text: str, message: str, place: str) -> None:
    assert refusal(text, lr=None if "args.lr" in text else 0.1) == (message, place)


def test_what_a_schedule_does_not_need_is_no_hindrance() -> None:
    (found,) = read(
        "import wandb\nparser = argparse.ArgumentParser()\nmodel = Net(args.width)\n"
        "x = np.arange(9).reshape(3, 3)\nwandb.init(project=f'{args.name}')\n"
        "if args.resume:\n    model.load(args.path)\n"
        "s = StepLR(optimizer, 9)\ntrainer = Trainer(model, optimizers=(optimizer, s))\n"
    )
    assert rates(found, [9]) == [0.1 * 0.1]
    assert found.notes == (
        "Trainer is taken to use the schedule as it is",
        "'x = np.arange(9).reshape(3, 3)' is passed over",
    )


def test_the_step_is_said() -> None:
    for text, note in (
        ("def f(base, epoch):\n    return base * epoch\nbase = 2", "epoch of f is the step"),
        ("f = lambda z: z", "z of the lambda is the step"),
        ("LearningRateScheduler(lambda epoch: 0.1)", "the epoch is the step"),
    ):
        (found,) = read(text)
        assert isinstance(found.schedule, ProgramSchedule)
        assert found.notes == (note,)


@pytest.mark.parametrize(
    ("text", "steps", "right"),
    [
        (
            "tf.train.exponential_decay(1e-4, global_step * 64, 1000 * 20, 0.5, staircase=True)",
            [0, 312, 313, 625],
            [1e-4, 1e-4, 5e-5, 2.5e-5],
        ),
        (
            "tf.train.exponential_decay(0.1, tf.maximum(global_step - 500, 0), 100, 0.9)",
            [0, 500, 600],
            [0.1, 0.1, 0.09],
        ),
    ],
)
def test_a_schedule_is_asked_for_the_step_that_the_text_computes(
    text: str, steps: list[int], right: list[float]
) -> None:
    (found,) = read(text)
    assert isinstance(found.schedule, Invocation)
    assert found.clock is not None
    schedule = Clocked(of=bind(found.schedule, Run()), clock=found.clock, text=text)
    assert schedule(np.array(steps)).tolist() == pytest.approx(right, rel=1e-14)


def test_a_step_that_is_given_as_it_is_needs_no_clock() -> None:
    for step in ("global_step", "tf.cast(global_step, tf.float32)"):
        (found,) = read(f"tf.train.exponential_decay(0.1, {step}, 100, 0.9)")
        assert found.clock is None


@pytest.mark.parametrize(
    ("text", "lines", "source"),
    [
        ("LambdaLR(optimizer, lambda e: 0.5)", "", "lambda e: 0.5"),
        (
            "n = 5\ndef f(e):\n    if e < n: return e / n\n    return 1.0\nLambdaLR(optimizer, f)",
            "",
            "lambda e: e / 5 if e < 5 else 1.0",
        ),
        (
            "def f(e):\n    'Halve.'\n    r = 0.5\n    return r ** e\nLambdaLR(optimizer, f)",
            "def f(e):\n    r = 0.5\n    return r ** e",
            "f",
        ),
    ],
)
def test_the_function_of_a_call_is_written_as_short_as_can_be(
    text: str, lines: str, source: str
) -> None:
    (found,) = read(text)
    assert isinstance(found.schedule, Invocation)
    function = found.schedule.args[1]
    assert (function.before, str(function)) == (lines, source)
    again = f"{function.before}\nLambdaLR(optimizer, {function})"
    assert read(again)[0].schedule.args[1] == function  # type: ignore[union-attr]


def test_errors_at_a_step_say_where() -> None:
    schedule = read("def f(step):\n    return 1 / (3 - step)\n")[0].schedule
    assert isinstance(schedule, ProgramSchedule)
    with pytest.raises(LrvizError) as caught:
        schedule(np.arange(5))
    assert caught.value.message == "f, line 2, at its step 3: ZeroDivisionError: division by zero"
    with pytest.raises(LrvizError) as caught:
        schedule(4)
    assert caught.value.message == (
        "f gives the rate -1.0 at its step 4, and a learning rate is finite and at least 0; mend "
        "it, or end it before that step"
    )


def test_a_step_that_is_computed_is_whole() -> None:
    (found,) = read("tf.train.exponential_decay(0.1, global_step / 2, 100, 0.9)")
    assert isinstance(found.schedule, Invocation)
    assert found.clock is not None
    schedule = Clocked(of=bind(found.schedule, Run()), clock=found.clock, text="")
    with pytest.raises(LrvizError) as caught:
        schedule(1)
    assert caught.value.message == (
        "lambda global_step: global_step / 2 gives 0.5 at its step 1, where the schedule is asked "
        "for a whole step from 0 on; round it, or end it before that step"
    )


def test_what_only_a_far_step_lacks_is_said_there() -> None:
    text = "def f(step):\n    return late if step * 7 % 1000003 == 5 else 1.0\n"
    schedule = read(text)[0].schedule
    assert isinstance(schedule, ProgramSchedule)
    step = pow(7, -1, 1000003) * 5 % 1000003
    assert schedule(step - 1) == 1.0
    with pytest.raises(LrvizError) as caught:
        schedule(step)
    assert caught.value.message == "f needs late, which has no value here"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-" * 5000 + "1", "this program is too long or nested too deep; shorten it"),
        (
            "x = []\nx.append(x)\nStepLR(optimizer, x)",
            "this holds too much, or is nested too deep; make it smaller",
        ),
        (
            'd = {}\nd["a"] = d\nStepLR(optimizer, d)',
            "this program is nested too deep; shorten it",
        ),
    ],
)
def test_a_program_that_is_too_deep(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(text)
    assert caught.value.message == message


def test_a_rate_that_is_set_or_not_is_asked_for() -> None:
    text = (
        "s = StepLR(optimizer, 9)\nif args.scale:\n"
        "    for g in optimizer.param_groups:\n        g['lr'] *= 2\n"
    )
    assert refusal(text) == (
        "this needs args.scale, which the text does not give; add names={'args.scale': VALUE}",
        "args.scale",
    )


def test_a_schedule_that_another_replaces_is_named() -> None:
    (found,) = read("s = StepLR(optimizer, 9)\ns = ExponentialLR(optimizer, 0.9)")
    assert rates(found, [0, 1]) == [0.1, 0.1 * 0.9]
    assert found.notes == ("s is set anew after 'StepLR(optimizer, 9)'",)


def test_a_name_inside_of_a_call_is_first_of_its_framework() -> None:
    text = "paddle.optimizer.lr.LinearWarmup(ExponentialDecay(0.1, 0.9), 10, 0, 0.1)"
    (found,) = read(text, lr=None)
    assert isinstance(found.schedule, Invocation)
    inner = found.schedule.args[0]
    assert inner.call.framework == found.schedule.call.framework
    assert found.places.written(found.schedule)[0] == "paddle.optimizer.lr.LinearWarmup"


def test_what_else_a_name_may_mean_is_known() -> None:
    (found,) = read("StepLR(optimizer, 9)")
    assert isinstance(found.schedule, Invocation)
    name, others = found.places.written(found.schedule)
    assert name == "StepLR"
    assert "mmengine" in [call.framework.name for call in others]
