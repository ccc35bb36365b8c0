"""Binding of plain values: what no text has been read for, as YAML or an argv would give it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.families.const import Constant
from lrviz.frameworks import calls_named
from lrviz.frameworks.binding import BindingError, MissingError, bind
from lrviz.frameworks.values import Function, Invocation, OptimizerValue, Unknown
from lrviz.schedules.numeric import Array
from lrviz.schedules.run import Run

OPTIMIZER = Unknown("optimizer")


def call(name: str, *args: Any, **kwargs: Any) -> Invocation:
    return Invocation(calls_named(name)[0], args, kwargs)


class Halves(Function):
    """A function that no text stands for."""

    source = "lambda t: 0.5 ** t"

    def __call__(self, steps: Array) -> Array:
        """Return half of it again at every step."""
        values: Array = 0.5**steps
        return values


def test_plain_values_are_bound_as_the_framework_binds_them() -> None:
    expected = parse("StepLR(optimizer, 30, 0.5, lr=0.1)")
    assert bind(call("StepLR", OPTIMIZER, 30, 0.5, lr=0.1), Run()) == expected
    assert bind(call("StepLR", OPTIMIZER, 30, gamma=0.5), Run(lr=0.1)) == expected
    assert bind(call("StepLR", step_size=30, gamma=0.5, lr=0.1), Run()) == expected
    assert bind(call("StepLR", OptimizerValue(0.1), 30, 0.5), Run()) == expected


def test_the_rate_from_outside_comes_before_the_optimizers_and_after_the_calls() -> None:
    optimizer = OptimizerValue(0.3)
    assert bind(call("StepLR", optimizer, 30), Run())(0) == 0.3
    assert bind(call("StepLR", optimizer, 30), Run(lr=0.2))(0) == 0.2
    assert bind(call("StepLR", optimizer, 30, lr=0.1), Run(lr=0.2))(0) == 0.1


def test_an_inner_call_gets_what_its_outer_one_is_given() -> None:
    inner = [call("StepLR", OPTIMIZER, 3), call("ExponentialLR", OPTIMIZER, 0.9)]
    outer = call("SequentialLR", OPTIMIZER, inner, milestones=[10], lr=0.1)
    text = "SequentialLR(opt, [StepLR(opt, 3), ExponentialLR(opt, 0.9)], [10], lr=0.1)"
    assert bind(outer, Run()) == parse(text)
    with pytest.raises(MissingError) as error:
        bind(inner[0], Run())
    assert error.value.missing == ["lr"]


def test_schedules_numbers_and_functions_stand_for_calls() -> None:
    made, halves = Constant(lr=0.5), Halves()
    joined = bind(call("optax.join_schedules", [made, 0.25, halves], [1, 2]), Run())
    assert joined(range(5)).tolist() == [0.5, 0.25, 1, 0.5, 0.25]


def test_a_function_of_any_kind_makes_the_factors() -> None:
    schedule = bind(call("LambdaLR", OPTIMIZER, Halves(), lr=1), Run())
    assert schedule(np.arange(4)).tolist() == [1, 0.5, 0.25, 0.125]
    assert str(schedule) == "LambdaLR(optimizer, lr_lambda=lambda t: 0.5 ** t, lr=1)"


def test_what_the_run_says_stands_for_what_is_unknown() -> None:
    unknown = call("StepLR", OPTIMIZER, 30, lr=Unknown("args.lr"))
    assert bind(unknown, Run(lr=0.1)) == bind(call("StepLR", OPTIMIZER, 30, lr=0.1), Run())


def test_an_enums_member_is_a_word() -> None:
    kind = Unknown("SchedulerType.COSINE")
    assert bind(call("get_scheduler", kind, OPTIMIZER, 5, 10, lr=1), Run()) == parse(
        "get_scheduler('cosine', optimizer, 5, 10, lr=1)"
    )


FAULTS: list[tuple[Invocation, str, str, int | str | None, int | None]] = [
    (
        call("StepLR", OPTIMIZER, 0, lr=1),
        "StepLR: step_size must be at least 1, not 0",
        *("step_size", 1, None),
    ),
    (
        call("StepLR", OPTIMIZER, step_size=Unknown("args.size"), lr=1),
        (
            "StepLR: step_size is 'args.size', which has no value here; write its value in its "
            "place, or add names={'args.size': VALUE}"
        ),
        *("step_size", "step_size", None),
    ),
    (
        call("MultiStepLR", OPTIMIZER, [30, "x"], lr=1),
        "MultiStepLR: milestones must be a number, not 'x'",
        *("milestones", 1, 1),
    ),
    (
        call("MultiStepLR", OPTIMIZER, [30, Unknown("n")], lr=1),
        (
            "MultiStepLR: milestones is 'n', which has no value here; write its value in its "
            "place, or add names={'n': VALUE}"
        ),
        *("milestones", 1, 1),
    ),
    (
        call("StepLR", OPTIMIZER, 30, lr=-1),
        "StepLR: lr must be at least 0, not -1",
        *("lr", "lr", None),
    ),
    (
        call("StepLR", OPTIMIZER, 30, steps_per_epoch="x", lr=1),
        "StepLR: steps_per_epoch must be a number, not 'x'",
        *("steps_per_epoch", "steps_per_epoch", None),
    ),
    (
        call("StepLR", OPTIMIZER, Halves(), lr=1),
        "StepLR: step_size must be a number, not lambda t: 0.5 ** t",
        *("step_size", 1, None),
    ),
    (
        call("StepLR", OPTIMIZER, 30, gama=1, lr=1),
        "StepLR has no parameter 'gama'; did you mean 'gamma'?",
        *("gama", "gama", None),
    ),
    (
        call("StepLR", OPTIMIZER, 30, step_size=4, lr=1),
        "StepLR: step_size is given twice; keep one",
        *("step_size", "step_size", None),
    ),
    (
        call("StepLR", OPTIMIZER, lr=1),
        "StepLR lacks step_size; add step_size=VALUE",
        *("step_size", None, None),
    ),
    (
        call("StepLR", OPTIMIZER, 30, 0.1, -1, 5, lr=1),
        "StepLR takes at most 4 values without a name: optimizer, step_size, gamma and last_epoch",
        *("", 4, None),
    ),
    (
        call("LambdaLR", OPTIMIZER, 5, lr=1),
        "'5' is not a formula; write it in its place, as in lambda t: 0.95 ** t",
        *("lr_lambda", 1, None),
    ),
    (
        call("optax.join_schedules", [0.1, Unknown("g(3)", "g")], [1]),
        "unknown call 'g'; 'lrviz list' shows those that are read",
        *("schedules", 0, 1),
    ),
    (
        call("get_scheduler", "cosine", OPTIMIZER, 0, 9, {"num_cycles": "x"}, lr=1),
        "get_scheduler: num_cycles must be a number, not 'x'",
        *("scheduler_specific_kwargs", 4, 0),
    ),
    (
        call("optax.cosine_decay_schedule", 0.1, 0),
        "cosine_decay_schedule: decay_steps must be above 0, not 0",
        *("decay_steps", 1, None),
    ),
    (
        call("optax.cosine_decay_schedule", init_value=1, decay_steps=9, exponent=-1),
        "cosine_decay_schedule: exponent must be at least 0, not -1",
        *("exponent", "exponent", None),
    ),
]


@pytest.mark.parametrize(
    ("invocation", "message", "parameter", "argument", "member"), FAULTS, ids=[f[1] for f in FAULTS]
)
def test_an_error_says_which_parameter_is_wrong_and_where_its_value_stands(
    invocation: Invocation,
    message: str,
    parameter: str,
    argument: int | str | None,
    member: int | None,
) -> None:
    with pytest.raises(BindingError) as error:
        bind(invocation, Run())
    assert error.value.message == message
    assert error.value.invocation is invocation
    assert (error.value.parameter, error.value.argument) == (parameter, argument)
    assert error.value.member == member


def test_what_is_wrong_inside_is_said_of_the_inner_call() -> None:
    inner = call("StepLR", OPTIMIZER, 0)
    with pytest.raises(BindingError) as error:
        bind(call("SequentialLR", OPTIMIZER, [inner], [], lr=1), Run())
    assert error.value.invocation is inner
    assert error.value.parameter == "step_size"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 99)
    | st.floats()
    | st.text(max_size=3)
    | st.builds(Unknown, st.just("x"))
    | st.builds(OptimizerValue, st.none() | st.floats())
    | st.just(Halves()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(0, 9) | st.text(max_size=3), inner, max_size=3)
        | st.builds(lambda value: call("ExponentialLR", OPTIMIZER, value), inner)
    ),
    max_leaves=4,
)


@given(st.data())
def test_any_values_are_bound_or_refused(data: st.DataObject) -> None:
    from lrviz.frameworks import all_calls

    chosen = data.draw(st.sampled_from(all_calls()))
    names = [*chosen.parameters, "lr", "zzz"]
    kwargs = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=6))
    invocation = Invocation(chosen, tuple(data.draw(st.lists(VALUES, max_size=4))), kwargs)
    try:
        bind(invocation, Run(lr=0.1))
    except BindingError as error:
        assert error.message  # noqa: PT017, any other exception is a fault of ours
