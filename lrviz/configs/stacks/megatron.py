"""Megatron-LM: the options of its training scripts, which count iterations or samples."""

import math
from collections.abc import Sequence

from .. import stack
from ..calls import OPTIMIZER, call
from ..settings import Settings
from ..sums import counted

_KEYS = (
    *("lr_decay_style", "lr_warmup_fraction", "lr_warmup_iters", "lr_decay_iters"),
    *("lr_warmup_samples", "lr_decay_samples", "train_iters lr", "train_samples lr"),
)


@stack(
    "Megatron-LM",
    keys=_KEYS,
    programs=("pretrain_*.py", "megatron *", "finetune_gpt.py"),
)
def megatron(settings: Settings) -> str:
    """Return the call of OptimizerParamScheduler, which counts samples."""
    batch = _global_batch(settings)
    by_samples = "train_samples" in settings
    unit, one = ("samples", 1) if by_samples else ("iters", batch)
    _check_units(settings, unit)
    ramp = _ramp(settings, batch)
    if by_samples:
        total, settings.steps = _samples(settings, batch, ramp)
    else:
        total = settings.whole("train_iters", option="horizon")
        settings.steps = total
    decay = settings.whole(f"lr_decay_{unit}", default=total) * one
    fraction = settings.number("lr_warmup_fraction", default=None)
    whole = settings.whole(f"lr_warmup_{unit}", default=0)
    if fraction is not None and whole:
        settings.refuse("lr_warmup_fraction", f"and lr_warmup_{unit} are both given; keep one")
    warm = fraction * decay if fraction else whole * one
    if fraction:
        settings.sums.append(f"warmup {fraction:g} * {decay} = {warm:g} samples, not rounded")
    if settings.program[:1] == ("megatron",) and "lr_decay_style" not in settings:
        settings.lack("lr_decay_style", why="ms-swift has other defaults than Megatron-LM")
    style = settings.text("lr_decay_style", default="linear")
    is_wsd = style == "WSD"
    lr = settings.number("lr", option="lr")
    return call(
        "megatron.core.optimizer_param_scheduler.OptimizerParamScheduler",
        OPTIMIZER,
        init_lr=settings.number("lr_warmup_init", default=0.0),
        max_lr=lr,
        min_lr=settings.number("min_lr", default=0.0),
        lr_warmup_steps=int(warm) if warm == int(warm) else warm,
        lr_decay_steps=decay,
        lr_decay_style=style,
        start_wd=0,
        end_wd=0,
        wd_incr_steps=0,
        wd_incr_style="constant",
        wsd_decay_steps=settings.whole(f"lr_wsd_decay_{unit}") * one if is_wsd else None,
        lr_wsd_decay_style=(
            settings.text("lr_wsd_decay_style", default="exponential") if is_wsd else None
        ),
        increment=batch,
        rampup=ramp or None,
    )


def _check_units(settings: Settings, unit: str) -> None:
    """Refuse options in samples where the run is in iterations, and the other way round."""
    other = "iters" if unit == "samples" else "samples"
    names = [f"lr_{what}_{other}" for what in ("decay", "warmup", "wsd_decay")]
    for name in [*names, *(["rampup_batch_size"] if other == "samples" else [])]:
        if settings.get(name) not in (None, "0", 0):
            settings.refuse(name, f"does not go with train_{unit}; keep to one of the two")


def _samples(settings: Settings, batch: int, ramp: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the samples and the updates of a run in samples; a batch that is not full is none."""
    updates = sum(count for _, count in ramp)
    ramped = sum(size * count for size, count in ramp)
    said = settings.whole(default=None, option="horizon")
    if said is not None and said >= updates:
        return ramped + (said - updates) * batch, said
    total = settings.whole("train_samples")
    steps = updates + max(total - ramped, 0) // batch
    settings.sums.append(f"{total} samples make {counted(steps, 'step')}")
    return total, said or steps


def _ramp(settings: Settings, last: int) -> list[tuple[int, int]]:
    """Return the sizes of the batches before the `last`, each with its updates."""
    given = settings.numbers("rampup_batch_size")
    if not given:
        return []
    if settings.flag("decrease_batch_size_if_needed"):
        settings.refuse("decrease_batch_size_if_needed", "changes the batches, and is not read")
    if len(given) != 3 or not all(number == int(number) > 0 for number in given):
        settings.refuse("rampup_batch_size", "is a first size, what it grows by, and samples")
    size, by, samples = map(int, given)
    if last <= size or (last - size) % by:
        rule = f"must grow from {size} by {by} to the global batch size, {last}"
        settings.refuse("rampup_batch_size", rule)
    each = samples / ((last - size) // by)
    ramp, seen = list[tuple[int, int]](), 0
    while seen <= samples:
        level = int(seen / each)
        now = size + level * by
        most = samples - seen + 1 if now == last else (level + 1) * each - seen
        count = max(math.ceil(most / now), 1)
        while int((seen + count * now) / each) == level and seen + count * now <= samples:
            count += 1  # the product was rounded
        ramp.append((now, count))
        seen += count * now
    settings.sums.append(f"{sum(count for _, count in ramp)} steps until the batch is {last}")
    return ramp


def _global_batch(settings: Settings) -> int:
    """Return the samples of an iteration; of all devices that do not share a model, if not said."""
    said = settings.whole("global_batch_size", default=None)
    if said is not None:
        return said
    micro = settings.whole("micro_batch_size", default=None, option="batch")
    devices = settings.whole(default=None, option="devices")
    if micro is None or devices is None:
        if "train_samples" in settings:
            settings.lack("global_batch_size")
        return 1  # all lengths are times it, and the curve is the same
    for one in (
        "tensor_model_parallel_size",
        "pipeline_model_parallel_size",
        "context_parallel_size",
    ):
        devices //= settings.whole(one, default=1)
    return micro * max(devices, 1)
