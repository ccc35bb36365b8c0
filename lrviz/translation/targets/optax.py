"""Optax: optax.schedules."""

from collections.abc import Iterator, Sequence

from ...schedules.code import piece
from ...schedules.placed import Placed
from ..asking import Asked, Text, called
from ..functions import array_functions

TITLE = "Optax"

CALLS = (
    *("constant_schedule", "linear_schedule", "exponential_decay", "cosine_decay_schedule"),
    *("polynomial_schedule", "piecewise_constant_schedule", "warmup_constant_schedule"),
    *("warmup_cosine_decay_schedule", "warmup_exponential_decay_schedule"),
    *("cosine_onecycle_schedule", "linear_onecycle_schedule", "piecewise_interpolate_schedule"),
)


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a schedule, some in turn, and a function."""
    for one in asked.found("optax", CALLS):
        yield Text(f"schedule = {called(one, 'optax.')}", ["import optax"])
    for stages in asked.stages:
        yield from _in_turn(asked, stages)
    for defined in array_functions("schedule", piece(asked.code), "jnp"):
        yield Text("", ["import jax.numpy as jnp"], defined)


def _in_turn(asked: Asked, stages: Sequence[Placed]) -> Iterator[Text]:
    """Yield the stages joined; nothing if one has no schedule."""
    found = []
    for one in stages:
        length = min(one.stop, max(asked.horizon, one.start + 1)) - one.start
        stage = next(asked.part(one.schedule, length).found("optax", CALLS), None)
        if stage is None:
            return
        found.append(called(stage, "optax."))
    boundaries = [one.start for one in stages[1:]]
    yield Text(
        f"schedule = optax.join_schedules([{', '.join(found)}], {boundaries})", ["import optax"]
    )
