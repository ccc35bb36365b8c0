"""Pasted calls: how people really paste them, what they mean, and that nothing of them is run."""

import inspect
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lrviz import LrvizError, parse
from lrviz.frameworks import all_calls, calls_named
from lrviz.frameworks.kinds import field_of
from lrviz.specs import read
from lrviz.specs.quantities import Run

STEP_LR = "step:lr=0.1,rate=0.5,steps=30"

PASTED = {
    "keywords": "StepLR(optimizer, step_size=30, gamma=0.5, lr=0.1)",
    "positions": "StepLR(optimizer, 30, 0.5, lr=0.1)",
    "no optimizer": "StepLR(step_size=30, gamma=0.5, lr=0.1)",
    "the whole path": "torch.optim.lr_scheduler.StepLR(optimizer, 30, 0.5, lr=0.1)",
    "the path from optim on": "optim.lr_scheduler.StepLR(optimizer, 30, 0.5, lr=0.1)",
    "the module alone": "lr_scheduler.StepLR(optimizer, 30, 0.5, lr=0.1)",
    "an assignment": "scheduler = StepLR(optimizer, 30, 0.5, lr=0.1)",
    "an assignment to self": "self.scheduler = StepLR(self.optimizer, 30, 0.5, lr=0.1)",
    "an annotated assignment": "scheduler: LRScheduler = StepLR(optimizer, 30, 0.5, lr=0.1)",
    "a return": "    return StepLR(optimizer, 30, 0.5, lr=0.1)",
    "an argument with its comma": "lr_scheduler=StepLR(optimizer, 30, 0.5, lr=0.1),",
    "a comment": "StepLR(optimizer, 30, 0.5, lr=0.1)  # drops (three times)",
    "line breaks": (
        "StepLR(\n    optimizer,\n    step_size=30,  # epochs\n    gamma=0.5,\n    lr=0.1,\n)"
    ),
    "indentation": "    scheduler = StepLR(\n        optimizer, 30, 0.5, lr=0.1\n    )\n",
    "prompts": ">>> scheduler = StepLR(optimizer, 30, 0.5,\n...     lr=0.1)\n",
    "a prompt and what follows": (
        ">>> scheduler = StepLR(optimizer, 30, 0.5, lr=0.1)\n"
        ">>> for epoch in range(100):\n>>>     train(...)\n>>>     scheduler.step()\n"
    ),
    "an optimizer that says its rate": (
        "StepLR(torch.optim.SGD(model.parameters(), lr=0.1), 30, 0.5)"
    ),
    "an optimizer above": (
        "optimizer = SGD(model.parameters(), lr=1e-1, momentum=0.9)\n"
        "scheduler = StepLR(optimizer, 30, gamma=0.5)"
    ),
    "variables above": "n, rate = 10, 0.1\nepochs = 30\nStepLR(optimizer, epochs, 0.5, lr=0.1)",
    "arithmetic": "StepLR(optimizer, 3 * 10, 1 / 2, lr=10 ** -1)",
    "functions": "StepLR(optimizer, int(0.3 * 100), max(0.5, 0.2), lr=float('0.1'))",
    "a dict of arguments": "StepLR(optimizer, **dict(step_size=30, gamma=0.5), lr=0.1)",
    "a dict above": "cfg = {'step_size': 30, 'gamma': 0.5}\nStepLR(optimizer, **cfg, lr=0.1)",
    "an item of a dict": "cfg = {'size': 30}\nStepLR(optimizer, cfg['size'], 0.5, lr=0.1)",
    "an import above": (
        "from torch.optim.lr_scheduler import StepLR as Stairs\nStairs(optimizer, 30, 0.5, lr=0.1)"
    ),
    "a module's import above": (
        "import torch.optim.lr_scheduler as s\ns.StepLR(optimizer, 30, 0.5, lr=0.1)"
    ),
    "an optimizer that carries it": "SGD(parameters, learning_rate=StepLR(opt, 30, 0.5, lr=0.1))",
    "what configure_optimizers returns": (
        "optimizer = SGD(self.parameters(), lr=0.1)\n"
        "return {'optimizer': optimizer, 'lr_scheduler': StepLR(optimizer, 30, gamma=0.5)}"
    ),
    "the same with an interval": (
        "scheduler = StepLR(optimizer, 30, gamma=0.5, lr=0.1)\n"
        "return {'lr_scheduler': {'scheduler': scheduler, 'interval': 'epoch'}}"
    ),
    "default arguments": "StepLR(optimizer, 30, 0.5, last_epoch=-1, lr=0.1)",
}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED.keys())
def test_a_call_is_read_as_it_is_pasted(text: str) -> None:
    assert str(parse(text)) == STEP_LR


