"""NeMo: optim.sched, with the warmups and landings of its own classes."""

import math

from ...errors import did_you_mean, listing, quoted
from ...frameworks import calls_named
from .. import stack
from ..annealing import DECAYS, annealed, part
from ..calls import OPTIMIZER, call, formula
from ..settings import Settings
from ..sums import counted

_TORCH = "torch.optim.lr_scheduler"

_OF_TORCH = ("StepLR", "ExponentialLR", "ReduceLROnPlateau", "CyclicLR")
_BY_EPOCHS = ("ExponentialLR", "ReduceLROnPlateau")
"""PyTorch's classes that it knows, and those of them that are stepped once an epoch."""


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
    if name == "NoamAnnealing":
        return _noam(settings, sched, lr, part(settings, sched, "warmup", total))
    if name in DECAYS:
        return annealed(settings, sched, name, lr, total)
    return _of_torch(settings, sched, name, lr)


def _noam(settings: Settings, sched: str, lr: float, warm: int) -> str:
    """Return the formula of NoamAnnealing, in which the rate is only a factor."""
    least = settings.number(f"{sched}.min_lr", default=0.0) / lr
    model = settings.number(f"{sched}.d_model")
    rise = f", max(t, 1) * {warm**-1.5!r}" if warm else ""
    fall = "max(t, 1) ** -0.5"
    factor = f"{model**-0.5!r} * " + (f"min({fall}{rise})" if warm else fall)
    return formula(f"{factor} if max(t, 1) <= {warm} else max({factor}, {least!r})", lr)


def _of_torch(settings: Settings, sched: str, name: str, lr: float) -> str:
    """Return the call of a class of PyTorch with the parameters that it has."""
    if name not in _OF_TORCH:
        near = did_you_mean(name, (*DECAYS, *_OF_TORCH))
        rule = f"is {listing((*DECAYS, 'NoamAnnealing', *_OF_TORCH), 'or')}, not {quoted(name)}"
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
