"""mmcv 1: the policy of `lr_config` and its warmup, which multiplies the regular rate."""

from collections.abc import Mapping
from typing import NamedTuple

from ...errors import did_you_mean
from .. import stack
from ..calls import formula
from ..openmmlab import epoch, note_batches, scaled
from ..settings import Settings

_SIZE = "data.samples_per_gpu"

_COMMON = "policy type by_epoch warmup warmup_iters warmup_ratio warmup_by_epoch"

_OF_POLICIES: Mapping[str, str] = {
    "Fixed": "",
    "Step": "step gamma min_lr",
    "Exp": "gamma",
    "Poly": "power min_lr",
    "Inv": "gamma power",
    "CosineAnnealing": "min_lr min_lr_ratio",
    "LinearAnnealing": "min_lr min_lr_ratio",
    "FlatCosineAnnealing": "start_percent min_lr min_lr_ratio",
    "CosineRestart": "periods restart_weights min_lr min_lr_ratio",
    "Cyclic": "target_ratio cyclic_times step_ratio_up anneal_strategy gamma",
    "OneCycle": (
        "max_lr total_steps pct_start anneal_strategy div_factor final_div_factor three_phase"
    ),
}
"""The policies, and the settings that each has of its own."""


_BY_ITER = ("Cyclic", "OneCycle")
"""Those that count batches."""


class _Time(NamedTuple):
    """How a policy counts: its step in batches `t`, and how many the run has."""

    step: str
    most: int | None
    by_epoch: bool
    of_run: str
    """The setting that says how many."""

    def length(self, settings: Settings) -> int:
        """Return how many of its steps the run has; LrvizError if that is not known."""
        if self.most is None:
            settings.lack(self.of_run, "epochs" if self.by_epoch else "horizon")
        return self.most


@stack(
    "mmcv 1.7",
    keys=("lr_config",),
    in_python=True,
)
def mmcv(settings: Settings) -> str:
    """Return the policy and its warmup as the formula that they multiply the rate by."""
    epochs = settings.whole("runner.max_epochs", "total_epochs", default=None, option="epochs")
    iters = settings.whole("runner.max_iters", "total_iters", default=None)
    said = settings.whole(default=None, option="horizon")
    by_iters = iters is not None and "runner.max_epochs" not in settings
    every = epoch(settings, "data.train_dataloader", _SIZE, "data.train.times")
    if by_iters:
        iters = said or iters
    elif epochs is not None:
        if every is None and said is not None and said % epochs == 0:
            every = said // epochs
        iters = None if every is None else epochs * every
    else:
        iters = said
    settings.steps = said or iters
    note_batches(settings, "optimizer_config.cumulative_iters")
    policy = _policy(settings)
    by_epoch = settings.flag("lr_config.by_epoch", default=not by_iters)
    by_epoch = by_epoch and (policy not in _BY_ITER or settings.flag("lr_config.by_epoch"))
    if by_epoch and by_iters:
        settings.refuse("lr_config.by_epoch", "is false with a runner of iterations")
    if by_epoch and policy in _BY_ITER:
        settings.refuse("lr_config.by_epoch", f"is false with the policy {policy}")
    if by_epoch and every is None:
        settings.need_length("an epoch", of_epoch=True)
    if every is not None and not by_iters:
        settings.sums.append(f"{every} batches an epoch")
    if iters is not None:
        settings.sums.append(f"{iters} in all")
    if by_epoch:
        time = _Time(f"(t // {every})", epochs, True, "runner.max_epochs")
    else:
        time = _Time("t", iters, False, "runner.max_iters")
        if iters is None and epochs is not None:
            time = time._replace(of_run="runner.max_epochs")
    lr = _first_rate(settings) if policy == "OneCycle" else _rate(settings)
    regular = _factor(settings, policy, time, lr)
    return formula(_warmed(settings, regular, every), lr)


def _policy(settings: Settings) -> str:
    """Return the name of the policy, of which the hook has all settings that are given."""
    name = settings.text("lr_config.policy", "lr_config.type").removesuffix("LrUpdaterHook")
    name = name.title() if name == name.lower() else name
    if name not in _OF_POLICIES:
        near = did_you_mean(name, _OF_POLICIES) or f"; it is {', '.join(_OF_POLICIES)}"
        settings.refuse("lr_config.policy", f"is no policy of mmcv's: {name}{near}")
    known = f"{_COMMON} {_OF_POLICIES[name]}".split()
    given = settings.get("lr_config")
    for key in given:
        if key not in known:
            near = did_you_mean(key, known) or "; take it out"
            settings.refuse(f"lr_config.{key}", f"is no setting of the policy {name}{near}")
    return name