SAME = {
    "tf.train": "tf.train.exponential_decay(0.01, global_step, 100, 0.9, staircase=True)",
    "tf.compat.v1.train": (
        "tf.compat.v1.train.exponential_decay(0.01, tf.train.get_global_step(), 100, 0.9, True)"
    ),
    "keras": "keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9, staircase=True)",
    "tf.keras": "tf.keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9, True)",
    "schedules": "schedules.ExponentialDecay(0.01, 100, 0.9, staircase=True)",
    "optax": "optax.exponential_decay(0.01, 100, 0.9, staircase=True)",
    "optax.schedules": "optax.schedules.exponential_decay(0.01, 100, 0.9, staircase=True)",
    "an alias": "import optax as ox\nox.exponential_decay(0.01, 100, 0.9, staircase=True)",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_a_path_says_which_framework_is_meant(text: str) -> None:
    schedule = parse(text)
    stairs = parse("exp:lr=0.01,rate=0.9,steps=100,staircase")
    assert schedule(range(1000)).tolist() == pytest.approx(stairs(range(1000)).tolist(), rel=1e-12)


def test_lr_comes_from_outside_too_and_from_inside_first() -> None:
    assert str(parse("StepLR(optimizer, 30, 0.5)", lr=0.1)) == STEP_LR
    assert str(parse("StepLR(optimizer, 30, 0.5, lr=0.1)", lr=7)) == STEP_LR
    assert str(parse("StepLR(optimizer, 30, 0.5, lr=args.lr)", lr=0.1)) == STEP_LR


def test_steps_per_epoch_come_from_outside_too() -> None:
    inside = parse("OneCycleLR(optimizer, 0.1, epochs=3, steps_per_epoch=100)")
    text = "OneCycleLR(optimizer, 0.1, epochs=3, steps_per_epoch=len(loader))"
    assert parse(text, steps_per_epoch=100) == inside
    assert inside.length == 300


def test_calls_inside_share_the_rate_and_the_framework() -> None:
    text = (
        "SequentialLR(opt, [LinearLR(opt, 0.1, total_iters=10), CosineAnnealingLR(opt, 50)], "
        "milestones=[10], lr=0.1)"
    )
    expected = "linear:lr=0.010000000000000002,steps=10,end=0.1/cosine:lr=0.1,steps=50,unclamped"
    assert str(parse(text)) == expected
    above = (
        "warmup = LinearLR(opt, 0.1, total_iters=10)\n"
        "cosine = CosineAnnealingLR(opt, 50)\n"
        "scheduler = SequentialLR(opt, [warmup, cosine], milestones=[10], lr=0.1)"
    )
    assert str(parse(above)) == expected


def test_a_chained_cosine_loses_at_its_zero_what_the_others_did() -> None:
    """Recorded from PyTorch 2.15: the rates at 0, T_max - 1, T_max, T_max + 1 and later."""
    text = "ChainedScheduler([ExponentialLR(opt, 0.9), CosineAnnealingLR(opt, 4)], lr=1)"
    assert parse(text)([0, 3, 4, 5, 6]).tolist() == pytest.approx(
        [1.0, 0.10675957825750346, 0.0, 0.1464466094067262, 0.45000000000000007],
        rel=1e-12,
        abs=1e-15,
    )


LAMBDAS = {
    "lambda t: 0.95 ** t": lambda t: 0.95**t,
    "lambda epoch: 1 / (1 + 0.05 * epoch)": lambda t: 1 / (1 + 0.05 * t),
    "lambda t: min(1, (t + 1) / 20)": lambda t: min(1, (t + 1) / 20),
    "lambda t: t // 30 + t % 7": lambda t: t // 30 + t % 7,
    "lambda t: 1 if t < 10 else 0.1 if t < 20 else 0.01": (
        lambda t: 1 if t < 10 else 0.1 if t < 20 else 0.01
    ),
    "lambda t: 0.5 * (1 + math.cos(math.pi * t / 100))": (
        lambda t: 0.5 * (1 + float(np.cos(np.pi * t / 100)))
    ),
    "lambda t: 2 * (10 <= t < 20) + (t == 5) - -1": lambda t: 2 * (10 <= t < 20) + (t == 5) + 1,
    "lambda t: max(0.1, 1 - t / 50, t / 90)": lambda t: max(0.1, 1 - t / 50, t / 90),
    "lambda t: (t and 5) or 7": lambda t: (t and 5) or 7,
    "lambda t: float(t > 3) * (not t > 90)": lambda t: float(t > 3) * (not t > 90),
    "lambda t: abs(int(t / 7) - round(t / 9)) + np.sqrt(t)": (
        lambda t: abs(int(t / 7) - round(t / 9)) + t**0.5
    ),
}


@pytest.mark.parametrize(("source", "function"), LAMBDAS.items(), ids=LAMBDAS.keys())
def test_a_lambda_gives_what_python_gives(source: str, function: object) -> None:
    schedule = parse(f"LambdaLR(optimizer, lr_lambda={source}, lr=0.5)")
    assert callable(function)
    expected = [0.5 * function(t) for t in range(120)]
    assert schedule(range(120)).tolist() == pytest.approx(expected, rel=1e-14)
    assert parse(str(schedule)) == schedule


def test_a_lambda_takes_values_from_around() -> None:
    text = "rate = 0.9\ndecay = lambda epoch, k=2: rate ** (epoch // k)\nLambdaLR(opt, decay, lr=1)"
    schedule = parse(text)
    assert (
        str(schedule)
        == "LambdaLR(optimizer, lr_lambda=lambda epoch, k=2: 0.9 ** (epoch // k), lr=1)"
    )
    assert schedule(5) == pytest.approx(0.81)


def test_a_function_of_ifs_is_a_formula_too() -> None:
    text = """
    warmup, total = 10, 100

    def lr_lambda(step):
        "Linear warmup and decay."
        if step < warmup:
            return step / max(1, warmup)
        return max(0.0, (total - step) / max(1, total - warmup))

    scheduler = LambdaLR(optimizer, lr_lambda, lr=1e-3)
    """
    linear = parse("get_scheduler('linear', optimizer, 10, 100, lr=1e-3)")
    steps = range(150)
    assert parse(text)(steps).tolist() == pytest.approx(linear(steps).tolist(), rel=1e-12)


def test_products_of_a_lambda_do_not_depend_on_what_else_is_asked_for() -> None:
    schedule = parse("MultiplicativeLR(optimizer, lambda t: 1 - 1 / (t + 2) ** 2, lr=1)")
    assert schedule(20_000) == schedule(range(30_000))[20_000]
    assert schedule(20_000) == pytest.approx(0.5 * 4 / 3, rel=1e-3)


def test_a_call_may_be_a_stage_of_a_spec() -> None:
    spec = "mine=warmup:steps=5/StepLR(optimizer, 30, gamma=1 / 2, lr=0.1)"
    assert str(parse(spec)) == f"warmup:steps=5/{STEP_LR}"
    assert read([spec], Run())[0].label == "mine"


def test_the_name_that_a_call_is_given_is_its_label() -> None:
    def label(text: str) -> str:
        return read([text], Run())[0].label

    call = "StepLR(optimizer, 30, lr=0.1)"
    assert label(f"plan = {call}") == "plan"
    assert label(f"学习率={call}") == "学习率"
    assert label(f"the plan={call}") == "the plan"
    assert label(call) == call
    assert label("StepLR(\n    optimizer,\n    30, lr=0.1)") == "StepLR( optimizer, 30, lr=0.1)"


def test_braces_in_a_call_are_a_dict() -> None:
    schedule = parse("optax.piecewise_constant_schedule(1.0, {100: 0.1, 200: 0.01})")
    assert schedule([99, 100, 200]).tolist() == pytest.approx([1, 0.1, 0.001])


def test_a_bare_name_is_the_best_known_frameworks() -> None:
    (named,) = read(["StepLR(optimizer, 30, lr=0.1)"], Run())
    assert named.read is not None
    assert named.read.call.framework.name == "torch"
    assert [other.framework.name for other in named.read.others] == ["mmengine"]
    assert named.read.is_assumed


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("torch.optim.lr_scheduler.StepLR(optimizer, 30, lr=0.1)", False),
        ("lr_scheduler.StepLR(optimizer, 30, lr=0.1)", False),
        ("from torch.optim.lr_scheduler import StepLR\nStepLR(optimizer, 30, lr=0.1)", False),
        ("CosineAnnealingWarmRestarts(optimizer, 30, lr=0.1)", True),
        ("MultiplicativeLR(optimizer, lambda t: 0.9, lr=0.1)", False),
        ("mine.MultiplicativeLR(optimizer, lambda t: 0.9, lr=0.1)", True),
        ("get_scheduler('constant', optimizer, lr=0.1)", False),
    ],
)
def test_whether_a_name_leaves_the_framework_open(text: str, assumed: bool) -> None:
    named = read([text], Run())[0]
    assert named.read is not None
    assert named.read.is_assumed == assumed


