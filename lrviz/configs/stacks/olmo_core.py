"""OLMo-core: the config.json of a run, whose rate of an update is that of the step after it."""

import math

from ...errors import did_you_mean, listing, quoted
from .. import stack
from ..settings import Settings
from ..stages import stage, warmed
from ..sums import counted

_AT = "train_module.scheduler"

_FAMILIES = {
    "ConstantScheduler": "const",
    "ConstantWithWarmup": "const",
    "WSD": "const",
    "LinearWithWarmup": "linear",
    "InvSqrtWithWarmup": "inverse_sqrt",
    "CosWithWarmup": "cosine",
    "HalfCosWithWarmup": "cosine",
    "CosWithWarmupAndLinearDecay": "cosine",
}
"""By class the family that follows the warmup."""

_LINES = ("WSD", "CosWithWarmupAndLinearDecay")
"""Classes that end in a line."""


@stack(
    "OLMo-core",
    keys=(
        "train_module.scheduler train_module.optim.lr",
        "train_module.scheduler trainer.max_duration",
    ),
)
def olmo_core(settings: Settings) -> str:
    """Return the spec of the scheduler a step ahead, in steps or in tokens."""
    name = settings.text(f"{_AT}._CLASS_").rpartition(".")[2]
    if name not in _FAMILIES:
        near = did_you_mean(name, _FAMILIES)
        rule = f"is {listing(_FAMILIES, 'or')}, not {quoted(name)}{near}"
        settings.refuse(f"{_AT}._CLASS_", rule)
    lr = settings.number("train_module.optim.lr", option="lr")
    units = settings.choice(f"{_AT}.units", choices=("steps", "tokens"), default="steps")
    by = _tokens(settings) if units == "tokens" else 1
    longest = _duration(settings, "trainer.max_duration", by)
    settings.steps = math.ceil(longest / by)
    if "trainer.hard_stop" in settings:
        stop = math.ceil(_duration(settings, "trainer.hard_stop", by) / by)
        settings.steps = min(settings.steps, stop)
        settings.sums.append(f"hard_stop after {counted(stop, 'step')}")
    settings.take(f"{_AT}.lr_field", f"{_AT}.initial_lr_field")
    if name in _LINES and settings.steps * by > longest:
        rule = f"ends within a step, whose rate is below the lowest; write a multiple of {by}"
        settings.refuse("trainer.max_duration.value", rule)
    total = settings.whole(f"{_AT}.t_max", default=longest)
    ahead = f"shift:steps={-by}/{_stages(settings, name, lr, total)}"
    return ahead if by == 1 else f"stepped:by={by}/{ahead}"


def _stages(settings: Settings, name: str, lr: float, total: int) -> str:
    """Return the spec of a class from its own step 0."""
    if name == "ConstantScheduler":
        return stage("const", lr=lr)
    warm = _part(settings, "warmup", total)
    start = settings.number(f"{_AT}.warmup_min_lr", default=0.0)
    decay = _part(settings, "decay", total, 0.1) if name in _LINES else 0
    rest = total - warm
    if decay > rest or (rest <= 0 and _FAMILIES[name] in ("linear", "cosine")):
        settings.refuse(_AT, f"has no step between warmup and the end, {total}")
    end = settings.number(f"{_AT}.alpha_f", default=0.1) * lr
    match _FAMILIES[name]:
        case "const":
            before, last = [stage("const", lr=lr, for_=rest - decay if decay else None)], lr
        case "inverse_sqrt":
            if not warm:
                settings.refuse(f"{_AT}.warmup", "must be above 0 for InvSqrtWithWarmup")
            decaying = stage("inverse_sqrt", lr=lr - end, steps=warm)
            before, last = [f"sum/{stage('const', lr=end)}/{decaying}"], lr
        case family:
            steps, shift = (2 * rest, -rest) if name.startswith("Half") else (rest, None)
            kept = rest - decay if decay else None
            before = [stage(family, lr=lr, steps=steps, end=end, shift=shift, for_=kept)]
            wave = (1 + math.cos(math.pi * (rest - decay) / rest)) / 2
            last = end + (lr - end) * wave
    if not decay:
        return warmed(warm, *before, start=start)
    low = settings.number(f"{_AT}.decay_min_lr", default=0.0)
    line = stage("linear", lr=last, steps=decay, end=low)
    return warmed(warm, *(before if decay < rest else []), line, start=start)


def _part(settings: Settings, what: str, total: int, default: float | None = None) -> int:
    """Return the length of the warmup or the decay, given as such or as a fraction."""
    said = settings.whole(f"{_AT}.{what}", f"{_AT}.{what}_steps", default=None)
    fraction = settings.number(f"{_AT}.{what}_fraction", default=None)
    if said is not None and fraction is not None:
        settings.refuse(f"{_AT}.{what}_fraction", f"and {what} are both given; keep one")
    if said is not None:
        return said
    fraction = default if fraction is None else fraction
    if fraction is None:
        settings.lack(f"{_AT}.{what}")
    found = round(total * fraction)
    settings.sums.append(f"{what} round({total} * {fraction:g}) = {found}")
    return found


def _tokens(settings: Settings) -> int:
    """Return the tokens of a step."""
    return settings.whole("data_loader.global_batch_size")


def _duration(settings: Settings, path: str, by: int) -> int:
    """Return a duration in steps, or in tokens of `by` a step."""
    said = settings.whole(default=None, option="horizon")
    if said is not None:
        return said * by
    value = settings.whole(f"{path}.value")
    unit = settings.choice(f"{path}.unit", choices=("steps", "epochs", "tokens"))
    if unit == "steps":
        return value * by
    if unit == "epochs":
        each = settings.whole(default=None, option="steps_per_epoch")
        if each is None:
            settings.lack("", "steps_per_epoch", f"{path} is in epochs")
        return value * each * by
    if by > 1:
        return value
    steps = math.ceil(value / _tokens(settings))
    settings.sums.append(f"{counted(steps, 'step')} for {value} tokens")
    return steps
