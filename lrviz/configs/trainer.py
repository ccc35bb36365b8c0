"""The sums of Transformers' Trainer, which the stacks that are built on it share."""

import math
from typing import Any

from .settings import OPTIMIZER, Settings, call
from .sums import batches, counted

CEILED = (4, 53)
"""The version of Transformers from which on a last group of batches that is not full is a step."""


def length(settings: Settings, *, epochs: float = 3, batch: int = 8, accumulate: int = 1) -> int:
    """Return how many updates a run has, with the defaults that a stack has for what is not said.

    LrvizError that asks for the examples, if their number is needed.
    """
    most = settings.whole("max_steps", default=-1)
    times = settings.number("num_train_epochs", default=epochs, option="epochs")
    size = settings.whole("per_device_train_batch_size", default=batch, option="batch")
    group = settings.whole("gradient_accumulation_steps", default=accumulate, option="accumulate")
    drop_last = settings.flag("dataloader_drop_last", option="drop_last")
    devices = settings.whole(default=1, option="devices")
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
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            settings.need_length(counted(times, "epoch"))
        per_epoch = _per_epoch(settings, examples, devices, size, group, drop_last)
    total = math.ceil(times * per_epoch)
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    settings.sums.append(f"{total} in all")
    settings.steps = total
    if total < 1:
        settings.uncountable()
    return total


def _per_epoch(
    settings: Settings, examples: int, devices: int, size: int, group: int, drop_last: bool
) -> int:
    """Return how many updates an epoch has, as the version counts that is meant."""
    found = batches(examples, devices, size, drop_last)
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
        or_older = (
            ""
            if settings.program
            else ", or name an older version after the file, such as :transformers==4.57.1"
        )
        settings.refuse(
            "warmup_ratio",
            f"is refused from Transformers 5.15 on; write warmup_steps {ratio:g}{or_older}",
        )
    if ratio and (version >= (5,) or not steps):
        steps = ratio
        if ratio >= 1:
            settings.refuse("warmup_ratio", f"is below 1, not {ratio:g}")
        return _part(settings, ratio, total)
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
    word = settings.text("lr_scheduler_type", default=name)
    keywords = settings.mapping("lr_scheduler_kwargs") if own is None else own
    return call(
        "transformers.get_scheduler",
        word.rpartition(".")[2].lower(),
        OPTIMIZER,
        num_warmup_steps=warm,
        num_training_steps=total,
        scheduler_specific_kwargs=keywords or None,
        lr=settings.number("learning_rate", default=lr, option="lr"),
    )
