"""MaxText: a warmup, a cosine or a level with a decay, and 0 past learning_rate_schedule_steps.

It counts in float32.
"""

from .. import stack
from ..settings import Settings
from ..stages import stage

_OLDER = "cosine_learning_rate_final_fraction"
"""What the final fraction was called when a cosine was as long as its steps, not one shorter."""


@stack(
    "MaxText",
    keys=(
        *("learning_rate_schedule_steps", "warmup_steps_fraction", _OLDER),
        *("wsd_decay_steps_fraction", "lr_schedule_type=cosine|wsd"),
    ),
    programs=("[Mm]ax[Tt]ext*train*", "*[Mm]ax[Tt]ext/*train*.py"),
)
def maxtext(settings: Settings) -> str:
    """Return the spec of a warmup and a decay that lands on the last step of the schedule."""
    top = settings.number("learning_rate", default=3e-5, option="lr")
    steps = settings.whole("steps", default=150_001, option="horizon")
    length = settings.whole("learning_rate_schedule_steps", default=-1)
    length = steps if length == -1 else length
    settings.steps = length if steps == -1 else steps
    warm = _part(settings, "warmup", length)
    final = top * settings.number("learning_rate_final_fraction", _OLDER, default=0.1)
    kind = settings.choice("lr_schedule_type", choices=("cosine", "wsd"), default="cosine")
    if kind == "cosine":
        settings.take("wsd_decay_steps_fraction", "wsd_decay_style")
        stages = _cosine(length - warm, top, final, lands=_OLDER not in settings)
    else:
        stages = _stable(settings, length, warm, top, final)
    rise = [stage("warmup", steps=warm, end=top)] if warm else []
    tail = stage("const", lr=0.0 if settings.steps > length else final)
    return "/".join((*rise, *stages, tail))


def _stable(settings: Settings, length: int, warm: int, top: float, final: float) -> list[str]:
    """Return a level and a decay, in a line or along a cosine."""
    decay = _part(settings, "wsd_decay", length)
    level = length - warm - decay
    if level < 0:
        rule = "and warmup_steps_fraction are together more than 1"
        settings.refuse("wsd_decay_steps_fraction", rule)
    style = settings.choice("wsd_decay_style", choices=("linear", "cosine"), default="linear")
    before = [stage("const", lr=top, for_=level)] if level else []
    if style == "cosine":
        return before + _cosine(decay, top, final)
    if decay == 1:  # a line of no length stays where it begins
        return [*before, stage("const", lr=top, for_=1)]
    line = stage("linear", lr=top, steps=decay - 1, end=final, for_=decay)
    return [*before, line] if decay else before


def _cosine(steps: int, top: float, final: float, *, lands: bool = True) -> list[str]:
    """Return a cosine of a number of steps that `lands` on the last of them, or one later."""
    if steps < 1:
        return []
    wave = steps - 1 if lands else steps
    if wave == 0:
        return [stage("const", lr=final, for_=steps)]
    return [stage("cosine", lr=top, steps=wave, end=final, for_=steps)]


def _part(settings: Settings, what: str, length: int) -> int:
    """Return the steps of a part of the schedule, rounded down."""
    fraction = settings.number(f"{what}_steps_fraction", default=0.1)
    if not 0 <= fraction <= 1:
        settings.refuse(f"{what}_steps_fraction", f"is a part from 0 to 1, not {fraction:g}")
    found = int(length * fraction)
    settings.sums.append(f"{what.removeprefix('wsd_')} int({length} * {fraction:g}) = {found}")
    return found
