"""A rate of 0, or next to it, during most of the run."""

import numpy as np

from .. import Finding, Record, recorded_rule, rule
from ..plan import Plan, share, text

_NOTHING = 1e-8
"""Which part of the peak is as good as 0."""

_FEW = 3
"""Of fewer logged steps nothing is said."""


@rule("the rate is 0, or next to it, for more than half of the run")
def dead(plan: Plan) -> Finding | None:
    """Return from where on it is, or that it always is."""
    rest = plan.root.last.schedule
    if plan.peak == 0 and (plan.is_sure or (rest.level and rest(0) == 0)):
        return Finding(
            "dead", "the rate is 0 at every step, so nothing is trained; give it a higher lr"
        )
    if not (plan.is_sure and plan.peak > 0):
        return None

    nothing = _NOTHING * plan.peak
    if not sum(plan.known[step] <= nothing for step in plan.even) > len(plan.even) / 2:
        return None
    last = max(step for step, rate in plan.known.items() if rate > nothing)
    if last >= plan.shown / 2:
        return Finding(
            "dead",
            f"the rate is 0, or next to it, for more than half of the {plan.shown} steps, which "
            "train nothing; make those stretches shorter",
        )
    after = next(step for step in plan.steps if step > last)
    begin = plan.first_where(lambda at: [rate <= nothing for rate in plan.rates(at)], last, after)
    rate = plan.rates([begin])[0]
    return Finding(
        "dead",
        f"from step {begin} on, {share(plan.shown - begin, plan.shown)} of the run, the rate is "
        f"{text(rate)}{'' if rate == 0 else ' or less'}, which trains nothing; let it fall more "
        "slowly, or end the run there",
    )


@recorded_rule("dead")
def dead_record(record: Record) -> Finding | None:
    """Return at how many recorded steps it is."""
    count, peak = len(record.steps), float(record.rates.max())
    alive = record.rates > _NOTHING * peak
    if count < _FEW or np.count_nonzero(alive) >= count / 2:
        return None
    if peak <= 0:
        return Finding(
            "dead",
            f"the rate is 0 at all {count} logged steps, so nothing was trained; "
            "look for what sets it, or name another column",
        )
    last = int(np.flatnonzero(alive)[-1])
    where = f"from step {record.steps[min(last + 1, count - 1)]} on"
    if last >= count / 2:
        where = f"at {count - np.count_nonzero(alive)} of {count} logged steps"
    return Finding("dead", f"the rate is 0, or next to it, {where}, which trained nothing")
