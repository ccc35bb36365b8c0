"""A decay that rises instead.

Only as the last stage, because before another it is a warmup; not below a ceiling, towards which it
is meant to rise; and not where it is over in the first half of a run of known length, as a warmup
that nothing follows. It is mild for a line alone, which is often the warmup of something else.
"""

from .. import Finding, rule
from ..plan import DECAYS, Part, Plan, text

_FACTORS = ("exp", "exp_epoch", "multistep", "step")


@rule("the rate rises where its family decays")
def rises(plan: Plan) -> Finding | None:
    """Return that the last stage does."""
    part = plan.root.last
    if not part.alone or part.name == "warmup" or any(p.name == "ceiling" for p in part.around()):
        return None
    if part.name in DECAYS and part.lands_on > part.fields.lr:
        return _landing(plan, part)
    rate = getattr(part.schedule, "rate", 1)
    grows = (part.name in _FACTORS and rate > 1) or (part.name == "natural_exp" and rate < 0)
    if not grows or part.fields.lr == 0:
        return None
    rule = "above 0" if part.name == "natural_exp" else "below 1"
    return Finding(
        "rises",
        f"{part.name} raises the rate with every period, because its rate is {text(rate)}; give it "
        f"a rate {rule} to decay, or a ceiling if it is to rise",
    )


def _landing(plan: Plan, part: Part) -> Finding | None:
    end = part.outside(part.schedule.length or 0)
    is_alone = part is plan.root.first
    if plan.given and is_alone and end <= plan.stop / 2:
        return None
    if getattr(part.schedule, "alpha", None) is not None:
        cure = f"alpha={text(part.fields.alpha)} is a part of lr, so give one below 1, or end=RATE"
    elif is_alone:
        cure = "swap lr and end, or let a stage follow if it is a warmup"
    else:
        cure = "swap lr and end"
    return Finding(
        "rises",
        f"{part.name} raises the rate from {text(part.fields.lr)} to {text(part.lands_on)}, which "
        f"it reaches at step {end}; {cure}",
        mild=is_alone and part.name == "linear",
    )
