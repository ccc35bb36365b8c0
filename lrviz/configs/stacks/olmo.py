"""OLMo: a scheduler in steps or in tokens, whose rate of an update is that of the step after it."""

import math

from .. import stack
from ..calls import formula
from ..settings import Settings, as_number
from ..stages import stage, warmed
from ..sums import counted

_SPECS = ("linear_with_warmup", "inverse_sqrt_with_warmup", "constant", "constant_with_warmup")

_FACTORS = {
    "max_scheduler": "max({cosine}, ({W} / max({W}, {s})) ** 0.5)",
    "cosine_linear_envelope": "{a} + {d} * (1 - {x}) * (1 + math.cos(math.pi * {x})) / 2",
}
"""By name the factor of the rate after the warmup, where no spec gives it.

W is the length of the warmup and s the time, x the part of the decay that has passed; a is alpha_f
and d what is above it.
"""

_OF_OTHERS = (
    *("scheduler.grad_clip_warmup_steps", "scheduler.grad_clip_warmup_factor"),
    *("optimizer.decay_norm_and_bias", "optimizer.decay_embeddings"),
)
"""Settings whose names speak of rates and that are about gradients and weights."""

_NAMES = ("cosine_with_warmup", *_SPECS, *_FACTORS)


@stack(
    "OLMo 0.6",
    keys=(
        "scheduler.name optimizer.learning_rate",
        "scheduler.units",
        f"max_duration scheduler.name={'|'.join((*_SPECS[:2], *_FACTORS))}",
    ),
)
def olmo(settings: Settings) -> str:
    """Return the spec of the scheduler a step ahead, or the formula of a product or a maximum."""
    name = settings.choice("scheduler.name", choices=_NAMES, default="cosine_with_warmup")
    lr = settings.number("optimizer.learning_rate", default=1e-4, option="lr")
    settings.take(*_OF_OTHERS)
    units = settings.choice("scheduler.units", choices=("steps", "tokens"), default="steps")
    by = _batch_tokens(settings) if units == "tokens" else 1
    longest = _longest(settings, by)
    settings.steps = math.ceil(longest / by)
    for name_of_stop in ("stop_at", "stop_after"):
        stop = settings.whole(name_of_stop, default=longest)
        if stop < settings.steps:
            settings.sums.append(f"{name_of_stop} {stop}")
            settings.steps = stop
    warm = int(settings.number("scheduler.t_warmup", default=100))
    total = int(settings.number("scheduler.t_max", default=longest))
    alpha = settings.number("scheduler.alpha_f", default=0.1)
    low = settings.number("scheduler.warmup_min_lr", default=lr * 0.1)
    if low >= lr and warm:
        settings.refuse("scheduler.warmup_min_lr", f"must be below the rate, {lr:g}, not {low:g}")
    if "inverse" in name and not warm:
        settings.refuse("scheduler.t_warmup", f"must be above 0 for {name}")
    if name in _FACTORS:
        return _formula(settings, name, lr, warm, total, by, alpha, low)
    ahead = f"shift:steps={-by}/" + _stages(name, lr, warm, total, alpha, low)
    return ahead if by == 1 else f"stepped:by={by}/{ahead}"


def _stages(name: str, lr: float, warm: int, total: int, alpha: float, low: float) -> str:
    """Return the spec of a schedule from its own step 0."""
    rest, end = total - warm, lr * alpha
    if name.startswith("constant"):
        return warmed(0 if name == "constant" else warm, stage("const", lr=lr), start=low)
    if name.startswith("inverse"):
        return warmed(warm, stage("inverse_sqrt", lr=lr, steps=warm), start=low)
    if rest <= 0:  # the rate falls to the end at once
        return f"warmup:steps={warm},start={low!r},end={lr!r}/{stage('const', lr=end)}"
    family = name.partition("_")[0]
    return warmed(warm, stage(family, lr=lr, steps=rest, end=end), start=low)


def _formula(
    settings: Settings,
    name: str,
    lr: float,
    warm: int,
    total: int,
    by: int,
    alpha: float,
    low: float,
) -> str:
    """Return the formula of a schedule that no spec gives."""
    if name == "max_scheduler" and not warm:
        settings.refuse("scheduler.t_warmup", f"must be above 0 for {name}")
    s = f"(t + 1) * {by}" if by > 1 else "(t + 1)"
    x = f"({s} - {warm}) / {max(total - warm, 1)}"
    a, d = repr(alpha), repr(1 - alpha)
    wave = f"{a} + {d} * (1 + math.cos(math.pi * ({x}))) / 2"
    cosine = f"({wave} if {s} < {total} else {a})"
    factor = _FACTORS[name].format(W=warm, s=s, x=f"({x})", a=a, d=d, cosine=cosine)
    if name != "max_scheduler":
        factor = f"{factor} if {s} < {total} else {a}"
    if not warm:
        return formula(factor, lr)
    rise = f"{low / lr!r} + {1 - low / lr!r} * {s} / {warm}"
    return formula(f"{rise} if {s} < {warm} else ({factor})", lr)


def _batch_tokens(settings: Settings) -> int:
    """Return the tokens of an update."""
    batch = settings.whole("global_train_batch_size", default=512)
    length = settings.whole("model.max_sequence_length", "max_sequence_length", default=1024)
    settings.sums.append(f"{batch} * {length} = {batch * length} tokens a step")
    return batch * length


def _longest(settings: Settings, by: int) -> int:
    """Return the length of the run by max_duration, in steps or in tokens of `by` a step."""
    said = settings.whole(default=None, option="horizon")
    if said is not None:
        return said * by
    text = settings.get("max_duration")
    if text is None:
        text = 10_000
        settings.sums.append("10000 steps, as no max_duration is given")
    unit = "T" if str(text).endswith("T") else "ep" if str(text).endswith("ep") else ""
    number = as_number(str(text).removesuffix(unit).strip())
    if isinstance(number, str) or not 0 < number < math.inf:
        settings.refuse("max_duration", f"is steps, or a text such as 2ep or 1e9T, not {text!r}")
    if unit == "T":
        tokens = int(number)
        each = by if by > 1 else _batch_tokens(settings)
        steps = math.ceil(tokens / each)
        settings.sums.append(f"ceil({tokens} / {each}) = {counted(steps, 'step')}")
        return tokens if by > 1 else steps
    if unit == "ep":
        return int(number) * _per_epoch(settings, int(number)) * by
    return int(number) * by


def _per_epoch(settings: Settings, epochs: int) -> int:
    """Return the steps of an epoch; a batch that is not full is left out."""
    said = settings.whole(default=None, option="steps_per_epoch")
    if said is not None:
        return said
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        settings.need_length(counted(epochs, "epoch"))
    batch = settings.whole("global_train_batch_size", default=512)
    settings.sums.append(f"{examples} examples make {counted(examples // batch, 'step')} an epoch")
    return examples // batch
