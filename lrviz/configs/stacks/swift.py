"""ms-swift: the keys of Transformers, with defaults of its own and a ratio for the warmup."""

import math

from .. import stack
from ..settings import Settings
from ..sums import counted
from ..trainer import check_not_sampled, length, scheduler_call

_TUNERS = ("tuner_type", "train_type", "sft_type")


@stack(
    "ms-swift 4.6",
    keys=_TUNERS,
    programs=("swift sft", "swift pt", "swift rlhf", "swift"),
    over=("transformers", "llamafactory"),
)
def swift(settings: Settings) -> str:
    """Return the call of get_scheduler with the defaults of ms-swift."""
    size = settings.whole("per_device_train_batch_size", default=1, option="batch")
    devices = settings.whole(default=1, option="devices")
    if settings.get("rlhf_type") in ("grpo", "gkd", "ppo"):
        check_not_sampled(settings)
    group = max(1, math.ceil(16 / size / devices))
    total = length(settings, batch=1, accumulate=group)
    if "gradient_accumulation_steps" not in settings and "accumulate" not in settings.known:
        settings.notes.append(
            f"gradient_accumulation_steps is not given, and {counted(group, 'batch')} make a step"
        )
    is_full = settings.text(*_TUNERS, default="lora") == "full"
    lr = 1e-5 if is_full else 1e-4
    return scheduler_call(settings, total, _warmup(settings, total), name="cosine", lr=lr)


def _warmup(settings: Settings, total: int) -> int:
    """Return the length of the warmup: a ratio of the run rounded up, or steps."""
    steps = settings.number("warmup_steps", default=0)
    ratio = settings.number("warmup_ratio", default=0)
    if steps and ratio:
        settings.refuse("warmup_ratio", "and warmup_steps are both given; keep one of them")
    if ratio >= 1:
        settings.refuse("warmup_ratio", f"is below 1, not {ratio:g}")
    if steps >= 1:
        return int(steps)
    part = steps or ratio
    found = math.ceil(total * part)
    if part:
        settings.sums.append(f"warmup ceil({part:g} * {total}) = {found}")
    return found
