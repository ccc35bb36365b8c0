"""A milestone, a boundary, a point or a stage that lies beyond where its schedule is followed.

What only says which rate comes after the end is not looked at: the last point of a line at the very
end, a last stage at one level after one that ends, and a change that coincides with the next stage.
"""

from collections.abc import Iterator

from ...errors import listing
from .. import Finding, rule
from ..plan import Part, Plan, end_of

_MOST = 3
"""How many are named."""


@rule("a milestone, a boundary or a stage lies beyond the end of the run")
def milestone(plan: Plan) -> Finding | None:
    """Return those of the first part that has some."""
    for part in plan.parts:
        # The change at the very end of a stage, and the last point of a line, say what comes next.
        first = part.stop + (part.stop < plan.stop or part.schedule.ends)
        placed = {(part.outside(step), what) for step, what in _places(plan, part)}
        late = sorted((step, what) for step, what in placed if step >= first)
        if late and not part.replaced:
            return Finding("milestone", _message(plan, part, late))
    return None


def _places(plan: Plan, part: Part) -> Iterator[tuple[int, str]]:
    """Yield the part's own steps at which something happens, and what."""
    yield from ((step, part.schedule.milestone) for step in part.schedule.milestones)
    for before, after in part.joints:
        is_rest = after is part.parts[-1] and after.schedule.level and not before.schedule.level
        follows_warmup = plan.warmup is not None and after.start <= plan.warmup[1]
        if not (is_rest and before.last.schedule.ends) and not follows_warmup:
            yield after.placed.start, f"stage {after.first.name}"


def _message(plan: Plan, part: Part, late: list[tuple[int, str]]) -> str:
    one, word = len(late) == 1, part.schedule.milestone
    if not one and {what for _, what in late} == {word}:
        said = f"{_plural(word)} at steps {listing(str(step) for step, _ in late[:_MOST])}"
    else:
        said = listing(f"{what} at step {step}" for step, what in late[:_MOST])
    more = f" (and {len(late) - _MOST} more)" if len(late) > _MOST else ""
    never, cure = ("is", "it") if one else ("are", "them")
    return (
        f"the {said}{more} {never} never reached, because {end_of(plan, part)}; "
        f"bring {cure} forward, or let it go on for longer"
    )


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
