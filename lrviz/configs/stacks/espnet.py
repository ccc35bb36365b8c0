"""ESPnet: the scheduler of its train.yaml, its own or PyTorch's, stepped by updates or epochs."""

import math

from ...errors import did_you_mean, listing, quoted
from .. import stack
from ..calls import OPTIMIZER, call, formula
from ..settings import Settings, pairs
from ..speech import check_conf, peak_rate, warmuplr
from ..sums import counted

_BY_UPDATES = ("CyclicLR", "OneCycleLR", "CosineAnnealingWarmRestarts")

_BY_EPOCHS = ("StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR")

_TAKES = {
    "warmuplr": ("warmup_steps",),
    "noamlr": ("model_size", "warmup_steps"),
    "warmupsteplr": ("warmup_steps", "steps_per_epoch", "step_size", "gamma"),
    "piecewiselinearwarmuplr": ("warmup_steps_list", "warmup_lr_list"),
    "tristagelr": (
        *("max_steps", "warmup_ratio", "hold_ratio", "decay_ratio"),
        *("init_lr_scale", "final_lr_scale"),
    ),
    "cosineannealingwarmuprestarts": (
        *("first_cycle_steps", "cycle_mult", "max_lr", "min_lr", "warmup_steps", "gamma"),
    ),
    "exponentialdecaywarmup": (
        *("max_lr", "min_lr", "total_steps", "warmup_steps", "warm_from_zero"),
    ),
}
"""ESPnet's own schedulers, and what they take."""

_NAMED = "noam*|*step*|*Step*|piecewise*|tristage*|[cC]yc*|[cC]os*|[eE]xp*|[oO]ne*|*educe*"
"""How the names of schedulers look that WeNet does not have."""

_CONF = "scheduler_conf"


@stack(
    "ESPnet 2",
    keys=(
        *("optim_conf keep_nbest_models", "optim_conf best_model_criterion"),
        *("optim_conf batch_type", "optim_conf batch_bins", "optim_conf num_iters_per_epoch"),
        *("optim_conf val_scheduler_criterion", "optim_conf token_type"),
        f"scheduler={_NAMED} scheduler_conf optim_conf",
    ),
    programs=("espnet2.bin.*", "*espnet2/bin/*.py"),
    over=("wenet",),
)
def espnet(settings: Settings) -> str:
    """Return the spec, the formula or the call of the scheduler."""
    given = {key: pairs(settings.tree.get(key)) for key in ("optim_conf", _CONF)}
    settings.tree = settings.tree | {key: words for key, words in given.items() if words}
    word = settings.text("scheduler", default="")
    lr = peak_rate(settings)
    per_epoch = _per_epoch(settings)
    epochs = settings.whole("max_epoch", default=40, option="epochs")
    total = settings.whole(default=per_epoch and epochs * per_epoch, option="horizon")
    settings.steps = total
    if per_epoch and total:
        settings.sums.append(f"{counted(per_epoch, 'step')} an epoch, {total} in all")
    name = word.lower()
    theirs = {one.lower(): one for one in (*_BY_UPDATES, *_BY_EPOCHS)}
    if name in ("", "none"):
        return f"const:lr={lr!r}"
    if name in theirs:
        return _of_torch(settings, theirs[name], lr, per_epoch)
    if name in _TAKES:
        check_conf(settings, name, _TAKES[name])
    match name:
        case "warmuplr":
            return warmuplr(settings, lr)
        case "noamlr":
            return _noam(settings, lr)
        case "warmupsteplr":
            return formula(_steps(settings), lr)
        case "piecewiselinearwarmuplr":
            return formula(_pieces(settings, lr), 1.0)
        case "tristagelr":
            return formula(_stages(settings), lr)
        case "cosineannealingwarmuprestarts":
            return formula(_restarts(settings), 1.0)
        case "exponentialdecaywarmup":
            return formula(_exponential(settings), 1.0)
    if "plateau" in name:
        settings.refuse(
            "scheduler", f"is {word}, which follows a metric; write the call of ReduceLROnPlateau"
        )
    known = (*_TAKES, *theirs)
    return settings.refuse(
        "scheduler", f"is {listing(known, 'or')}, not {quoted(word)}{did_you_mean(name, known)}"
    )


def _per_epoch(settings: Settings) -> int | None:
    """Return how many updates an epoch has; None if that is not known."""
    group = settings.whole("accum_grad", default=1, option="accumulate")
    iterations = settings.whole("num_iters_per_epoch", default=None)
    return settings.whole(
        default=None if iterations is None else iterations // group, option="steps_per_epoch"
    )


def _of_torch(settings: Settings, name: str, lr: float, per_epoch: int | None) -> str:
    """Return the call of a class of PyTorch, which may be stepped once an epoch."""
    made = call(f"torch.optim.lr_scheduler.{name}", OPTIMIZER, **settings.mapping(_CONF), lr=lr)
    if name in _BY_UPDATES:
        return made
    if per_epoch is None:
        settings.lack(
            "num_iters_per_epoch", "steps_per_epoch", f"ESPnet steps {name} once an epoch"
        )
    settings.notes.append(f"ESPnet steps {name} once an epoch")
    return f"stepped:every={per_epoch}/{made}"


def _noam(settings: Settings, lr: float) -> str:
    """Return the spec of NoamLR, in which the rate is only a factor."""
    width = settings.whole(f"{_CONF}.model_size", default=320)
    warm = settings.whole(f"{_CONF}.warmup_steps", default=25_000)
    return f"noam:lr={lr!r},d_model={width},warmup={warm},shift=-1"


