"""What looks like a mistake in the schedules and recorded runs that a command shows."""

from collections.abc import Iterable

from ..errors import LrvizError, did_you_mean, listing, option, printable, quoted
from ..lint import Finding, lint, lint_recorded, names
from ..schedules.base import Schedule
from ..series import Series
from ..specs.quantities import Run


def warnings_of(
    found: Iterable[Series], horizon: int, run: Run, silence: str, brief: bool = False
) -> list[str]:
    """Return messages about what looks like a mistake in series, but for what is silenced.

    In `brief` there is one for a schedule, about what is worst, and none of what is often meant.
    What is said of several is said once.
    """
    messages: dict[str, list[str]] = {}
    for one in found:
        all_of_them = _of(one, horizon, run, silence)
        chosen = [f for f in all_of_them if not f.mild][:1] if brief else all_of_them
        more = len(all_of_them) - 1 if brief and one.plan is not None else 0
        for finding in chosen:
            name = f"{finding.name}; {more} more in lrviz explain" if more else finding.name
            messages.setdefault(f"{finding.message} ({name})", []).append(printable(one.label))
    return [f"warning: {listing(labels)}: {message}" for message, labels in messages.items()]


def _of(one: Series, horizon: int, run: Run, silence: str) -> list[Finding]:
    """Return what looks like a mistake in a schedule or a recorded run."""
    found = findings(one.plan, horizon, run, silence)
    steps = one.known_steps
    if steps is None or not steps.size:
        return found
    silenced = _silenced(silence)
    return [other for other in lint_recorded(steps, one.at(steps)) if other.name not in silenced]


def _silenced(silence: str) -> set[str]:
    """Return the names of warnings that are not to be given; LrvizError if one is unknown."""
    known = names()
    silenced = {name.strip() for name in silence.split(",") if name.strip()}
    for name in sorted(silenced - set(known)):
        near = did_you_mean(name, known) or f"; the names are {listing(known)}"
        raise LrvizError(option("silence") + f" knows no warning {quoted(name)}{near}")
    return silenced


def findings(plan: Schedule | None, horizon: int, run: Run, silence: str = "") -> list[Finding]:
    """Return what looks like a mistake in a schedule, but for what is silenced by name."""
    silenced = _silenced(silence)
    if plan is None:
        return []
    given, per_epoch = run.horizon is not None, run.steps_per_epoch
    found = lint(plan, horizon, steps_per_epoch=per_epoch, given_horizon=given)
    return [finding for finding in found if finding.name not in silenced]
