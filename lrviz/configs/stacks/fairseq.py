"""fairseq: the options of fairseq-train, and the YAML of its Hydra configs."""

from collections.abc import Callable, Mapping, Sequence

from .. import stack
from ..calls import formula
from ..settings import Settings
from ..stages import stage, warmed

_UNREAD = ("reduce_lr_on_plateau", "pass_through", "manual")
"""Schedules that depend on the loss, on other optimizers or on a table of their own."""


@stack(
    "fairseq 0.12",
    keys=(
        *(
            "lr_scheduler._name",
            "lr_scheduler optimization.lr",
            "lr_scheduler optimization.max_update",
        ),
        *("lr_scheduler arch", "lr_scheduler warmup_updates", "lr_scheduler total_num_update"),
    ),
    programs=("fairseq-train", "fairseq-hydra-train", "*fairseq_cli*train*", "*fairseq/train.py"),
)
def fairseq(settings: Settings) -> str:
    """Return the spec of the schedule, or its formula where rates change with epochs or cycles."""
    if "config_name" in settings:
        settings.refuse("config_name", "names the config that has the schedule; write @FILE.yaml")
    settings.take("optimization.update_freq", "update_freq", "reset_lr_scheduler", "stop_min_lr")
    name = settings.choice(
        "lr_scheduler._name", "lr_scheduler", choices=(*_READERS, *_UNREAD), default="fixed"
    )
    if name in _UNREAD:
        settings.refuse("lr_scheduler", f"{name} is no function of the update, and is not read")
    if "lr" in settings.known:
        rates = [settings.number("optimization.lr", "lr", option="lr")]
    else:
        rates = settings.numbers("optimization.lr", "lr") or [0.25]
    if len(rates) > 1 and name not in _EPOCHLY:
        settings.refuse("lr", f"has {len(rates)} rates, and {name} takes one")
    settings.steps = _length(settings)
    return _READERS[name](settings, rates)


def _of(name: str) -> tuple[str, str]:
    """Return where a setting of the schedule is on a command line and in a Hydra config."""
    return name, f"lr_scheduler.{name}"


def _max_update(settings: Settings) -> int:
    """Return the updates after which the run ends at the latest; 0 if that is not said."""
    most = settings.whole("optimization.max_update", "max_update", default=0, option="horizon")
    return max(most, 0)


def _length(settings: Settings) -> int | None:
    """Return how many updates the run has, if that is known."""
    most = _max_update(settings)
    epochs = settings.whole("optimization.max_epoch", "max_epoch", default=0, option="epochs")
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if epochs > 0 and per_epoch:
        settings.sums.append(f"{epochs} epochs of {per_epoch} updates")
        return min(epochs * per_epoch, most or epochs * per_epoch)
    return most or None


def _epochs(settings: Settings, rates: Sequence[float]) -> str:
    """Return the factor on the first of `rates` by which each epoch has its own, as an expression.

    From the epoch force_anneal on, which is counted from 1, the last of them shrinks.
    """
    anneal = settings.whole(*_of("force_anneal"), "fa", default=None)
    shrink = settings.number(*_of("lr_shrink"), default=0.1)
    if len(rates) == 1 and anneal is None:
        return "1"
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if per_epoch is None:
        settings.lack("", "steps_per_epoch", "the rate changes with the epochs")
    factors = [rate / rates[0] for rate in rates]
    steps = [f"{one!r} if t < {n * per_epoch} else " for n, one in enumerate(factors[:-1], 1)]
    stairs = f"({''.join(steps)}{factors[-1]!r})"
    if anneal is None:
        return stairs
    shrunk = f"{factors[-1]!r} * {shrink!r} ** (t // {per_epoch} + {2 - anneal})"
    return f"({stairs} if t < {(anneal - 1) * per_epoch} else {shrunk})"


def _warmup(settings: Settings, default: int = 0) -> int:
    return settings.whole(*_of("warmup_updates"), default=default)