def _rate(settings: Settings) -> float:
    """Return the rate of the optimizer."""
    return scaled(settings, settings.number("optimizer.lr", option="lr"), _SIZE)


def _first_rate(settings: Settings) -> float:
    """Return the rate that OneCycle begins with, whatever the optimizer's is."""
    settings.take("optimizer.lr")
    top = settings.number("lr_config.max_lr")
    return top / settings.number("lr_config.div_factor", default=25)


def _factor(settings: Settings, policy: str, time: _Time, lr: float) -> str:
    """Return what a policy multiplies the rate by."""
    step = time.step
    gamma = settings.number("lr_config.gamma", default=1 if policy == "Cyclic" else 0.1)
    power = settings.number("lr_config.power", default=1)
    match policy:
        case "Step":
            return _drops(settings, step, gamma, lr)
        case "Exp":
            return f"{settings.number('lr_config.gamma')!r} ** {step}"
        case "Inv":
            return f"(1 + {settings.number('lr_config.gamma')!r} * {step}) ** {-power!r}"
        case "Poly":
            low = settings.number("lr_config.min_lr", default=0) / lr
            fallen = f"(1 - {step} / {time.length(settings)}) ** {power!r}"
            return f"{low!r} + {1 - low!r} * {fallen}"
        case "CosineAnnealing":
            return _annealed("cos", 1, _low(settings, lr), f"{step} / {time.length(settings)}")
        case "LinearAnnealing":
            return _annealed("linear", 1, _low(settings, lr), f"{step} / {time.length(settings)}")
        case "FlatCosineAnnealing":
            most = time.length(settings)
            start = round(most * settings.number("lr_config.start_percent", default=0.75))
            rest = max(most - start, 1)
            fall = _annealed("cos", 1, _low(settings, lr), f"({step} - {start}) / {rest}")
            return f"1.0 if {step} < {start} else {fall}"
        case "CosineRestart":
            return _restarts(settings, time, lr)
        case "Cyclic":
            return _cycles(settings, time.length(settings), gamma)
        case "OneCycle":
            return _one_cycle(settings, time)
    return "1.0"


def _annealed(strategy: str, start: float | str, end: float | str, part: str) -> str:
    """Return the way from one factor to another, at a part of it."""
    if strategy == "linear":
        return f"{start} + ({end} - {start}) * ({part})"
    return f"{end} + 0.5 * ({start} - {end}) * (math.cos(math.pi * ({part})) + 1)"


def _low(settings: Settings, lr: float) -> float:
    """Return what a policy falls to, as a part of the rate; LrvizError unless it is given once."""
    low = settings.number("lr_config.min_lr", default=None)
    ratio = settings.number("lr_config.min_lr_ratio", default=None)
    if (low is None) == (ratio is None):
        settings.refuse("lr_config", "has either min_lr or min_lr_ratio; keep or write one of them")
    return low / lr if low is not None else ratio or 0.0


def _drops(settings: Settings, step: str, gamma: float, lr: float) -> str:
    """Return the drops of the policy step, at steps or every so many."""
    at = [int(one) for one in settings.numbers("lr_config.step")]
    if not at:
        settings.lack("lr_config.step")
    if min(at) <= 0 or sorted(at) != at:
        settings.refuse("lr_config.step", f"has rising numbers above 0, not {at}")
    is_list = not isinstance(settings.get("lr_config.step"), int | float)
    count = f"bisect.bisect_right({at}, {step})" if is_list else f"({step} // {at[0]})"
    low = settings.number("lr_config.min_lr", default=None)
    drops = f"{gamma!r} ** {count}"
    return drops if low is None else f"max({drops}, {low / lr!r})"


def _restarts(settings: Settings, time: _Time, lr: float) -> str:
    """Return cosines one after the other, each from a weight of the rate."""
    low = _low(settings, lr)
    periods = settings.numbers("lr_config.periods")
    weights = settings.numbers("lr_config.restart_weights") or [1]
    if len(periods) != len(weights):
        settings.refuse(
            "lr_config.restart_weights",
            f"are as many as the periods, {len(periods)}, not {len(weights)}",
        )
    ends = [int(sum(periods[: i + 1])) for i in range(len(periods))]
    if time.most is not None and ends[-1] < time.most:
        settings.refuse("lr_config.periods", f"end at {ends[-1]}, and the run at {time.most}")
    found = ""
    for i, (period, weight, end) in enumerate(zip(periods, weights, ends, strict=True)):
        part = f"({time.step} - {end - int(period)}) / {period!r}"
        part = part if i + 1 < len(ends) else f"min({part}, 1)"
        wave = f"{low!r} + {0.5 * weight * (1 - low)!r} * (math.cos(math.pi * ({part})) + 1)"
        found += f"{wave} if {time.step} < {end} else " if i + 1 < len(ends) else wave
    return found


