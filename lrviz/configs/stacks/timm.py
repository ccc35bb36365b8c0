"""timm: the options of its train.py, and the args.yaml that it writes."""

import math

from .. import stack
from ..calls import OPTIMIZER, call
from ..settings import Settings
from ..sums import counted

_SCALED_BY_ROOT = ("ada", "lamb")
"""What is in the names of optimizers whose rate grows with the root of the batch."""


@stack(
    "timm 1.0",
    keys=("sched epochs", "sched warmup_lr", "sched warmup_epochs", "sched_on_updates", "sched lr"),
)
def timm(settings: Settings) -> str:
    """Return the call of create_scheduler_v2 with the defaults of train.py."""
    settings.take("lr_noise_pct", "lr_noise_std")  # without a noise, they say nothing
    epochs = settings.whole("epochs", default=300, option="epochs")
    warm = settings.whole("warmup_epochs", default=5)
    on_updates = settings.flag("sched_on_updates")
    size = settings.whole("batch_size", "b", default=128, option="batch")
    group = settings.whole("grad_accum_steps", default=1, option="accumulate")
    devices = settings.whole(default=1, option="devices")
    per_epoch = _updates(settings, devices, size, group)
    settings.per_epoch = per_epoch
    prefix = settings.flag("warmup_prefix")
    sched = settings.text("sched", default="cosine")
    run = _cycles(settings, sched, epochs, per_epoch if on_updates else 1)
    run += warm if prefix else 0
    settings.steps = run * per_epoch
    settings.sums.append(counted(run, "epoch"))
    is_stable = sched in _STABLE
    return call(
        "timm.scheduler.create_scheduler_v2",
        OPTIMIZER,
        sched=sched,
        num_epochs=epochs,
        decay_epochs=settings.number("decay_epochs", default=None),
        decay_milestones=[int(one) for one in settings.numbers("decay_milestones")] or None,
        patience_epochs=settings.whole("patience_epochs", default=10),
        decay_rate=settings.number("decay_rate", "dr", default=0.1),
        min_lr=settings.number("min_lr", default=0.0),
        warmup_lr=settings.number("warmup_lr", default=1e-5),
        warmup_epochs=warm,
        warmup_prefix=prefix,
        noise=(settings.numbers("lr_noise") or None) if sched != "none" else None,
        cycle_mul=settings.number("lr_cycle_mul", default=1.0),
        cycle_decay=settings.number("lr_cycle_decay", default=0.5),
        cycle_limit=settings.whole("lr_cycle_limit", default=1),
        k_decay=settings.number("lr_k_decay", default=1.0),
        decay_fn=settings.text("lr_decay_fn", default="") or None if is_stable else None,
        stable_timescale=(
            settings.number("lr_stable_timescale", default=None) if is_stable else None
        ),
        step_on_epochs=not on_updates,
        updates_per_epoch=per_epoch if on_updates else None,
        steps_per_epoch=None if on_updates else per_epoch,
        lr=_rate(settings, size * group * devices),
    )


_CYCLIC = ("cosine", "tanh", "poly")
_STABLE = ("wsd", "rsqrt")
"""Names of schedules that start anew, and of those that are stable first."""


def _cycles(settings: Settings, sched: str, epochs: int, unit: int) -> int:
    """Return how many epochs the cycles and the cooldown have, where the schedule has those."""
    cooldown = settings.whole("cooldown_epochs", default=0)
    times = settings.number("lr_cycle_mul", default=1.0)
    cycles = max(1, settings.whole("lr_cycle_limit", default=1))
    if sched not in _CYCLIC:
        return epochs + (cooldown if sched in _STABLE else 0)
    if times == 1:
        return epochs * cycles + cooldown
    return math.floor(epochs * unit * (times**cycles - 1) / (times - 1)) // unit + cooldown


def _updates(settings: Settings, devices: int, size: int, group: int) -> int:
    """Return the updates of an epoch; a batch that is not full is left out."""
    said = settings.whole(default=None, option="steps_per_epoch")
    if said is not None:
        return said
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        settings.need_length("an epoch", of_epoch=True)
    share = math.ceil(examples / devices)
    if settings.whole("aug_repeats", default=0) and devices > 1:
        share = examples // 256 * 256 // devices  # as its RepeatAugSampler picks
    found = share // size
    updates = math.ceil(found / group)
    settings.sums.append(
        f"{examples} examples make {counted(found, 'full batch')} of {size}, {updates} updates an "
        "epoch"
    )
    return updates


def _rate(settings: Settings, global_batch: int) -> float:
    """Return the rate, which grows with the batch if it is not given."""
    said = settings.number("lr", default=None, option="lr")
    if said is not None:
        return said
    base = settings.number("lr_base", default=0.1)
    ratio = global_batch / settings.number("lr_base_size", default=256)
    name = settings.text("opt", default="sgd").lower()
    scale = settings.text("lr_base_scale", default="")
    by_root = scale == "sqrt" or (not scale and any(one in name for one in _SCALED_BY_ROOT))
    rate = base * ratio**0.5 if by_root else base * ratio
    root = "root of " if by_root else ""
    settings.sums.append(f"lr {base:g} * {root}{ratio:g} = {rate:g}, as none is given")
    return rate
