"""TensorFlow 1: tf.train, as tf.compat.v1.train of TensorFlow 2.21 has it.

TensorFlow counts in float32, which `dtype="float32"` does to the last bit. Compiled (a Session, or
tf.function), it multiplies by the rounded reciprocal of a period instead of dividing by the period.
"""

from typing import Annotated

from ...schedules.fields import Param
from .. import kinds
from ..composing import build, refusal

TITLE = "TensorFlow 1"
MODULES = ("tf.train", "tf.compat.v1.train", "tensorflow.compat.v1.train", "tensorflow.train")
COUNTS = "float32"
COMPILED = "a Session or tf.function"

KINDS = {
    kinds.Rate: "learning_rate end_learning_rate",
    kinds.Ignored: "global_step x name",
    kinds.Length: "decay_steps first_decay_steps",
    float: "decay_rate",
    Annotated[
        tuple[int, ...], Param("the last steps of the rates", unit="steps", at_least=0)
    ]: "boundaries",
    tuple[float, ...]: "values",
}


def exponential_decay(
    learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
):
    """Multiply the rate by `decay_rate` once every `decay_steps` steps.

    It never stops. With staircase the rate holds for a whole period and drops at its end: the step
    `decay_steps` is the first of the new stair.
    """
    return build("exp", lr=learning_rate, steps=decay_steps, rate=decay_rate, staircase=staircase)


def natural_exp_decay(
    learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
):
    """Divide the rate by e to the `decay_rate` once every `decay_steps` steps.

    It never stops. TensorFlow rounds the base, e to the -decay_rate, to float32 before it raises it
    to a power, which magnifies the rounding.
    """
    return build(
        "natural_exp", lr=learning_rate, steps=decay_steps, rate=decay_rate, staircase=staircase
    )


def inverse_time_decay(
    learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
):
    """Divide the rate by 1 plus `decay_rate` for every `decay_steps` steps.

    It never stops.
    """
    return build(
        "inverse_time", lr=learning_rate, steps=decay_steps, rate=decay_rate, staircase=staircase
    )


def polynomial_decay(
    learning_rate, global_step, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False,
    name=None,
):  # fmt: skip
    """Fall to `end_learning_rate` in `decay_steps` steps, along a power of the part that is left.

    The end is 0.0001 unless given, not 0, and is held. With cycle the step after the end jumps up
    to a longer and lower curve.
    """
    return build(
        "poly",
        lr=learning_rate,
        steps=decay_steps,
        end=end_learning_rate,
        power=power,
        cycle=cycle,
    )


def cosine_decay(learning_rate, global_step, decay_steps, alpha=0.0, name=None):
    """Fall to `alpha` times the rate in `decay_steps` steps, along half a wave of a cosine.

    alpha is a fraction of the first rate, not a rate. The end is held.
    """
    return build("cosine", lr=learning_rate, steps=decay_steps, alpha=alpha or None)


def cosine_decay_restarts(
    learning_rate, global_step, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None
):
    """Fall along a cosine and jump back up, in cycles that are `t_mul` times as long each.

    A restart step is already the new peak. t_mul is 2 unless given. m_mul makes peaks lower but
    leaves alpha, a fraction of the first rate, as it is.
    """
    return build(
        "cosine_restarts",
        lr=learning_rate,
        steps=first_decay_steps,
        t_mul=t_mul,
        m_mul=m_mul,
        alpha=alpha,
    )


def linear_cosine_decay(
    learning_rate, global_step, decay_steps, num_periods=0.5, alpha=0.0, beta=0.001, name=None
):
    """Fall along a line times a cosine, in `decay_steps` steps.

    It begins above the rate, at 1 + alpha + beta times it.
    """
    return build(
        "linear_cosine",
        lr=learning_rate,
        steps=decay_steps,
        num_periods=num_periods,
        alpha=alpha,
        beta=beta,
    )


def noisy_linear_cosine_decay(
    learning_rate, global_step, decay_steps, initial_variance=1.0, variance_decay=0.55,
    num_periods=0.5, alpha=0.0, beta=0.001, name=None,
):  # fmt: skip
    """Fall as linear_cosine_decay does, with normal noise of a fading variance added to the line.

    TensorFlow draws anew at every evaluation; here the noise is a function of seed and step, of the
    same mean and variance. After `decay_steps` the variance is frozen, not zero.
    """
    return build(
        "noisy_linear_cosine",
        lr=learning_rate,
        steps=decay_steps,
        initial_variance=initial_variance,
        variance_decay=variance_decay,
        num_periods=num_periods,
        alpha=alpha,
        beta=beta,
    )


def piecewise_constant(x, boundaries, values, name=None):
    """Hold each of the values up to and with the step of its boundary.

    A boundary is the last step of the old rate: with boundaries=[100] step 100 still has the first
    value, where PyTorch and Optax have the second.
    """
    if len(values) != len(boundaries) + 1:
        rule = f"must be one more than boundaries: {len(boundaries) + 1}, not {len(values)}"
        raise refusal("piecewise_constant", "values", rule)
    starts = (0, *(boundary + 1 for boundary in boundaries))
    return build("piecewise", points=tuple(zip(starts, values, strict=True)))


def piecewise_constant_decay(x, boundaries, values, name=None):
    """Hold each of the values up to and with the step of its boundary.

    The same as piecewise_constant.
    """
    return piecewise_constant(x, boundaries, values)
