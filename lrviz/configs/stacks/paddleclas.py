"""PaddleClas: Optimizer.lr, whose times are in epochs, as the calls of Paddle that it makes."""

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import did_you_mean, listing, quoted, shown
from .. import stack
from ..calls import Word, call
from ..settings import Settings, as_number
from ..sums import counted, padded_batches

_PADDLE = "paddle.optimizer.lr"


@stack(
    "PaddleClas 2.6",
    keys=("Optimizer.lr", "Global.epochs Optimizer", "Optimizer.lr.learning_rate"),
)
def paddleclas(settings: Settings) -> str:
    """Return the call of the schedule, stepped once an epoch if it goes by epochs."""
    _one_optimizer(settings)
    epochs = settings.whole("Global.epochs", option="epochs")
    per_epoch = _updates(settings)
    if epochs < 1 or per_epoch < 1:
        settings.uncountable()
    settings.steps = epochs * per_epoch
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch, {settings.steps} in all")
    if settings.number("Optimizer.lr.last_epoch", default=-1) != -1:
        settings.refuse("Optimizer.lr.last_epoch", "goes on with another run, which is not read")
    name = settings.text("Optimizer.lr.name", default="Constant")
    if name == "ReduceOnPlateau":
        settings.refuse("Optimizer.lr.name", "is ReduceOnPlateau, which follows the loss")
    if name not in _CALLS:
        near = did_you_mean(name, _CALLS)
        rule = f"is {listing(_CALLS, 'or')}, not {quoted(name)}{near}"
        settings.refuse("Optimizer.lr.name", rule)
    return _CALLS[name](_Times(settings, epochs, per_epoch))


