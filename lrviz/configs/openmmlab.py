"""What OpenMMLab's stacks share: how long an epoch is, and a rate that grows with the batch."""

import math

from .settings import Settings
from .sums import counted


def epoch(settings: Settings, loader: str, size: str, times: str) -> int | None:
    """Return how many batches an epoch has on each device; None if that is not known.

    `loader`, `size` and `times` name the settings of the loader, of the examples in a batch, and
    of how often the examples are repeated. A batch that is not full counts.
    """
    said = settings.whole(default=None, option="steps_per_epoch")
    examples = settings.whole(default=None, option="dataset")
    repeated = settings.whole(times, default=1)
    if said is not None or examples is None:
        return said
    drop_last = settings.flag(f"{loader}.drop_last", option="drop_last")
    batch = settings.whole(size, option="batch")
    at_once = devices(settings)
    share = math.ceil(examples * repeated / at_once)
    found = share // batch if drop_last else math.ceil(share / batch)
    often = f" {repeated} times" if repeated > 1 else ""
    on = f" on {at_once} devices" if at_once > 1 else ""
    settings.sums.append(
        f"{examples} examples{often}{on} make {counted(found, 'batch')} of {batch} an epoch"
    )
    if found < 1:
        settings.uncountable()
    return found


def devices(settings: Settings) -> int:
    """Return on how many devices a run is, which `dist_train.sh CONFIG DEVICES` says too."""
    is_script = " ".join(settings.program).endswith("dist_train.sh")
    numbers = [int(word) for word in settings.words if is_script and word.isdecimal()]
    return settings.whole(default=numbers[0] if numbers else 1, option="devices")


def scaled(settings: Settings, rate: float, size: str) -> float:
    """Return a rate as auto_scale_lr makes it, which is off unless enabled or asked for."""
    if not settings.flag("auto_scale_lr.enable"):
        settings.take("auto_scale_lr")
        return rate
    base = settings.whole("auto_scale_lr.base_batch_size")
    ratio = devices(settings) * settings.whole(size, option="batch") / base
    settings.sums.append(f"auto_scale_lr makes {rate:g} * {ratio:g} = {rate * ratio:g} of lr")
    return rate * ratio


def note_batches(settings: Settings, group: str) -> None:
    """Say that a step is a batch where several make an update."""
    count = settings.whole(group, default=1, option="accumulate")
    if count > 1:
        settings.notes.append(
            f"a step is a batch, as the schedulers count; {count} of them make an update"
        )
