"""LitGPT: the train section of its scripts for fine-tuning and for pretraining."""

import math

from .. import stack
from ..settings import Settings
from ..stages import stage, warmed
from ..sums import counted


@stack(
    "LitGPT 0.5",
    keys=("train.lr_warmup_steps", "train.global_batch_size train.micro_batch_size"),
    programs=("litgpt *", "litgpt"),
    over=("lightning",),
)
def litgpt(settings: Settings) -> str:
    """Return the spec of a warmup and a cosine: to 0 when it fine-tunes, which reads no min_lr."""
    lr = settings.number(
        "optimizer.init_args.lr", "optimizer.lr", "train.learning_rate", default=1e-3, option="lr"
    )
    if settings.program[1:2] == ("pretrain",) or "train.max_tokens" in settings:
        return _pretraining(settings, lr)
    warm = settings.whole("train.lr_warmup_steps", default=100)
    total = settings.steps = _length(settings)
    if settings.number("train.min_lr", default=0):
        settings.notes.append("train.min_lr is not used when LitGPT fine-tunes")
    return _curve(lr, warm, total)


def _curve(lr: float, warm: int, total: int, end: float = 0.0) -> str:
    """Return the spec of a warmup and a cosine to `end`."""
    if warm >= total:
        return warmed(warm, stage("const", lr=lr))
    return warmed(warm, stage("cosine", lr=lr, steps=total - warm, end=end))


def _pretraining(settings: Settings, lr: float) -> str:
    """Return the spec of a rate by micro-batches; that of an update is that of its last one."""
    if settings.number("train.lr_warmup_fraction", default=0):
        settings.refuse(
            "train.lr_warmup_fraction", "is a part of the data loader; write lr_warmup_steps"
        )
    whole = settings.whole("train.global_batch_size", default=512)
    size = settings.whole("train.micro_batch_size", default=4, option="batch")
    devices = settings.whole("devices", default=1, option="devices")
    devices *= settings.whole("num_nodes", default=1)
    group = settings.whole(default=max(whole // devices // size, 1), option="accumulate")
    said = settings.whole(default=None, option="horizon")
    length = settings.whole("train.max_seq_length", "model_config.block_size", default=None)
    tokens = int(settings.number("train.max_tokens", default=3e12))
    if said is not None:
        micro = said * group
    elif length is None:
        why = "a micro-batch has as many tokens as texts are long"
        settings.lack("train.max_seq_length", "horizon", why)
    else:
        micro = tokens // devices // (size * length)
        settings.sums.append(
            f"{tokens} tokens on {counted(devices, 'device')} make {micro} micro-batches of "
            f"{size} * {length}, {group} a step"
        )
    settings.steps = micro // group
    settings.sums.append(f"{counted(settings.steps, 'step')} in all")
    warm = min(micro, settings.whole("train.lr_warmup_steps", default=2000) * group)
    curve = _curve(lr, warm, micro, settings.number("train.min_lr", default=4e-5))
    if group == 1:
        return curve
    return f"stepped:by={group}/shift:steps={1 - group}/{curve}"


def _length(settings: Settings) -> int:
    """Return how many updates a run has; a group of batches that is not full makes none."""
    epochs = settings.whole("train.epochs", default=5, option="epochs")
    whole = settings.whole("train.global_batch_size", default=16)
    size = settings.whole("train.micro_batch_size", default=1, option="batch")
    devices = settings.whole("devices", default=1, option="devices")
    if "devices" not in settings.known:
        devices *= settings.whole("num_nodes", default=1)
    most = settings.whole("train.max_steps", default=None)
    group = settings.whole(default=max(whole // devices // size, 1), option="accumulate")
    said = settings.whole(default=None, option="horizon")
    if said is not None:
        return said
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if per_epoch is None:
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            if most is None:
                settings.need_length(counted(epochs, "epoch"))
            settings.notes.append("the run is taken to be as long as train.max_steps says")
            return most
        found = math.ceil(math.ceil(examples / devices) / size)
        per_epoch = found // group
        settings.sums.append(
            f"{examples} examples make {counted(found, 'batch')} of {size}, {group} a step"
        )
    total = min(epochs * per_epoch, most or epochs * per_epoch)
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch, {total} in all")
    return total