class _Times:
    """The settings of a schedule, and the steps that its epochs are."""

    def __init__(self, settings: Settings, epochs: int, per_epoch: int) -> None:
        self.settings, self.epochs, self.per_epoch = settings, epochs, per_epoch
        self.by_epoch = settings.flag("Optimizer.lr.by_epoch")
        given = self.number("warmup_epoch", 0)
        if given >= epochs:
            settings.notes.append(f"the warmup takes all {epochs} epochs, and no decay follows")
        self.warmup = min(given, epochs)

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number, whole if it is written so, as Paddle tells the two apart."""
        path = f"Optimizer.lr.{key}"
        if default is None:
            self.settings.number(path)
        elif self.settings.number(path, default=None) is None:
            return default
        found: float = as_number(self.settings.get(path))
        return found

    @property
    def rate(self) -> float:
        """The rate, of the option if that is given."""
        return self.settings.number("Optimizer.lr.learning_rate", option="lr")

    def steps(self, epochs: float) -> float:
        """Return epochs as steps of the schedule."""
        return epochs if self.by_epoch else epochs * self.per_epoch

    def numbers(self, key: str) -> list[float]:
        """Return a list of numbers."""
        path = f"Optimizer.lr.{key}"
        if path not in self.settings:
            self.settings.lack(path)
        return self.settings.numbers(path)

    @property
    def left(self) -> float:
        """The steps of the schedule after the warmup, which Paddle wants whole."""
        if not isinstance(self.warmup, int):
            rule = f"is a whole number with this schedule, not {self.warmup:g}"
            self.settings.refuse("Optimizer.lr.warmup_epoch", rule)
        return self.steps(self.epochs - self.warmup)

    def warmed(self, text: str | float, end: float, warm: float | None = None) -> str:
        """Return the text of a schedule, or of a rate that stays, after its warmup."""
        if warm is None:
            warm = self.warmup if self.by_epoch else round(self.warmup * self.per_epoch)
        start = self.number("warmup_start_lr", 0.0)
        if isinstance(text, float) and not warm:
            text = f"const:lr={text!r}"
        if warm:
            self.settings.sums.append(
                f"{counted(warm, 'epoch' if self.by_epoch else 'step')} of warmup"
            )
            text = _paddle(
                "LinearWarmup",
                learning_rate=Word(text) if isinstance(text, str) else text,
                warmup_steps=warm,
                start_lr=start,
                end_lr=end,
            )
        if not self.by_epoch:
            return str(text)
        self.settings.notes.append("by_epoch: the schedule is stepped once an epoch")
        return f"stepped:every={self.per_epoch}/{text}"


def _paddle(name: str, **keywords: Any) -> str:
    """Return a call of Paddle."""
    return call(f"{_PADDLE}.{name}", **keywords)


def _constant(times: _Times) -> str:
    """Return the spec of a rate that stays from the first step on."""
    if times.warmup:
        times.settings.notes.append("warmup_epoch is not used without a schedule, or by Constant")
    return f"const:lr={times.rate!r}"


def _const_lr(times: _Times) -> str:
    """Return a rate that stays after a warmup."""
    return times.warmed(times.rate, times.rate)


def _linear(times: _Times) -> str:
    """Return the call; its warmup has as many steps of the schedule with by_epoch as without."""
    rate = times.rate
    keywords = {
        "end_lr": times.number("end_lr", 0.0),
        "power": times.number("power", 1.0),
        "cycle": times.settings.flag("Optimizer.lr.cycle"),
    }
    steps = times.left
    text = _paddle("PolynomialDecay", learning_rate=rate, decay_steps=steps, **keywords)
    warm = round(times.warmup * times.per_epoch)
    if times.by_epoch and warm:
        times.settings.notes.append(
            f"Linear with by_epoch warms up for {warm} epochs, as it counts them as steps"
        )
    return times.warmed(text if steps > 0 else rate, rate, warm)


def _cosine(times: _Times) -> str:
    """Return the call; the cosine begins when the warmup ends."""
    rate, steps = times.rate, times.left
    low = times.number("eta_min", 0.0)
    text = _paddle("CosineAnnealingDecay", learning_rate=rate, T_max=steps, eta_min=low)
    return times.warmed(text if steps > 0 else rate, rate)


def _step(times: _Times) -> str:
    """Return the call; outside of by_epoch parts of epochs are rounded down to steps."""
    size, rate = times.number("step_size"), times.rate
    every = size if times.by_epoch else int(size * times.per_epoch)
    text = _paddle("StepDecay", learning_rate=rate, step_size=every, gamma=times.number("gamma"))
    return times.warmed(text, rate)


def _piecewise(times: _Times) -> str:
    """Return the call; with a learning_rate the rates are a tenth after each 30 epochs."""
    if "Optimizer.lr.learning_rate" in times.settings:
        rate = times.rate
        epochs: list[float] = [*range(30, times.epochs, 30)]
        values = [rate * 0.1**i for i in range(len(epochs) + 1)]
        given = times.settings.numbers("Optimizer.lr.decay_epochs")
        if given != epochs or len(times.settings.numbers("Optimizer.lr.values")) != len(values):
            times.settings.notes.append(
                "Piecewise with a learning_rate takes a tenth every 30 epochs, and older versions "
                "take decay_epochs and values"
            )
        if not epochs:
            return times.warmed(rate, rate)
    else:
        epochs, values = times.numbers("decay_epochs"), times.numbers("values")
    boundaries = [times.steps(epoch) for epoch in epochs]
    text = _paddle("PiecewiseDecay", boundaries=boundaries, values=values)
    return times.warmed(text, values[0] if values else 0.0)


def _multi_step(times: _Times) -> str:
    """Return the call; milestones count from the end of the warmup."""
    rate = times.rate
    milestones = [times.steps(epoch) for epoch in times.numbers("milestones")]
    gamma = times.number("gamma", 0.1)
    text = _paddle("MultiStepDecay", learning_rate=rate, milestones=milestones, gamma=gamma)
    return times.warmed(text, rate)


def _cyclic(times: _Times) -> str:
    """Return the call, whose times are given in steps."""
    low = times.settings.number("Optimizer.lr.base_learning_rate")
    text = _paddle(
        "CyclicLR",
        base_learning_rate=low,
        max_learning_rate=times.settings.number("Optimizer.lr.max_learning_rate"),
        **_given(times, "step_size_up", "step_size_down", "mode", "exp_gamma", "scale_mode"),
    )
    if "Optimizer.lr.scale_fn" in times.settings:
        times.settings.refuse("Optimizer.lr.scale_fn", "is a function, which is not read")
    return times.warmed(text, low)


def _fixmatch(times: _Times) -> str:
    """Return a formula: a part of a cosine after a warmup in steps."""
    warm = times.number("num_warmup_steps")
    cycles = times.number("num_cycles", 7 / 16)
    left = max(1, times.epochs * times.per_epoch - warm)
    fall = f"max(0.0, math.cos(math.pi * {cycles!r} * (t - {warm}) / {left}))"
    text = _paddle(
        "LambdaDecay",
        learning_rate=times.rate,
        lr_lambda=Word(f"lambda t: t / {max(1, warm)} if t < {warm} else {fall}"),
    )
    return times.warmed(text, 0.0, 0)


def _one_cycle(times: _Times) -> str:
    """Return the call, whose steps are those of the run even with by_epoch."""
    peak = times.settings.number("Optimizer.lr.max_learning_rate")
    text = _paddle(
        "OneCycleLR",
        max_learning_rate=peak,
        total_steps=times.epochs * times.per_epoch,
        **{"end_learning_rate": 1e-10}
        | _given(
            times,
            *("divide_factor", "end_learning_rate", "phase_pct", "anneal_strategy", "three_phase"),
        ),
    )
    return times.warmed(text, peak)


def _given(times: _Times, *keys: str) -> dict[str, Any]:
    """Return those settings of a schedule that are given, as they are written."""
    found = {key: times.settings.mapping("Optimizer.lr").get(key) for key in keys}
    return {key: value for key, value in found.items() if value is not None}


_CALLS: dict[str, Callable[[_Times], str]] = {
    "Constant": _constant,
    "ConstLR": _const_lr,
    "Linear": _linear,
    "Cosine": _cosine,
    "Step": _step,
    "Piecewise": _piecewise,
    "MultiStepDecay": _multi_step,
    "Cyclic": _cyclic,
    "CosineFixmatch": _fixmatch,
    "OneCycleLR": _one_cycle,
}


def _one_optimizer(settings: Settings) -> None:
    """Take the one optimizer of a list as if it stood alone."""
    many = settings.tree.get("Optimizer")
    if isinstance(many, list):
        if len(many) != 1 or not isinstance(many[0], Mapping) or len(many[0]) != 1:
            settings.refuse("Optimizer", f"has {len(many)} optimizers; keep one of them")
        ((_, only),) = many[0].items()
        settings.tree = settings.tree | {"Optimizer": only}
    if not isinstance(settings.get("Optimizer.lr"), Mapping):
        found = settings.get("Optimizer.lr")
        if found is None:
            settings.lack("Optimizer.lr")
        settings.refuse("Optimizer.lr", f"has names and values, and {shown(found)} has none")


def _updates(settings: Settings) -> int:
    """Return the updates of an epoch; a group of batches that is not full makes none."""
    train = "DataLoader.Train.sampler"
    size = settings.whole(f"{train}.batch_size", default=None, option="batch")
    drop_last = settings.flag(f"{train}.drop_last", option="drop_last")
    group = settings.whole("Global.update_freq", default=1, option="accumulate")
    said = settings.whole(default=None, option="steps_per_epoch")
    if said is not None:
        return said
    found = settings.whole("Global.iter_per_epoch", default=None)
    if not found:
        name = settings.text(f"{train}.name", default="DistributedBatchSampler")
        if name not in ("DistributedBatchSampler", "BatchSampler"):
            settings.lack("", "steps_per_epoch", f"{train}.name {name} chooses examples itself")
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            settings.need_length("an epoch", of_epoch=True)
        if size is None:
            settings.lack(f"{train}.batch_size", "batch")
        devices = settings.whole(default=1, option="devices")
        found = padded_batches(examples, devices, size, drop_last)
        settings.sums.append(f"{examples} examples make {counted(found, 'batch')} of {size}")
    if group > 1:
        settings.sums.append(f"{group} a step")
    return found // group if found >= group else found
