"""The sums of Transformers' Trainer, which the stacks that are built on it share."""

import math
from typing import Any

from ..errors import shown
from .calls import OPTIMIZER, call
from .settings import Settings
from .sums import batches, counted

CEILED = (4, 53)
"""The version of Transformers from which on a last group of batches that is not full is a step."""


def length(settings: Settings, *, epochs: float = 3, batch: int = 8, accumulate: int = 1) -> int:
    """Return how many updates a run has, with the defaults that a stack has for what is not said.

    LrvizError that asks for the examples, if their number is needed.
    """
    most = settings.whole("max_steps", default=-1)
    times = settings.number("num_train_epochs", default=epochs, option="epochs")
    size = _size(settings, batch)
    group = settings.whole("gradient_accumulation_steps", default=accumulate, option="accumulate")
    drop_last = settings.flag("dataloader_drop_last", option="drop_last")
    said_length = settings.whole(default=None, option="horizon")
    if said_length is not None:
        settings.sums.append(counted(said_length, "step"))
        settings.steps = said_length
        return said_length
    if most > 0:
        settings.sums.append(f"max_steps {most}")
        settings.steps = most
        return most
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if per_epoch is None:
        _check_countable(settings)
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            settings.need_length(counted(times, "epoch"))
        per_epoch = _per_epoch(settings, examples, size, group, drop_last)
    settings.per_epoch = per_epoch
    total = math.ceil(times * per_epoch)
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    settings.sums.append(f"{total} in all")
    settings.steps = total
    if total < 1:
        settings.uncountable()
    return total


def _check_countable(settings: Settings) -> None:
    """Refuse what makes steps of examples in a way that their number does not tell."""
    if settings.flag("packing") or settings.flag("neat_packing"):
        settings.lack(
            "max_steps", "horizon", "with packing the steps depend on the lengths of texts"
        )
    if settings.flag("streaming"):
        settings.lack("max_steps", "horizon", "streamed data have no length")


def check_not_sampled(settings: Settings) -> None:
    """Refuse to count the steps of a run that takes its prompts several times."""
    if settings.number("max_steps", default=-1) <= 0 and "horizon" not in settings.known:
        settings.lack(
            "max_steps",
            "horizon",
            "how many steps the prompts make depends on how often they are sampled",
        )


def _size(settings: Settings, default: int) -> int:
    """Return how many examples a device's batch has, by the name that the version knows."""
    older = "per_gpu_train_batch_size"
    if older in settings and "batch" not in settings.known:
        if not settings.version or settings.version >= (5,):
            settings.refuse(older, "is gone from Transformers 5; write per_device_train_batch_size")
        return settings.whole(older)
    return settings.whole("per_device_train_batch_size", default=default, option="batch")


def _shared(settings: Settings) -> tuple[int, int]:
    """Return how many devices split the data, and how many of them read a batch in turn.

    Those that share a model, or a batch, read the same data.
    """
    devices = settings.whole(default=1, option="devices")
    for key in ("tp_size", "cp_size"):
        devices //= settings.whole(f"parallelism_config.{key}", key, default=1)
    turns = settings.whole("parallelism_config.sp_size", "sp_size", default=1)
    if settings.mapping("accelerator_config").get("split_batches"):
        devices = 1
    return max(devices, 1), turns


def _per_epoch(settings: Settings, examples: int, size: int, group: int, drop_last: bool) -> int:
    """Return how many updates an epoch has, as the version counts that is meant."""
    devices, turns = _shared(settings)
    if settings.flag("auto_find_batch_size"):
        settings.notes.append("auto_find_batch_size may make more and smaller batches")
    found = batches(examples, devices, size, drop_last) * turns
    if found < 1:
        settings.uncountable()
    up, down = max(math.ceil(found / group), 1), max(found // group, 1)
    on = f" on {devices} devices" if devices > 1 else ""
    made = f"{examples} examples{on} make {counted(found, 'batch')} of {size}"
    settings.sums.append(made + (f", {group} a step" if group > 1 else ""))
    older = settings.version and settings.version < CEILED
    if up != down:
        made = f"makes {up} from 4.53 on" if older else f"made {down} before 4.53"
        settings.notes.append(
            f"an epoch has another number of steps in other versions: Transformers {made}"
        )
    return down if older else up


def warmup(settings: Settings, total: int) -> int:
    """Return how many updates of `total` the warmup has, as the version counts that is meant."""
    version = settings.version or (5, 23)
    steps = settings.number("warmup_steps", default=0)
    ratio = settings.number("warmup_ratio", default=None)
    if ratio is not None and version >= (5, 15):
        where = (
            "before the command, as in pip install transformers==4.57.1 && ..."
            if settings.program
            else "after the file, such as :transformers==4.57.1"
        )
        settings.refuse(
            "warmup_ratio",
            f"is refused from Transformers 5.15 on; write warmup_steps {ratio:g}, or name an "
            f"older version {where}",
        )
    if ratio and (version >= (5,) or not steps):
        steps = ratio
        if ratio > 1:
            settings.refuse("warmup_ratio", f"is at most 1, not {ratio:g}")
        return _part(settings, ratio, total)
    if steps < 0:
        settings.refuse("warmup_steps", f"is at least 0, not {steps:g}")
    if steps % 1 and version < (5,):
        rule = f"is a whole number before Transformers 5, not {steps:g}; write a warmup_ratio"
        settings.refuse("warmup_steps", rule)
    return int(steps) if steps >= 1 else _part(settings, steps, total)


def _part(settings: Settings, ratio: float, total: int) -> int:
    """Return a part of the run in steps, rounded up."""
    found = math.ceil(total * ratio)
    if ratio:
        settings.sums.append(f"warmup ceil({ratio:g} * {total}) = {found}")
    return found


def scheduler_call(
    settings: Settings,
    total: int,
    warm: int,
    *,
    name: str = "linear",
    lr: float = 5e-5,
    own: dict[str, Any] | None = None,
) -> str:
    """Return the call of get_scheduler; `own` are keywords in place of lr_scheduler_kwargs."""
    if "scheduler.type" in settings:
        settings.refuse(
            "scheduler",
            "is DeepSpeed's, which counts in place of the Trainer's; read it with @FILE:deepspeed",
        )
    word = settings.text("lr_scheduler_type", default=name)
    if "SchedulerType." in word:  # as programs, saved arguments and model cards have it
        word = word.rpartition(".")[2].lower()
    keywords = settings.mapping("lr_scheduler_kwargs") if own is None else own
    rate = settings.number("learning_rate", default=lr, option="lr")
    check_the_same(settings, "optimizer.params.lr", "learning_rate", rate)
    return call(
        "transformers.get_scheduler",
        word,
        OPTIMIZER,
        num_warmup_steps=warm,
        num_training_steps=total,
        scheduler_specific_kwargs=keywords or None,
        lr=rate,
    )


def check_the_same(settings: Settings, path: str, key: str, wanted: float) -> None:
    """Refuse what the Trainer does: a setting of DeepSpeed that is not what its arguments say."""
    value = settings.get(path)
    if value is not None and value not in ("auto", wanted):
        settings.refuse(path, f'is {shown(value)}, and {key} {wanted:g}; write "auto" there')
