"""NeMo: optim.sched, with the warmups and landings of its own classes."""

import math

from ...errors import did_you_mean, listing, quoted
from ...frameworks import calls_named
from .. import stack
from ..settings import OPTIMIZER, Settings, call, formula
from ..sums import counted

_TORCH = "torch.optim.lr_scheduler"

_OF_TORCH = ("StepLR", "ExponentialLR", "ReduceLROnPlateau", "CyclicLR")
_BY_EPOCHS = ("ExponentialLR", "ReduceLROnPlateau")
"""PyTorch's classes that it knows, and those of them that are stepped once an epoch."""

_DECAYS = {
    "WarmupPolicy": "1",
    "WarmupHoldPolicy": "1",
    "SquareAnnealing": "max((max({T} - t, 0) / {L}) ** 2, {m})",
    "SquareRootAnnealing": "max((max({T} - t, 0) / {T}) ** 0.5, {m})",
    "CosineAnnealing": "{m} + {d} * 0.5 * (1 + math.cos(math.pi * (t - {W}) / {L}))",
    "WarmupAnnealing": "{m} + {d} * (1 - (t - {W}) / {L})",
    "InverseSquareRootAnnealing": "(({W} + 1) / (t + 1)) ** 0.5",
    "PolynomialDecayAnnealing": "{m} + {d} * max(1 - (t - {W}) / {L}, 0) ** {p}",
    "PolynomialHoldDecayAnnealing": "{m} + {d} * max(1 - (t - {H}) / {R}, 0) ** {p}",
    "WarmupHoldAnnealLinear": "{m} + {d} * (1 - (t - {H}) / {R})",
    "NoamHoldAnnealing": "max({w} / max(1, max(t - {h}, 0) ** {r}), {m})",
}
"""By class the factor of the rate after warmup and hold.

Of T steps W are the warmup and L the others; the hold ends at H after h steps, and leaves R. m is
the lowest rate as a factor and d what is above it; p and r are exponents, w is W ** r.
"""


@stack("NeMo", keys=("model.optim.sched", "optim.sched"), over=("hydra",))
def nemo(settings: Settings) -> str:
    """Return the formula of the class that sched names, or the call if it is PyTorch's."""
    settings.reads_exponents = True  # by OmegaConf
    optim = "model.optim" if "model.optim" in settings else "optim"
    sched = f"{optim}.sched"
    for older in ("args", "_target_"):
        if f"{sched}.{older}" in settings:
            settings.refuse(
                f"{sched}.{older}", "is not read; write name and its settings beside it"
            )
    name = settings.text(f"{sched}.name", default="WarmupPolicy")
    lr = settings.number(f"{optim}.lr", option="lr")
    total = _length(settings, sched)
    settings.steps = total
    if name not in _DECAYS and name != "NoamAnnealing":
        return _of_torch(settings, sched, name, lr)
    warm = _part(settings, sched, "warmup", total)
    low = settings.number(f"{sched}.min_lr", default=1e-5 if name == "SquareAnnealing" else 0.0)
    least = low / lr
    if name == "NoamAnnealing":
        return _noam(settings, sched, lr, warm, least)
    constant = _part(settings, sched, "constant", total) if name == "CosineAnnealing" else 0
    if constant:
        cosine = f"cosine:lr={lr!r},steps={total - constant - warm},end={low!r}"
        return f"warmup:steps={warm}/{cosine}" if warm else cosine
    hold = _part(settings, sched, "hold", total) if "Hold" in name else 0
    held = warm + hold if hold else 0
    if name == "NoamHoldAnnealing" and not warm:
        settings.lack(f"{sched}.warmup_steps")
    power = settings.number(f"{sched}.power", default=1.0)
    if settings.flag(f"{sched}.cycle"):
        settings.refuse(f"{sched}.cycle", "starts the decay anew, which is not read")
    rate = settings.number(f"{sched}.decay_rate", default=0.5)
    decay = _DECAYS[name].format(
        T=total,
        W=warm,
        L=max(total - warm, 1),
        H=held,
        h=hold,
        R=max(total - max(warm, held), 1),
        m=repr(least),
        d=repr(1 - least),
        p=repr(power),
        r=repr(rate),
        w=repr(max(1.0, warm**rate)),
    )
    factor = f"{decay} if t <= {total} else {least!r}"
    if hold:
        factor = f"1 if t < {held} else ({factor})"
    if warm:
        factor = f"(t + 1) / {warm + 1} if t <= {warm} else ({factor})"
    return formula(factor, lr)


