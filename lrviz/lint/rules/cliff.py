"""A jump where stages join.

A stage may begin anywhere between the last rate before it and where that curve was going, and the
hundredth of the peak beside it. Further off, it is a cliff

- after a rise: it led somewhere, and the rate is elsewhere;
- upwards, unless the same family starts anew, as restarts do, or all before was constant, as a
  warmup at a lower rate is;
- downwards by more than half, unless to or from a level or stairs.

A stage of stairs after another is no cliff: it is a stair. Nor is anything about noise.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from .. import Finding, rule
from ..plan import Part, Plan, text

_MOST = 50
"""How many joints are looked at."""


class _Joint(NamedTuple):
    """A step at which a curve follows another, and the parts of the two."""

    step: int
    before: Part
    after: Part
    after_constants: bool

    @property
    def is_led_to(self) -> bool:
        """Whether what comes before it is the line of a warmup, or the like."""
        return self.after.within is self.before

    @property
    def curve(self) -> Part:
        """The curve before it: the line of a warmup, or what a stage ends with."""
        return self.before if self.is_led_to else self.before.last


_Rates = tuple[float, float, float]
"""The rates at a joint, at the step before, and where the rate before that one held."""


@rule("a stage begins far from where the one before it ended", hides=("units",))
def cliff(plan: Plan) -> Finding | None:
    """Return the first cliff."""
    joints = [*islice((joint for joint in _joints(plan) if _is_seen(plan, joint)), _MOST)]
    values = iter(plan.rates([step for joint in joints for step in _three(joint)]))
    pairs = zip(joints, zip(values, values, values, strict=True), strict=True)
    cliffs = [(joint, rates) for joint, rates in pairs if _is_cliff(plan, joint, rates)]
    for joint, (here, last, _) in cliffs[:1]:
        way = "up" if here > last else "down"
        more = f" (and at {len(cliffs) - 1} more)" if len(cliffs) > 1 else ""
        return Finding(
            "cliff",
            f"the rate jumps {way} from {text(last)} to {text(here)} at step "
            f"{joint.step}{more}, where {joint.curve.name} ends and {joint.after.first.name} "
            f"begins; {_cure(joint)}",
        )
    return None


def _joints(plan: Plan) -> Iterator[_Joint]:
    for part in plan.parts:
        if part.leads_in and not part.schedule.joined:
            yield _Joint(part.parts[0].start, part, part.parts[0], after_constants=False)
        constants = part.start == 0
        for before, after in part.joints:
            constants = constants and before.last.schedule.level
            yield _Joint(after.start, before, after, constants)


def _is_seen(plan: Plan, joint: _Joint) -> bool:
    return joint.curve.start < joint.step < min(joint.after.stop, plan.shown)


def _three(joint: _Joint) -> tuple[int, int, int]:
    """Return the step of a joint, the last before it, and one at which the rate before held."""
    last = joint.step - 1
    return joint.step, last, max(last - joint.after.stride, joint.curve.start)


def _is_cliff(plan: Plan, joint: _Joint, rates: _Rates) -> bool:
    here, last, earlier = rates
    before, after = joint.curve.schedule, joint.after.first.schedule
    if before.noisy or after.noisy:
        return False
    if before.stairs and after.stairs:
        return False
    near = 0.01 * plan.peak
    if not _gap(here, last, last + (last - earlier)) > near:
        return False
    if last <= earlier and here > last:
        is_restart = before.name == joint.after.last.name
        if is_restart or joint.after_constants:
            return False
    elif last <= earlier and (before.stairs or after.stairs or here >= last / 2):
        return False
    return _gap(here, last, _going_to(plan, joint, last)) > near


def _gap(here: float, last: float, going_to: float) -> float:
    """Return how far a rate is from all between the last one and where that was going to."""
    return max(here - max(last, going_to), min(last, going_to) - here)


def _going_to(plan: Plan, joint: _Joint, last: float) -> float:
    """Return the rate that the curve before a joint would have there."""
    if joint.is_led_to:
        return last
    before, there = plan.rates([joint.step - 1, joint.step], joint.before)
    return last * there / before if before > 0 and there >= 0 else last


def _cure(joint: _Joint) -> str:
    before, after = joint.before, joint.after
    if joint.is_led_to:
        skipped = after.parts[0].placed.offset if after.parts else 0
        if skipped < 0:
            return (
                f"take {after.name}={skipped} away, so that the stage after the warmup begins "
                "at its own step 0 (warmup_prefix=True in timm)"
            )
        return "leave out the end of the warmup, and it leads to where the next stage begins"
    length, whole = before.schedule.length or 0, before.whole
    if whole is not None and before.last.schedule.ends and length < whole:
        return f"give {joint.curve.name} all of its {whole} steps, and not {length}"
    return "let the one end at the rate where the other begins"
