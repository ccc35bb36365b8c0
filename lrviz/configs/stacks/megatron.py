"""Megatron-LM: the options of its training scripts, which count iterations or samples."""

from .. import stack
from ..settings import OPTIMIZER, Settings, call

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
    if "rampup_batch_size" in settings:
        settings.refuse("rampup_batch_size", "changes the samples of a step, which is not followed")
    batch = _global_batch(settings)
    by_samples = "train_samples" in settings
    unit, one = ("samples", 1) if by_samples else ("iters", batch)
    if by_samples:
        total = settings.whole("train_samples")
        settings.steps = total // batch
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
    )


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