def _start(settings: Settings, low: float) -> float:
    """Return the rate at which the warmup begins, which is `low` unless it is given."""
    said = settings.number(*_of("warmup_init_lr"), default=-1)
    return said if said >= 0 else low


def _lowest(settings: Settings, top: float) -> float:
    """Return min_lr, which must be below the rate."""
    low = settings.number(*_of("min_lr"), default=0.0)
    if low >= top:
        settings.refuse("min_lr", f"must be below lr, {top:g}, not {low:g}")
    return low


def _fixed(settings: Settings, rates: Sequence[float]) -> str:
    """Return a warmup that ends an update early, and a rate by epoch."""
    epochs, warm = _epochs(settings, rates), _warmup(settings)
    if epochs == "1":
        level = stage("const", lr=rates[0])
        return warmed(warm - 1, level, start=rates[0] / warm) if warm > 1 else level
    rise = f"(t + 1) / {warm} * " if warm else ""
    return formula(f"{rise}{epochs} if t < {warm} else {epochs}" if warm else epochs, rates[0])


def _inverse_sqrt(settings: Settings, rates: Sequence[float]) -> str:
    """Return a warmup, and a decay that goes on with its length."""
    warm = _warmup(settings, 4000)
    if warm < 1:
        settings.refuse("warmup_updates", "must be above 0 for inverse_sqrt")
    decay = stage("inverse_sqrt", lr=rates[0], steps=warm)
    return warmed(warm, decay, start=_start(settings, 0.0))


def _polynomial(settings: Settings, rates: Sequence[float]) -> str:
    """Return a warmup and a decay to total_num_update; of several rates the second comes first."""
    if any(name in settings for name in (*_of("force_anneal"), "fa")):
        settings.refuse("force_anneal", "makes polynomial_decay depend on itself, and is not read")
    warm, most = _warmup(settings), _max_update(settings)
    total = int(settings.number(*_of("total_num_update"), default=most))
    if total < 1:
        settings.lack("total_num_update")
    if total <= warm:
        settings.refuse("total_num_update", f"must be above warmup_updates, {warm}, not {total}")
    end = settings.number(*_of("end_learning_rate"), default=0.0)
    power = settings.number(*_of("power"), default=1.0)
    if len(rates) == 1:
        decay = stage("poly", lr=rates[0], steps=total - warm, end=end, power=power)
        return warmed(warm, decay)
    settings.notes.append("polynomial_decay begins with the second of several rates")
    top = rates[1]
    epochs, low = _epochs(settings, rates[1:]), end / top
    fall = (
        f"({epochs} - {low!r}) * max(1 - (t - {warm}) / {total - warm}, 0) ** {power!r} + {low!r}"
    )
    rise = f"t / {warm} * {epochs} if t <= {warm} else " if warm else ""
    return formula(f"{rise}{fall} if t < {total} else {low!r}", top)


def _cosine(settings: Settings, rates: Sequence[float]) -> str:
    """Return a warmup and a cosine, or cycles of lr_period_updates that grow and shrink."""
    if any(name in settings for name in _of("max_lr")):
        settings.refuse("max_lr", "is of older versions, of which lr is the lowest rate; write lr")
    warm, most, top = _warmup(settings), _max_update(settings), rates[0]
    low = _lowest(settings, top)
    start = _start(settings, low)
    period = settings.number(*_of("lr_period_updates"), default=-1)
    grow = settings.number(*_of("t_mult"), default=1.0)
    shrink = settings.number(*_of("lr_shrink"), default=0.1)
    if period <= 0:
        if not most:
            settings.lack("max_update", "horizon")
        if most <= warm:
            settings.refuse("max_update", f"must be above warmup_updates, {warm}, not {most}")
        return warmed(warm, stage("cosine", lr=top, steps=most - warm, end=low), start=start)
    if grow < 1 and settings.steps and settings.steps - warm > period / (1 - grow):
        settings.refuse("t_mult", "is below 1, and its cycles end before the run does")
    after = f"(t - {warm})"
    if grow == 1:
        cycle = f"math.floor({after} / {period!r})"
        part = f"({after} / {period!r} - {cycle})"
    else:
        # the framework finds the cycle by a logarithm, and the last update of one so too
        passed = f"(1 - {after} / {period!r} * {1 - grow!r})"
        cycle = f"math.floor(math.log({passed}) / math.log({grow!r}))"
        begun = f"(1 - {grow!r} ** {cycle}) / {1 - grow!r} * {period!r}"
        part = f"(({after} - {begun}) / ({grow!r} ** {cycle} * {period!r}))"
    least = low / top
    fall = f"({least!r} + {0.5 * (1 - least)!r} * (1 + math.cos(math.pi * {part})))"
    cycles = f"{shrink!r} ** {cycle} * {fall}"
    rise = f"{start / top!r} + {(1 - start / top)!r} * t / {warm} if t < {warm} else "
    return formula(rise + cycles if warm else cycles, top)