def _noam(settings: Settings, sched: str, lr: float, warm: int, least: float) -> str:
    """Return the formula of NoamAnnealing, in which the rate is only a factor."""
    model = settings.number(f"{sched}.d_model")
    rise = f", max(t, 1) * {warm**-1.5!r}" if warm else ""
    fall = "max(t, 1) ** -0.5"
    factor = f"{model**-0.5!r} * " + (f"min({fall}{rise})" if warm else fall)
    return formula(f"{factor} if max(t, 1) <= {warm} else max({factor}, {least!r})", lr)


def _of_torch(settings: Settings, sched: str, name: str, lr: float) -> str:
    """Return the call of a class of PyTorch with the parameters that it has."""
    if name not in _OF_TORCH:
        near = did_you_mean(name, (*_DECAYS, *_OF_TORCH))
        rule = f"is {listing((*_DECAYS, 'NoamAnnealing', *_OF_TORCH), 'or')}, not {quoted(name)}"
        settings.refuse(f"{sched}.name", rule + near)
    found = [one for one in calls_named(f"{_TORCH}.{name}") if one.framework.has(_TORCH)]
    given = settings.mapping(sched)
    known = found[0].parameters
    own = {key: value for key, value in given.items() if key in known and value is not None}
    settings.apart(own, sched, "lr", "optimizer")
    text = call(f"{_TORCH}.{name}", OPTIMIZER, **own, lr=lr)
    if name not in _BY_EPOCHS:
        return text
    every = _per_epoch(settings)
    if every is None:
        settings.need_length("an epoch, which is a step of the schedule,", of_epoch=True)
    return f"stepped:every={every}/{text}"


def _part(settings: Settings, sched: str, what: str, total: int) -> int:
    """Return the steps of a part of the run; a ratio is rounded down."""
    steps = settings.whole(f"{sched}.{what}_steps", default=None)
    ratio = settings.number(f"{sched}.{what}_ratio", default=None)
    if steps is not None and ratio is not None:
        settings.refuse(f"{sched}.{what}_ratio", f"and {what}_steps are both given; keep one")
    if (ratio or steps or 0) < 0:
        settings.refuse(f"{sched}.{what}_{'steps' if steps else 'ratio'}", "is at least 0")
    if ratio is None:
        return steps or 0
    found = int(ratio * total)
    settings.sums.append(f"{what} int({ratio:g} * {total}) = {found}")
    return found


def _length(settings: Settings, sched: str) -> int:
    """Return how many updates a run has: max_steps, or whole steps of its epochs."""
    said = settings.whole(f"{sched}.max_steps", default=-1)
    most = settings.whole("trainer.max_steps", default=-1)
    epochs = settings.whole("trainer.max_epochs", default=None, option="epochs")
    horizon = settings.whole(default=None, option="horizon")
    if said > 0 or most > 0 or horizon:
        return said if said > 0 else horizon or most
    if epochs is None or epochs < 1:
        settings.lack("trainer.max_steps", "horizon")
    per_epoch = _per_epoch(settings)
    if per_epoch is None:
        settings.need_length(counted(epochs, "epoch"))
    settings.sums.append(f"{epochs * per_epoch} in all")
    return epochs * per_epoch


def _per_epoch(settings: Settings) -> int | None:
    """Return how many updates an epoch has, as compute_max_steps counts; None if not known."""
    said = settings.whole(default=None, option="steps_per_epoch")
    examples = settings.whole(default=None, option="dataset")
    if said is not None or examples is None:
        return said
    size = settings.whole("model.train_ds.batch_size", default=None, option="batch")
    if size is None:
        settings.lack("model.train_ds.batch_size", "batch")
    group = settings.whole("trainer.accumulate_grad_batches", default=1, option="accumulate")
    share = math.ceil(examples / settings.whole(default=1, option="devices"))
    drop_last = settings.flag("model.train_ds.drop_last", option="drop_last")
    batches = share // size if drop_last else math.ceil(share / size)
    limit = settings.number("trainer.limit_train_batches", default=1.0)
    is_whole = isinstance(settings.get("trainer.limit_train_batches"), int)
    batches = min(batches, int(limit)) if is_whole else int(batches * limit)
    per_epoch = math.ceil(batches / group)
    settings.sums.append(f"{examples} examples make {counted(per_epoch, 'step')} an epoch")
    return per_epoch
