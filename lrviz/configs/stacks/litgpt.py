"""LitGPT: the train section of its fine-tuning scripts."""

import math

from .. import stack
from ..settings import Settings
from ..sums import counted


@stack(
    "LitGPT 0.5",
    keys=("train.lr_warmup_steps", "train.global_batch_size train.micro_batch_size"),
    programs=("litgpt finetune*", "litgpt"),
    over=("lightning",),
)
def litgpt(settings: Settings) -> str:
    """Return the spec of a warmup and a cosine to 0; fine-tuning reads no min_lr."""
    if settings.program[1:2] == ("pretrain",) or "train.max_tokens" in settings:
        settings.fail("LitGPT's pretraining counts micro-batches and tokens, which is not read")
    lr = settings.number(
        "optimizer.init_args.lr", "optimizer.lr", "train.learning_rate", default=1e-3, option="lr"
    )
    warm = settings.whole("train.lr_warmup_steps", default=100)
    total = settings.steps = _length(settings)
    if settings.number("train.min_lr", default=0):
        settings.notes.append("train.min_lr is not used when LitGPT fine-tunes")
    if warm >= total:
        return f"warmup:steps={warm}/const:lr={lr!r}"
    cosine = f"cosine:lr={lr!r},steps={total - warm}"
    return f"warmup:steps={warm}/{cosine}" if warm else cosine


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