def _steps(settings: Settings) -> str:
    """Return the factor of WarmupStepLR, whose epochs are of as many steps as it is told."""
    warm = settings.whole(f"{_CONF}.warmup_steps", default=25_000)
    per_epoch = settings.whole(f"{_CONF}.steps_per_epoch", default=10_000)
    every = settings.whole(f"{_CONF}.step_size", default=1)
    gamma = settings.number(f"{_CONF}.gamma", default=0.1)
    passed = f"(t + 1) // {per_epoch} - {warm // per_epoch}"
    return f"(t + 1) / {max(warm, 1)} if t + 1 <= {warm} else {gamma!r} ** (({passed}) // {every})"


def _pieces(settings: Settings, lr: float) -> str:
    """Return the rate of PiecewiseLinearWarmupLR: lines, then a fall with the root of the step."""
    steps = settings.numbers(f"{_CONF}.warmup_steps_list") or [0, 25_000]
    rates = settings.numbers(f"{_CONF}.warmup_lr_list") or [0.0, 0.001]
    if len(steps) != len(rates) or sorted(steps) != steps:
        settings.refuse(
            f"{_CONF}.warmup_lr_list",
            "must hold a rate for each of warmup_steps_list, which must rise",
        )
    text = f"{lr * steps[-1] ** 0.5!r} * (t + 1) ** -0.5"
    points = [*zip(steps, rates, strict=True)]
    for (start, low), (stop, high) in zip(points[-2::-1], points[:0:-1], strict=True):
        if start < stop:
            line = f"{low!r} + {(high - low) / (stop - start)!r} * (t + 1 - {start!r})"
            text = f"{line} if t + 1 <= {stop!r} else ({text})"
    return f"{rates[0]!r} if t + 1 < {steps[0]!r} else ({text})"


def _stages(settings: Settings) -> str:
    """Return the factor of TristageLR, whose phases are parts of max_steps, rounded down."""
    most = settings.number(f"{_CONF}.max_steps", default=25_000)
    rise = settings.number(f"{_CONF}.warmup_ratio", default=0.1)
    hold = settings.number(f"{_CONF}.hold_ratio", default=0.4)
    fall = settings.number(f"{_CONF}.decay_ratio", default=0.5)
    first = settings.number(f"{_CONF}.init_lr_scale", default=0.01)
    last = settings.number(f"{_CONF}.final_lr_scale", default=0.01)
    if rise + hold + fall != 1:
        settings.refuse(f"{_CONF}.decay_ratio", "and warmup_ratio and hold_ratio must add up to 1")
    if last <= 0:
        settings.refuse(f"{_CONF}.final_lr_scale", f"must be above 0, not {last:g}")
    warm, held, falling = int(most * rise), int(most * hold), int(most * fall)
    rate = -math.log(last) / falling if falling else 0.0
    step = f"min(t + 1, {most!r})"
    down = f"math.exp({-rate!r} * ({step} - {warm + held}))"
    up = f"{first!r} + {(1 - first) / max(warm, 1)!r} * (t + 1)"
    return f"{up} if {step} < {warm} else (1 if {step} < {warm + held} else {down})"


def _restarts(settings: Settings) -> str:
    """Return the rate of CosineAnnealingWarmupRestarts, which begins at min_lr."""
    cycle = settings.whole(f"{_CONF}.first_cycle_steps")
    growth = settings.number(f"{_CONF}.cycle_mult", default=1.0)
    if growth != 1:
        settings.refuse(f"{_CONF}.cycle_mult", f"is read only where it is 1, not {growth:g}")
    high = settings.number(f"{_CONF}.max_lr", default=0.1)
    low = settings.number(f"{_CONF}.min_lr", default=0.001)
    warm = settings.whole(f"{_CONF}.warmup_steps", default=0)
    gamma = settings.number(f"{_CONF}.gamma", default=1.0)
    if warm >= cycle:
        settings.refuse(
            f"{_CONF}.warmup_steps", f"must be below first_cycle_steps, {cycle}, not {warm}"
        )
    inside = f"(t % {cycle})"
    fall = f"(1 + math.cos(math.pi * ({inside} - {warm}) / {cycle - warm})) / 2"
    part = f"{inside} / {warm} if {inside} < {warm} else {fall}" if warm else fall
    text = f"{low!r} + ({high!r} * {gamma!r} ** (t // {cycle}) - {low!r}) * ({part})"
    return f"{low!r} if t < 1 else ({text})"


def _exponential(settings: Settings) -> str:
    """Return the rate of ExponentialDecayWarmup, which falls from max_lr to min_lr."""
    high = settings.number(f"{_CONF}.max_lr")
    low = settings.number(f"{_CONF}.min_lr")
    total = settings.whole(f"{_CONF}.total_steps")
    warm = settings.whole(f"{_CONF}.warmup_steps", default=0)
    from_zero = settings.flag(f"{_CONF}.warm_from_zero")
    if not low > 0 or not high > 0 or warm >= total:
        settings.refuse(_CONF, "must have rates above 0, and warmup_steps below total_steps")
    fall = f"{high!r} * math.exp({math.log(low / high)!r} * (t - {warm}) / {total - warm})"
    rise = f"{high / max(warm, 1)!r} * (t + 1)" if from_zero else f"{high!r}"
    text = f"{rise} if t < {warm} else {fall}"
    return f"0 if t < 1 else ({text})" if from_zero else text
