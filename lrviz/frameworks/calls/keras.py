"""Keras 3: keras.optimizers.schedules.

Keras counts in float32, which `dtype="float32"` does to the last bit. Compiled (by tf.function or
jax.jit), it multiplies by the rounded reciprocal of a period instead of dividing by the period.
Most of its schedules are those of TensorFlow 1 under other names.
"""

import itertools
from typing import Annotated

from ...schedules.fields import Param
from .. import kinds
from ..composing import build, refusal, warmed_up
from . import tensorflow1

TITLE = "Keras 3"
MODULES = (
    "keras.optimizers.schedules",
    "tf.keras.optimizers.schedules",
    "tensorflow.keras.optimizers.schedules",
    "tf_keras.optimizers.schedules",
)
COUNTS = "float32"
COMPILED = "tf.function or jax.jit"

KINDS = {
    kinds.Rate: "initial_learning_rate end_learning_rate",
    kinds.Length: "decay_steps first_decay_steps",
    float: "decay_rate",
    kinds.Ignored: "name",
    Annotated[tuple[float, ...], Param("the last steps of the rates", unit="steps")]: "boundaries",
    Annotated[tuple[float, ...], Param("the rates", at_least=0)]: "values",
    Annotated[float, Param("the rate warmed up to", at_least=0)]: "warmup_target",
    kinds.Steps: "warmup_steps",
}


def ExponentialDecay(
    initial_learning_rate, decay_steps, decay_rate, staircase=False, name="ExponentialDecay"
):
    """Multiply the rate by `decay_rate` once every `decay_steps` steps.

    It never stops. With staircase the rate holds for a whole period and drops at its end: the step
    `decay_steps` is the first of the new stair. Write the rate as 1.0: an integer, 1, makes all
    other numbers integers in Keras, so that a decay_rate of 0.5 is 0. It is read as 1.0 here.
    """
    rate = initial_learning_rate
    return tensorflow1.exponential_decay(rate, None, decay_steps, decay_rate, staircase)


def PiecewiseConstantDecay(boundaries, values, name="PiecewiseConstant"):
    """Hold each of the values up to and with the step of its boundary.

    A boundary is the last step of the old rate: with boundaries=[100] step 100 still has the first
    value, where PyTorch and Optax have the second. A broken boundary is cut down: 10.7 is 10. Write
    all values with a point: where the first is an integer, 1, most backends stop with an error. It
    is read as 1.0 here.
    """
    call = "PiecewiseConstantDecay"
    if not boundaries:
        raise refusal(call, "boundaries", "must hold at least one step, not none")
    if len(values) != len(boundaries) + 1:
        raise refusal(
            call,
            "values",
            f"must be one more than boundaries: {len(boundaries) + 1}, not {len(values)}",
        )
    last_steps = [int(boundary) for boundary in boundaries]
    for before, step in itertools.pairwise(last_steps):
        if step < before:
            raise refusal(
                call,
                "boundaries",
                f"must be sorted, not have {step} after {before}, because Keras adds up the rates "
                "where they overlap",
            )
    starts = [0, *(max(step + 1, 0) for step in last_steps)]
    # Of several that start at once, the last holds.
    points = dict(zip(starts, values, strict=True))
    return build("piecewise", points=tuple(points.items()))


def PolynomialDecay(
    initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False,
    name="PolynomialDecay",
):  # fmt: skip
    """Fall to `end_learning_rate` in `decay_steps` steps, along a power of the part that is left.

    The end is 0.0001 unless given, not 0, and is held. With cycle the step after the end jumps up
    to a longer and lower curve. Write the rate as 1.0: an integer, 1, makes all other numbers
    integers in Keras. It is read as 1.0 here.
    """
    rate = initial_learning_rate
    return tensorflow1.polynomial_decay(rate, None, decay_steps, end_learning_rate, power, cycle)


def InverseTimeDecay(
    initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"
):
    """Divide the rate by 1 plus `decay_rate` for every `decay_steps` steps.

    It never stops. With staircase the step `decay_steps` is the first of the new stair. Write the
    rate as 1.0: an integer, 1, makes all other numbers integers in Keras. It is read as 1.0 here.
    """
    rate = initial_learning_rate
    return tensorflow1.inverse_time_decay(rate, None, decay_steps, decay_rate, staircase)


def CosineDecay(
    initial_learning_rate, decay_steps, alpha=0.0, name="CosineDecay", warmup_target=None,
    warmup_steps=0,
):  # fmt: skip
    """Rise to `warmup_target` in a line, then fall to `alpha` times it along half a cosine wave.

    Without a target there is no warmup, whatever warmup_steps says, and the wave begins at
    initial_learning_rate. The decay takes decay_steps after the warmup: the end comes at
    warmup_steps + decay_steps, and is held. The step warmup_steps has the target itself; with
    warmup_steps=0 so has step 0. Write a start of zero as 0.0: an integer, 0, makes all rates 0 or
    stops Keras with an error. It is read as 0.0 here.
    """
    peak = initial_learning_rate if warmup_target is None else warmup_target
    cosine = tensorflow1.cosine_decay(peak, None, decay_steps, alpha)
    if warmup_target is None:
        return cosine
    return warmed_up(warmup_steps, initial_learning_rate, warmup_target, cosine)


def CosineDecayRestarts(
    initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name="SGDRDecay"
):
    """Fall along a cosine and jump back up, in cycles that are `t_mul` times as long each.

    A restart step is already the new peak. t_mul is 2 unless given. m_mul makes peaks lower but
    leaves alpha, a fraction of the first rate, as it is. Write the rate as 1.0: an integer, 1,
    makes all other numbers integers in Keras. It is read as 1.0 here.
    """
    rate, steps = initial_learning_rate, first_decay_steps
    return tensorflow1.cosine_decay_restarts(rate, None, steps, t_mul, m_mul, alpha)
