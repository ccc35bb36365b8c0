"""A warmup that takes more than half of the run.

A warmup is a stage of that name, the one of wsd and noam, or a first stage that rises.
"""

from .. import Finding, rule
from ..plan import Plan, share


@rule("the warmup takes more than half of the run, or more than there is")
def long_warmup(plan: Plan) -> Finding | None:
    """Return that it does."""
    if plan.warmup is None or not plan.is_sure:
        return None
    part, warm = plan.warmup
    if warm >= plan.stop:
        what = (
            f"would end at step {warm}, but the run ends after {plan.stop}, short of the full rate"
        )
    elif warm > plan.stop / 2:
        what = f"takes {warm} of the run's {plan.stop} steps, {share(warm, plan.stop)}"
    else:
        return None
    said = "the warmup" if part.leads_in else f"the warmup by {part.name}"
    return Finding("long_warmup", f"{said} {what}; make it shorter, or the run longer")
