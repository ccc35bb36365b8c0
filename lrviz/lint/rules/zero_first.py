"""A first update at rate 0, which changes nothing; mild for one, or a thousandth of the run."""

from .. import Finding, Record, recorded_rule, rule
from ..plan import Plan


@rule("the first update has the rate 0")
def zero_first(plan: Plan) -> Finding | None:
    """Return how many have it."""
    if plan.values[0] != 0 or not plan.peak > 0:
        return None

    risen = min(step for step, rate in plan.known.items() if rate > 0)
    before = max(step for step in plan.steps if step < risen)
    first = plan.first_where(lambda at: [rate > 0 for rate in plan.rates(at)], before, risen)
    has_start = any(field.key == "start" for field in plan.root.first.schedule.parameters())
    cure = "start=RATE" if has_start else "shift=-1"
    if first > 1:
        return Finding(
            "zero_first",
            f"the first {first} updates have the rate 0 and change nothing; begin above 0",
            mild=first <= plan.shown / 1000,
        )
    return Finding(
        "zero_first",
        "step 0 has the rate 0, so that the first update changes nothing, as in Transformers; "
        f"to begin higher, add {cure}",
        mild=True,
    )


@recorded_rule("zero_first")
def zero_first_record(record: Record) -> Finding | None:
    """Return how many of the recorded steps have it; a run that began later has no first one."""
    if record.steps[0] > 1 or record.rates[0] != 0 or not record.rates.max() > 0:
        return None
    count = int((record.rates > 0).argmax())
    if count == 1:
        return Finding(
            "zero_first",
            f"step {record.steps[0]} has the rate 0, so that the update changed nothing, "
            "as in Transformers",
            mild=True,
        )
    last = record.steps[count - 1]
    return Finding(
        "zero_first",
        f"the rate is 0 up to step {last}, and those updates changed nothing; begin above 0",
        mild=count <= len(record.steps) / 1000,
    )