def _tri_stage(settings: Settings, rates: Sequence[float]) -> str:
    """Return a warmup, a hold and an exponential decay, in steps or as parts of max_update."""
    top, most = rates[0], _max_update(settings)
    ratio = settings.numbers(*_of("phase_ratio"))
    if ratio:
        if not most:
            settings.lack("max_update", "horizon")
        if len(ratio) != 3 or sum(ratio) != 1:
            settings.refuse("phase_ratio", "is three parts that add up to 1")
        warm, hold, decay = (int(most * one) for one in ratio)
        settings.sums.append(f"{warm} updates warm up, {hold} hold and {decay} decay")
    else:
        warm, hold, decay = (
            settings.whole(*_of(f"{what}_steps"), default=0) for what in ("warmup", "hold", "decay")
        )
    if decay < 1:
        settings.lack("decay_steps")
    start = settings.number(*_of("init_lr_scale"), default=0.01) * top
    end = settings.number(*_of("final_lr_scale"), default=0.01)
    level = [stage("const", lr=top, for_=hold)] if hold else []
    fall = stage("exp", lr=top, rate=end, steps=decay, hold=decay)
    return warmed(warm, *level, fall, start=start)


def _triangular(settings: Settings, rates: Sequence[float]) -> str:
    """Return the formula of triangles from lr to max_lr, which shrinks with each."""
    low, top = rates[0], settings.number(*_of("max_lr"))
    if top <= low:
        settings.refuse("max_lr", f"must be above lr, {low:g}, not {top:g}")
    half = settings.number(*_of("lr_period_updates"), default=5000) // 2
    shrunk = f"{settings.number(*_of('lr_shrink'), default=0.1)!r} ** (t // {2 * half!r})"
    bottom = shrunk if settings.flag(*_of("shrink_min")) else "1"
    height = f"max(0, 1 - abs(t / {half!r} - 2 * (t // {2 * half!r}) - 1))"
    return formula(f"{bottom} + ({top / low!r} * {shrunk} - {bottom}) * {height}", low)


def _step(settings: Settings, rates: Sequence[float]) -> str:
    """Return a warmup and a staircase, down to min_lr."""
    top = rates[0]
    low = _lowest(settings, top)
    period = settings.whole(*_of("lr_decay_period"), default=25000)
    rate = settings.number(*_of("lr_decay"), default=0.5)
    stairs = stage("step", lr=top, rate=rate, steps=period, floor=low or None)
    return warmed(_warmup(settings), stairs, start=_start(settings, low))


_EPOCHLY = ("fixed", "polynomial_decay")
"""Schedules that take a list of rates, one for each epoch."""

_READERS: Mapping[str, Callable[[Settings, Sequence[float]], str]] = {
    "fixed": _fixed,
    "inverse_sqrt": _inverse_sqrt,
    "polynomial_decay": _polynomial,
    "cosine": _cosine,
    "tri_stage": _tri_stage,
    "triangular": _triangular,
    "step": _step,
}
