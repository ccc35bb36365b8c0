"""open_clip: the options of its training, whose warmup begins above 0."""

import math

from .. import stack
from ..settings import Settings
from ..sums import batches, counted

_NAMES = ("cosine", "const", "const-cooldown")


@stack(
    "open_clip 3.3",
    keys=(
        *("lr_scheduler=cosine|const|const-cooldown warmup", "epochs_cooldown", "lr_cooldown_end"),
        *("warmup accum_freq", "warmup train_num_samples", "skip_scheduler", "lr_cooldown_power"),
    ),
    programs=("open_clip_train.main", "training.main", "*open_clip_train/main.py"),
)
def open_clip(settings: Settings) -> str:
    """Return the spec of a rise to the rate, what is held, and a fall."""
    lr = settings.number("lr", default=5e-4, option="lr")
    epochs = settings.whole("epochs", default=32, option="epochs")
    name = settings.choice("lr_scheduler", choices=_NAMES, default="cosine")
    warm = settings.whole("warmup", default=10_000)
    cooldown = settings.whole("epochs_cooldown", default=None)
    power = settings.number("lr_cooldown_power", default=1.0)
    end = settings.number("lr_cooldown_end", default=0.0)
    total, per_epoch = _length(settings, epochs)
    settings.steps = total
    if settings.flag("skip_scheduler"):
        settings.notes.append("skip_scheduler keeps the rate, without a warmup")
        return f"const:lr={lr!r}"
    if "warmup" not in settings:
        settings.sums.append("warmup 10000, as none is given")
    if name == "const-cooldown":
        if cooldown is None:
            settings.lack("epochs_cooldown")
        return _rise(lr, warm) + _cooled(lr, warm, total, cooldown * per_epoch, end, power)
    if name == "const" or warm >= total:
        return _rise(lr, warm) + f"const:lr={lr!r}"
    return _rise(lr, warm) + f"cosine:lr={lr!r},steps={total - warm}"


def _rise(lr: float, warm: int) -> str:
    """Return a warmup whose first step has its part of the rate, and whose last has all of it."""
    if warm > 1:
        return f"linear:lr={lr / warm!r},steps={warm - 1},end={lr!r},for={warm}/"
    return f"const:lr={lr!r},for=1/" if warm else ""


def _cooled(lr: float, warm: int, total: int, steps: int, end: float, power: float) -> str:
    """Return what follows a warmup: the rate, and a fall in the last `steps` steps of the run."""
    if steps == 0:
        return f"const:lr={lr!r}"
    held = total - steps - warm
    fall = f"poly:lr={lr!r},steps={steps},end={end!r},power={power!r}"
    if held > 0:
        return f"const:lr={lr!r},for={held}/{fall}"
    return f"{fall},shift={held}" if held else fall


def _length(settings: Settings, epochs: int) -> tuple[int, int]:
    """Return how many updates the run and an epoch have; batches that make none are left out."""
    group = settings.whole("accum_freq", default=1, option="accumulate")
    size = settings.whole("batch_size", default=64, option="batch")
    said = settings.whole(default=None, option="horizon")
    examples = settings.whole("train_num_samples", default=None, option="dataset")
    found = settings.whole(default=None, option="steps_per_epoch")
    if found is None and examples is None:
        if said is None:
            settings.need_length(counted(epochs, "epoch"))
        if said % epochs and "epochs_cooldown" in settings:
            settings.need_length("an epoch", of_epoch=True)
        return said, said // epochs
    if found is None:
        assert examples is not None
        found = _batches(settings, examples, size)
    per_epoch = found // group
    if group > 1:
        settings.sums.append(f"{counted(found, 'batch')} an epoch, {group} a step")
    total = said or epochs * per_epoch
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch, {total} in all")
    return total, per_epoch


def _batches(settings: Settings, examples: int, size: int) -> int:
    """Return how many batches an epoch has: of tar files as many on each worker, else full ones."""
    devices = settings.whole(default=1, option="devices")
    workers = max(1, settings.whole("workers", default=4))
    kind = settings.text("dataset_type", default="auto")
    data = str(settings.get("train_data") or "")
    of_tar = kind.startswith("webdataset") or (
        kind == "auto" and (".tar" in data or not data.endswith((".csv", ".tsv")))
    )
    if kind == "auto" and not data:
        settings.notes.append("train_data is not given, and is taken to be tar files")
    if not of_tar:
        found = math.ceil(examples / devices) // size
        settings.sums.append(f"{examples} examples make {counted(found, 'full batch')} of {size}")
        return found
    found = batches(examples, devices, size)
    filled = math.ceil(found / workers) * workers
    settings.sums.append(
        f"{examples} examples make {counted(found, 'batch')} of {size}, or {filled} on "
        f"{counted(workers, 'worker')}"
    )
    return filled
