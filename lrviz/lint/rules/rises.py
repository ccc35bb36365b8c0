"""A decay that rises instead.

Only as the last stage, because before another it is a warmup; not below a ceiling, towards which it
is meant to rise; and not where it is over in the first half of a run of known length, as a warmup
that nothing follows. It is mild for a line alone, which is often the warmup of something else.
"""

from ...schedules.facts import Way
from .. import Finding, rule
from ..plan import Part, Plan, text


@rule("the rate rises where its family decays")
def rises(plan: Plan) -> Finding | None:
    """Return that the last stage does."""
    part = plan.root.last
    if not part.alone or any(outer.schedule.highest is not None for outer in part.around()):
        return None
    way, growth = part.schedule.way, part.schedule.growth
    if way is not None and part.schedule.falls and way.last > way.first:
        return _landing(plan, part, way)
    if growth is None or part.schedule(0) == 0:
        return None
    side = "below" if growth.rate > growth.neutral else "above"
    return Finding(
        "rises",
        f"{part.name} raises the rate with every period, because its rate is {text(growth.rate)}; "
        f"give it a rate {side} {text(growth.neutral)} to decay, or a ceiling if it is to rise",
    )


def _landing(plan: Plan, part: Part, way: Way) -> Finding | None:
    end = part.outside(part.schedule.length or 0)
    is_alone = part is plan.root.first
    if plan.given and is_alone and end <= plan.stop / 2:
        return None
    if way.part:
        share = text(way.last / way.first)
        cure = f"{way.part}={share} is a part of lr, so give one below 1, or end=RATE"
    elif is_alone:
        cure = "swap lr and end, or let a stage follow if it is a warmup"
    else:
        cure = "swap lr and end"
    return Finding(
        "rises",
        f"{part.name} raises the rate from {text(way.first)} to {text(way.last)}, which it "
        f"reaches at step {end}; {cure}",
        mild=is_alone and part.schedule.straight,
    )
