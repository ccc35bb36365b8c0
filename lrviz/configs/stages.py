"""Specs of stages that follow one another, as stacks write them."""

from typing import Any

from .calls import written


def stage(family: str, **fields: Any) -> str:
    """Return the spec of a stage, `cosine:lr=0.1,steps=100`; fields that are None are left out."""
    given = ",".join(
        f"{key.rstrip('_')}={written(value)}" for key, value in fields.items() if value is not None
    )
    return f"{family}:{given}"


def warmed(steps: int, *then: str, start: float = 0.0) -> str:
    """Return stages after a warmup from a rate; the stages alone if the warmup has no step."""
    rise = [stage("warmup", steps=steps, start=start or None)] if steps else []
    return "/".join((*rise, *then))
