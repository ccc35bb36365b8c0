"""PaddleDetection: LearningRate, whose warmup and decay are tables of a rate for each step."""

from collections.abc import Mapping
from typing import Any

from ...errors import did_you_mean, listing, quoted, shown
from .. import stack
from ..calls import call
from ..settings import Settings
from ..sums import counted, padded_batches

_PADDLE = "paddle.optimizer.lr"
_DECAYS = ("CosineDecay", "PiecewiseDecay")
_WARMUPS = ("LinearWarmup", "ExpWarmup")
_DEFAULTS: tuple[Mapping[str, Any], ...] = ({"name": "PiecewiseDecay"}, {"name": "LinearWarmup"})


@stack(
    "PaddleDetection 2.6",
    keys=("LearningRate.base_lr", "LearningRate.schedulers", "TrainReader epoch"),
)
def paddledetection(settings: Settings) -> str:
    """Return the spec of the warmup and of the decay."""
    if settings.notes and "LearningRate.schedulers" not in settings:
        settings.lack("LearningRate.schedulers", why="a file that it builds on is not read")
    per_epoch = _batches(settings)
    epochs = settings.whole("epoch", default=None, option="epochs")
    settings.steps = epochs * per_epoch if epochs is not None else None
    rate = settings.number("LearningRate.base_lr", default=0.01, option="lr")
    decay, warmup = _schedulers(settings)
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    rise, warm = "", 0
    if settings.flag(f"{decay}.use_warmup", default=True):
        if not warmup:
            settings.refuse(f"{decay}.use_warmup", "is on, and no warmup follows in schedulers")
        rise, warm = _warmup(settings, warmup, rate, per_epoch)
        settings.sums.append(f"{counted(warm, 'step')} of warmup")
    if decay.endswith("CosineDecay"):
        return _cosine(settings, decay, rate, per_epoch, rise, warm)
    return _piecewise(settings, decay, rate, per_epoch, rise, warm)


def _schedulers(settings: Settings) -> tuple[str, str]:
    """Return where the decay and the warmup stand, "" if there is none.

    They are the first and the second of a list, and stand by their names from then on.
    """
    given = settings.get("LearningRate.schedulers")
    many = _DEFAULTS if given is None else given
    if not isinstance(many, list | tuple) or not many:
        settings.refuse("LearningRate.schedulers", f"is a list, not {shown(given)}")
    names = []
    for one, known in zip(many, (_DECAYS, _WARMUPS), strict=False):
        fields = one if isinstance(one, Mapping) else {}
        name = str(fields.get("_tag_") or fields.get("name") or one).lstrip("!")
        if name not in known:
            near = did_you_mean(name, known)
            rule = f"has {listing(known, 'or')} here, not {quoted(name)}{near}"
            settings.refuse("LearningRate.schedulers", rule)
        names.append(name)
    by_name = {name: dict(one) for name, one in zip(names, many, strict=False)}
    learning_rate = settings.mapping("LearningRate") | {"schedulers": by_name}
    settings.tree = settings.tree | {"LearningRate": learning_rate}
    paths = [f"LearningRate.schedulers.{name}" for name in names]
    return paths[0], paths[1] if len(paths) > 1 else ""


def _warmup(settings: Settings, path: str, rate: float, per_epoch: int) -> tuple[str, int]:
    """Return the spec of a warmup to the base rate, and its length."""
    is_linear = path.endswith("LinearWarmup")
    epochs = settings.whole(f"{path}.epochs", default=None)
    steps = settings.whole(f"{path}.steps", default=500 if is_linear else 1000)
    warm = max(steps if epochs is None else epochs * per_epoch, 1)
    if is_linear:
        start = rate * settings.number(f"{path}.start_factor", default=1 / 3)
        return f"linear:lr={start!r},steps={warm},end={rate!r}", warm
    power = settings.number(f"{path}.power", default=2)
    return f"power:lr=0,steps={warm},end={rate!r},power={power!r}", warm


def _cosine(
    settings: Settings, path: str, rate: float, per_epoch: int, rise: str, warm: int
) -> str:
    """Return the spec of a cosine that begins after the warmup."""
    total = settings.whole(f"{path}.max_epochs", default=1000) * per_epoch
    flat = settings.whole(f"{path}.last_plateau_epochs", default=0) * per_epoch
    low = rate * settings.number(f"{path}.min_lr_ratio", default=0.0)
    settings.sums.append(f"the cosine ends at step {total - flat}")
    if rise and warm >= total:
        return f"{rise}/const:lr={rate!r}"
    length = total - warm - flat
    if not rise and not flat:  # past its end it climbs again
        return call(f"{_PADDLE}.CosineAnnealingDecay", learning_rate=rate, T_max=total, eta_min=low)
    fall = f"const:lr={low!r}"
    if length > 0:
        fall = f"cosine:lr={rate!r},steps={length},end={low!r}"
        is_longer = settings.steps is None or settings.steps > total
        fall += f",hold={length - 1}" if is_longer and not flat else ""  # the last in its table
    return f"{rise}/{fall}" if rise else fall


def _piecewise(
    settings: Settings, path: str, rate: float, per_epoch: int, rise: str, warm: int
) -> str:
    """Return the call of a decay whose milestones count from the beginning of the run."""
    given = f"{path}.milestones"
    milestones = settings.numbers(given) if given in settings else [8, 11]
    gammas = _gammas(settings, f"{path}.gamma", len(milestones))
    values = [rate, *(rate * gamma for gamma in gammas)]
    if f"{path}.values" in settings:
        if rise:
            settings.refuse(f"{path}.values", "needs use_warmup: false")
        values = settings.numbers(f"{path}.values")
        if len(values) != len(milestones) + 1:
            rule = f"must be one more than milestones, {len(milestones) + 1}, not {len(values)}"
            settings.refuse(f"{path}.values", rule)
    for one in milestones:
        if one != int(one):
            settings.refuse(given, f"are whole numbers of epochs, not {one:g}")
    boundaries = [int(one) * per_epoch for one in milestones]
    text = call(f"{_PADDLE}.PiecewiseDecay", boundaries=boundaries, values=values)
    return f"resume:at={warm}/{rise}/{text}" if rise else text


def _gammas(settings: Settings, path: str, many: int) -> list[float]:
    """Return the factors of the base rate; a number stands for it and its tenths."""
    given = settings.get(path)
    if given is None:
        return [0.1, 0.01]
    if isinstance(given, list):
        found = settings.numbers(path)
        if len(found) != many:
            settings.refuse(path, f"must be as many as milestones, {many}, not {len(found)}")
        return found
    return [settings.number(path) / 10**i for i in range(many)]


def _batches(settings: Settings) -> int:
    """Return the batches of an epoch on each device."""
    size = settings.whole("TrainReader.batch_size", default=None, option="batch")
    drop_last = settings.flag("TrainReader.drop_last", default=True, option="drop_last")
    said = settings.whole(default=None, option="steps_per_epoch")
    if said is not None:
        return said
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        settings.need_length("an epoch", of_epoch=True)
    if size is None:
        settings.lack("TrainReader.batch_size", "batch")
    devices = settings.whole(default=1, option="devices")
    found = padded_batches(examples, devices, size, drop_last)
    if found < 1:
        settings.uncountable()
    full = "full " if drop_last else ""
    made = counted(found, f"{full}batch")
    settings.sums.append(f"{examples} examples make {made} of {size}")
    return found
