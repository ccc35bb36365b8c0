"""A schedule that is over almost as soon as the run has begun, as if it counted epochs.

Either a decay is over in the first hundredth of the run, and down by more than half; or there are
more than a hundred cycles.
"""

from ...schedules.fields import number_text
from .. import Finding, rule
from ..plan import Part, Plan, text

_LEAST = 1000
"""Runs of fewer steps are too short for it."""
_MOST_EPOCHS = 1000
"""More than that is hardly meant as epochs."""


@rule(
    "the whole schedule is over in the first hundredth of the run, as if it counted epochs",
    hides=("climbs", "dead", "floor"),
)
def units(plan: Plan) -> Finding | None:
    """Return when it is over, or how many cycles there are."""
    if not plan.given or plan.stop < _LEAST:
        return None
    what = _many_cycles(plan, plan.root.last) or _over(plan)
    return Finding("units", f"{what}; {_cure(plan, plan.root.last)}") if what else None


def _over(plan: Plan) -> str | None:
    final, near = plan.values[-1], (0.01 + 1e-9) * plan.peak  # whatever the last digit of a power
    if not (plan.peak > 0 and final <= 0.5 * plan.peak):
        return None
    last = max(step for step, rate in plan.known.items() if abs(rate - final) > near)
    if last >= plan.stop / 100:
        return None
    after = next(step for step in plan.steps if step > last)
    begin = plan.first_where(
        lambda at: [abs(rate - final) <= near for rate in plan.rates(at)], last, after
    )
    if begin > plan.stop / 100:
        return None
    return (
        f"the rate falls from {text(plan.peak)} to {text(plan.rates([begin])[0])} within the first "
        f"{begin} of {plan.stop} steps, and then hardly changes"
    )


def _many_cycles(plan: Plan, part: Part) -> str | None:
    cycle = part.schedule.cycle_length
    if cycle is None or not part.alone:
        return None
    steps = part.outside(round(1000 * cycle)) - part.outside(0)
    count = 1000 * (plan.stop - part.start) // steps
    return f"{part.name} goes through {count} cycles in {plan.stop} steps" if count > 100 else None


def _cure(plan: Plan, part: Part) -> str:
    given = ((f, value) for f, value in part.schedule.given() if f.param.unit == "steps")
    field, number = next(given, (None, None))
    longer = "stretch it over the run"
    if part.stride > 1 or field is None or not isinstance(number, int | float):
        return f"if its steps are meant as epochs, write them as 30ep, or {longer}"
    if number > _MOST_EPOCHS:
        return longer
    epochs = number_text(number)
    if plan.steps_per_epoch is None:
        return f"if epochs are meant, write {field.key}={epochs}ep, or {longer}"
    steps = round(number * plan.steps_per_epoch)
    if steps > 2 * plan.stop:
        return longer
    return f"if epochs are meant, write {field.key}={epochs}ep, which is {steps} steps"