def test_every_call_says_what_it_does_and_takes() -> None:
    for call in all_calls():
        assert call.title, call
        doc = call.function.__doc__ or ""
        assert doc.partition("\n")[0].endswith("."), call
        for one in call.parameters.values():  # each is of a kind that its values are held to
            assert field_of(one).item not in (type(None), inspect.Parameter.empty), (call, one)


def test_names_are_found_without_importing_their_files() -> None:
    assert [call.framework.name for call in calls_named("StepLR")] == ["torch", "mmengine"]
    assert [call.framework.name for call in calls_named("exponential_decay")] == [
        "tensorflow1",
        "optax",
    ]
    assert calls_named("build") == []


HOSTILE = [
    "__import__('os').system('touch {path}')",
    "StepLR(__import__('os').system('touch {path}'), 30, lr=0.1)",
    "StepLR(optimizer, open('{path}', 'w'), lr=0.1)",
    "LambdaLR(optimizer, lambda t: open('{path}', 'w') or 1, lr=0.1)",
    "LambdaLR(optimizer, lambda t: ().__class__.__bases__[0].__subclasses__(), lr=0.1)",
    "LambdaLR(optimizer, lambda t, f=open('{path}', 'w'): 1, lr=0.1)",
    "x = open('{path}', 'w')\nStepLR(optimizer, x, lr=0.1)",
    "@print\ndef f(t):\n    open('{path}', 'w')\n    return 1\nLambdaLR(optimizer, f, lr=0.1)",
    "StepLR(optimizer, [open('{path}', 'w') for i in range(3)], lr=0.1)",
    "StepLR(optimizer, eval(\"open('{path}', 'w')\"), lr=0.1)",
    "StepLR(**open('{path}', 'w'))",
    "StepLR(optimizer, f\"{{open('{path}', 'w')}}\", lr=0.1)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_run(text: str, tmp_path: Path) -> None:
    target = tmp_path / "touched"
    modules = set(sys.modules)
    with suppress(LrvizError):  # what stands for an optimizer is passed over
        parse(text.replace("{path}", str(target)), lr=0.1)(0)
    assert not target.exists()
    assert not {name for name in set(sys.modules) - modules if not name.startswith("lrviz")}


EXPLOSIVE = [
    "StepLR(optimizer, 9**9**9, lr=0.1)",
    "StepLR(optimizer, 2**2**2**2**2**2, lr=0.1)",
    "StepLR(optimizer, 10**10**10, lr=0.1)",
    "StepLR(optimizer, (10**38) * (10**38), lr=0.1)",
    "MultiStepLR(optimizer, [1] * 10**9, lr=0.1)",
    "MultiStepLR(optimizer, 10**9 * [1], lr=0.1)",
    "MultiStepLR(optimizer, list(range(10**12)), lr=0.1)",
    "MultiStepLR(optimizer, [i for i in range(10**12)], lr=0.1)",
    "MultiStepLR(optimizer, 'x' * 10**9, lr=0.1)",
    "StepLR(optimizer, sum(range(10**12)), lr=0.1)",
    "a = [1, 1]\n" + "".join(f"a = [a, a, a, a]  # {i}\n" for i in range(50)) + "StepLR(opt, a)",
    "a = 1\n" + "a = a + a\n" * 200 + "StepLR(optimizer, a, lr=0.1)",
    "a = 1\n" + "a = a * a + a\n" * 200 + "StepLR(optimizer, a, lr=0.1)",
    "a = f(lr=1)\n" + "a = {'lr': a}\n" * 700,
    "StepLR(optimizer, " + "-" * 5000 + "1, lr=0.1)",
    "StepLR(optimizer, " + "(" * 3000 + "1" + ")" * 3000 + ", lr=0.1)",
    "SequentialLR(o, [" * 500 + "]" * 500,
    "LambdaLR(optimizer, lambda t: " + "t+" * 4000 + "1, lr=0.1)",
    "LambdaLR(optimizer, lambda t: " + "lambda t: " * 500 + "1, lr=0.1)",
    "a" + ".a" * 4000 + "(1)",
    "f(" * 4000,
    "StepLR(optimizer, 1" + "0" * 5000 + ", lr=0.1)",
]


@pytest.mark.parametrize("text", EXPLOSIVE, ids=[text[:40] for text in EXPLOSIVE])
def test_nothing_explodes(text: str) -> None:
    start = time.process_time()
    with pytest.raises(LrvizError):
        parse(text, lr=0.1)
    assert time.process_time() - start < 5


WORDS = [
    *("StepLR", "LambdaLR", "SequentialLR", "OneCycleLR", "exponential_decay", "get_scheduler"),
    *("optimizer", "lr", "lr=0.1", "lambda t:", "t", "x", "gamma", "milestones", "metrics"),
    *("(", ")", "[", "]", "{", "}", ",", "=", ":", "**", "*", "/", "//", "%", "+", "-", ".", "@"),
    *("1", "0.1", "30", "1e400", "9**9**9", "nan", "'a'", "f'{x}'", "None", "True", "math.cos"),
    *("if", "else", "for", "in", "not", "def f(t):", "return", "import os", "__import__", "await"),
    *("\n", "\n    ", "\t", "#", "\\", ";", ":=", "...", "\x00", "é", "学", "exp:lr=1", "/"),
]


@settings(max_examples=2000)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join) | st.text(max_size=60))
@example("StepLR(")
@example("\ud800(")
@example("(\x00)")
@example("a=(")
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(LrvizError):
        parse(text, lr=0.1)([0, 1, 1000])