def _cycles(settings: Settings, most: int, gamma: float) -> str:
    """Return cycles up and down, each `gamma` times as high as the one before."""
    given = settings.numbers("lr_config.target_ratio") or [10, 1e-4]
    top, low = given if len(given) > 1 else (given[0], given[0] / 1e5)
    period = most // settings.whole("lr_config.cyclic_times", default=1)
    up = int(settings.number("lr_config.step_ratio_up", default=0.4) * period)
    strategy = settings.choice(
        "lr_config.anneal_strategy", choices=("cos", "linear"), default="cos"
    )
    scale = f"{gamma!r} ** (t // {period})"

    def lowered(ratio: float) -> str:
        return repr(ratio) if gamma == 1 else f"(1 + {ratio - 1!r} * {scale})"

    if not up:  # then it is the other end that comes nearer to the rate with each cycle
        return _annealed(strategy, top, lowered(low), f"t % {period} / {period}")
    rise = _annealed(strategy, 1, lowered(top), f"t % {period} / {up}")
    fall = _annealed(strategy, lowered(top), low, f"(t % {period} - {up}) / {period - up}")
    return f"{rise} if t % {period} < {up} else {fall}"


def _one_cycle(settings: Settings, time: _Time) -> str:
    """Return one rise to the largest rate, and the fall far below the first."""
    total = settings.whole("lr_config.total_steps", default=None)
    total = time.length(settings) if total is None else total
    if time.most is not None and total < time.most:
        settings.refuse("lr_config.total_steps", f"is at least the run's {time.most}, not {total}")
    strategy = settings.choice(
        "lr_config.anneal_strategy", choices=("cos", "linear"), default="cos"
    )
    up = settings.number("lr_config.pct_start", default=0.3) * total
    top = settings.number("lr_config.div_factor", default=25)
    last = 1 / settings.number("lr_config.final_div_factor", default=1e4)
    if settings.flag("lr_config.three_phase"):
        phases = [(up - 1, 1.0, top), (2 * up - 2, top, 1.0), (total - 1, 1.0, last)]
    else:
        phases = [(up - 1, 1.0, top), (total - 1, top, last)]
    start, found = 0.0, ""
    for end, first, then in phases:
        way = _annealed(strategy, first, then, f"(t - {start!r}) / {end - start!r}")
        found += way if end == total - 1 else f"{way} if t <= {end!r} else "
        start = end
    return found


def _warmed(settings: Settings, regular: str, every: int | None) -> str:
    """Return the regular factor with its warmup, which multiplies that of the same step."""
    kind = (
        settings.choice("lr_config.warmup", choices=("constant", "linear", "exp"), default="none")
        if "lr_config.warmup" in settings
        else ""
    )
    length = settings.whole("lr_config.warmup_iters", default=0)
    ratio = settings.number("lr_config.warmup_ratio", default=0.1)
    by_epoch = settings.flag("lr_config.warmup_by_epoch")
    if not kind:
        return regular
    if length <= 0:
        settings.refuse("lr_config.warmup_iters", f"is above 0 with a warmup, not {length}")
    if not 0 < ratio <= 1:
        settings.refuse("lr_config.warmup_ratio", f"is above 0 and at most 1, not {ratio:g}")
    if by_epoch:
        if "runner.max_iters" in settings:
            settings.refuse("lr_config.warmup_by_epoch", "is false with a runner of iterations")
        if every is None:
            settings.need_length("an epoch", of_epoch=True)
        settings.sums.append(f"warmup {length} * {every} = {length * every}")
        length *= every
    match kind:
        case "constant":
            warm = repr(ratio)
        case "linear":
            warm = f"1 - (1 - t / {length}) * {1 - ratio!r}"
        case _:
            warm = f"{ratio!r} ** (1 - t / {length})"
    if regular == "1.0":
        return f"{warm} if t < {length} else 1.0"
    return f"({regular}) * ({warm} if t < {length} else 1.0)"
