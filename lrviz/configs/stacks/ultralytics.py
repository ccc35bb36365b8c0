"""Ultralytics: args.yaml and `yolo train k=v`; steps are batches, and rates change with epochs."""

import math

from ...errors import option
from .. import stack
from ..settings import Settings
from ..sums import counted

_SHORT_WARMUPS = (8, 4, 103)
"""The version from which on a warmup may have fewer than 100 batches, and leaves an epoch."""

_OTHER_MODES = ("val", "predict", "export", "track", "benchmark", "tune")


@stack(
    "Ultralytics 8.4",
    keys=("lr0", "lrf", "warmup_bias_lr", "cos_lr epochs", "mode=train task", "task=* imgsz"),
    programs=("yolo", "yolo *"),
)
def ultralytics(settings: Settings) -> str:
    """Return the spec of the warmup times the stairs; so it aims at the rate of its epoch."""
    mode = settings.text("mode", default="train")
    words = (*settings.program, *settings.words)
    for word in (mode, *words):
        if word in _OTHER_MODES:
            settings.fail(f"{word} trains nothing; name a run that trains")
    goes_on = str(settings.get("resume") or "").lower() not in ("", "false", "0")
    if "resume" in words or (words and goes_on):
        settings.refuse("resume", "takes the settings of another run; name its args.yaml")
    if "anchor_t" in settings:
        settings.refuse("anchor_t", "is a setting of YOLOv5, which is not read")
    if "time" in settings:
        settings.refuse("time", "ends the run after some hours, whose steps are not known")
    epochs = settings.whole("epochs", default=100, option="epochs")
    batches = _batches(settings)
    if epochs < 1 or batches < 1:
        settings.uncountable()
    settings.steps = epochs * batches
    lr = _rate(settings, epochs)
    settings.sums.append(f"{counted(batches, 'batch')} an epoch, {settings.steps} in all")
    curve = "cosine" if settings.flag("cos_lr") else "linear"
    end = lr * settings.number("lrf", default=0.01)
    stairs = f"stepped:every={batches}/{curve}:lr={lr!r},steps={epochs},end={end!r}"
    warm = _warmup(settings, epochs, batches)
    _remark(settings)
    return f"product/linear:lr=0,steps={warm},end=1/{stairs}" if warm else stairs


def _remark(settings: Settings) -> None:
    """Note what a step is, and which parameters have other rates."""
    size = settings.number("batch", default=16, option="batch")
    nominal = max(round(settings.number("nbs", default=64) / size), 1) if size >= 1 else 1
    group = min(settings.whole(default=nominal, option="accumulate"), settings.steps or nominal)
    after = f"; after the warmup {group} of them make an update" if group > 1 else ""
    settings.notes.append(f"a step is a batch{after}")
    name = str(settings.get("optimizer") or "auto").lower()
    bias = 0.0 if name == "auto" else settings.number("warmup_bias_lr", default=0.1)
    settings.take("warmup_bias_lr", "warmup_momentum")
    if bias and settings.number("warmup_epochs", default=3.0) > 0:
        settings.notes.append(f"the rate of biases begins at warmup_bias_lr {bias:g}, not at 0")
    if name == "musgd":
        settings.notes.append("MuSGD: parts of the head have 3 times this rate")


def _warmup(settings: Settings, epochs: int, batches: int) -> int:
    """Return the batches of the warmup, as the version counts that is meant."""
    given = settings.number("warmup_epochs", default=3.0)
    if given <= 0:
        return 0
    older = max(round(given * batches), 100)
    newer = round(min(given, epochs - 1) * batches)
    is_older = bool(settings.version) and settings.version < _SHORT_WARMUPS
    if older != newer:
        number = ".".join(map(str, _SHORT_WARMUPS))
        other = f"has {newer} from {number} on" if is_older else f"had {older} before {number}"
        settings.notes.append(f"the warmup has other batches in other versions: it {other}")
    found = older if is_older else newer
    settings.sums.append(f"{counted(found, 'batch')} of warmup")
    return found


def _batches(settings: Settings) -> int:
    """Return the batches of an epoch on each device."""
    size = settings.number("batch", default=16, option="batch")
    devices = settings.whole(default=_devices(settings), option="devices")
    fraction = settings.get("fraction")
    said = settings.whole(default=None, option="steps_per_epoch")
    if said is not None:
        return said
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        settings.need_length("an epoch", of_epoch=True)
    if size < 1:
        settings.fail(
            f"batch {size:g} is as much as the device has memory for; add " + option("batch", "N")
        )
    if size % devices:
        settings.refuse("batch", f"is a multiple of the {devices} devices, not {size:g}")
    if fraction is not None:
        part = settings.number("fraction")
        examples = min(int(part), examples) if part > 1 else max(1, round(examples * part))
    share = math.ceil(examples / devices)
    own = min(int(size) // devices, examples)
    drops = settings.flag("compile") and share > own
    found = share // own if drops else math.ceil(share / own)
    on = f" on {devices} devices" if devices > 1 else ""
    settings.sums.append(f"{examples} images{on} make {counted(found, 'batch')}")
    return found


def _devices(settings: Settings) -> int:
    """Return how many devices `device` names: `0,1`, [0, 1] or one."""
    found = settings.get("device")
    if isinstance(found, list):
        return max(len(found), 1)
    return len([one for one in str(found or 0).strip("[]() ").split(",") if one.strip()]) or 1


def _rate(settings: Settings, epochs: int) -> float:
    """Return the first rate; with the optimizer auto, lr0 is not used."""
    name = settings.text("optimizer", default="auto")
    given = settings.number("lr0", default=0.01)
    if "lr" in settings.known or name.lower() != "auto":
        return settings.number(default=given, option="lr")
    examples = settings.whole(default=None, option="dataset")
    size = settings.number("batch", default=16, option="batch")
    nominal = settings.number("nbs", default=64)
    if examples is not None and math.ceil(examples / max(size, nominal)) * epochs > 10_000:
        settings.notes.append(
            "optimizer auto takes 0.01 in place of lr0, as the run has more than 10000 updates; "
            "parts of the head have 3 times that"
        )
        return 0.01
    return settings.fail(
        "optimizer auto does not use lr0, but takes 0.002 * 5 / (4 + the number of classes), or "
        "0.01 from 10000 updates on; add " + option("lr", "RATE")
    )
