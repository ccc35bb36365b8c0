"""axolotl: a Trainer with names, sums and schedules of its own."""

import math

from .. import stack
from ..calls import OPTIMIZER, call, formula
from ..settings import Settings
from ..stages import stage, warmed
from ..sums import counted
from ..trainer import scheduler_call


@stack(
    "axolotl 0.19",
    keys=("micro_batch_size num_epochs", "micro_batch_size base_model", "base_model adapter"),
    programs=("axolotl train", "axolotl.cli.train", "axolotl"),
    over=("transformers",),
)
def axolotl(settings: Settings) -> str:
    """Return the call of the schedule: axolotl's own where its keys ask for one."""
    settings.take("lr_groups", "embedding_lr", "embedding_lr_scale", "loraplus_lr_ratio")
    total, counted_with = _length(settings)
    settings.steps = total
    warm = _warmup(settings, counted_with)
    lr = settings.number("learning_rate", option="lr")
    name = settings.text("lr_scheduler", default="cosine")
    least = settings.number("cosine_min_lr_ratio", default=None)
    tail = settings.number("cosine_constant_lr_ratio", default=None)
    quadratic = settings.flag("lr_quadratic_warmup")
    own = settings.mapping("lr_scheduler_kwargs")
    every = settings.whole("jagged_restart_steps", "relora_steps", default=0)
    if every:
        factor = _factor(settings, name, total, warm, least or 0.0)
        return formula(_jagged(settings, factor, every, least or 0.001), lr)
    if name == "one_cycle":
        settings.apart(own, "lr_scheduler_kwargs", "optimizer", "max_lr", "total_steps")
        own = {"pct_start": warm / total, "anneal_strategy": "cos"} | own
        one_cycle = "torch.optim.lr_scheduler.OneCycleLR"
        return call(one_cycle, OPTIMIZER, max_lr=lr, total_steps=total, **own)
    if name == "rex":
        return formula(_rex(total, warm, least or 0.0), lr)
    if name == "cosine" and quadratic:
        fall = _COSINE.format(s="t", W=warm, L=max(1, total - warm))
        return formula(f"(t / {max(1, warm)}) ** 2 if t < {warm} else max(0, {fall})", lr)
    if name == "cosine" and least and tail:
        steps = int(total * tail) - warm
        if steps < 1:
            settings.refuse("cosine_constant_lr_ratio", "leaves no step for the cosine")
        return warmed(warm, stage("cosine", lr=lr, steps=steps, end=lr * least))
    if name == "cosine" and least:
        name, own = "cosine_with_min_lr", {"min_lr_rate": least}
    settings.tree = settings.tree | {"lr_scheduler_type": name}
    return scheduler_call(settings, total, warm, own=own)


def _length(settings: Settings) -> tuple[int, int]:
    """Return how many updates a run has, and of how many its warmup is a part.

    The parts of all epochs are rounded up together; max_steps is no less than the length, but the
    warmup is counted with the fewer of the two.
    """
    said = settings.whole(default=None, option="horizon")
    most = settings.whole("max_steps", default=0)
    times = settings.number("num_epochs", default=1, option="epochs")
    size = settings.whole("micro_batch_size", default=1, option="batch")
    whole = settings.whole("batch_size", default=None)
    group = settings.whole(
        "gradient_accumulation_steps", default=whole // size if whole else 1, option="accumulate"
    )
    examples = settings.whole(default=None, option="dataset")
    is_packed = settings.flag("sample_packing")
    if said or most > 0:
        settings.sums.append(counted(said, "step") if said else f"max_steps {most}")
        if said or examples is None or is_packed:
            return said or most, said or most
    if is_packed:
        settings.lack(
            "max_steps", "horizon", "with sample_packing the steps depend on the lengths of texts"
        )
    if examples is None:
        per_epoch = settings.number(default=None, option="steps_per_epoch")
        if per_epoch is None:
            settings.need_length(counted(times, "epoch"))
        total = math.ceil(per_epoch * times)
        return total, total
    each = size * group * settings.whole(default=1, option="devices")
    total = math.ceil(examples * times / each)
    if most > total or most <= 0:
        settings.sums.append(f"ceil({examples} * {times:g} / {each}) = {counted(total, 'step')}")
    return most if most > 0 else total, min(total, most) if most > 0 else total


def _warmup(settings: Settings, total: int) -> int:
    """Return the length of the warmup, which is never 1; a ratio is rounded down."""
    steps = settings.whole("warmup_steps", default=None)
    ratio = settings.number("warmup_ratio", default=None)
    if steps is not None:
        found = steps
    elif ratio is not None:
        found = int(ratio * total)
        settings.sums.append(f"warmup int({ratio:g} * {total}) = {found}")
    else:
        found = min(int(0.03 * total), 100)
        settings.sums.append(f"warmup min(int(0.03 * {total}), 100) = {found}, as none is given")
    if found == 1:
        settings.notes.append("a warmup of 1 step is made 2")
        found = 2
    return found


_COSINE = "0.5 * (1 + math.cos(math.pi * ({s} - {W}) / {L}))"

_DECAYS = {
    "constant": "1",
    "constant_with_warmup": "1",
    "linear": "max(0, {L} - ({s} - {W})) / {L}",
    "cosine": "{m} + {d} * " + _COSINE,
}
"""The factor of the rate at step s that jagged restarts can be put on.

W steps are the warmup and the L others a decay to m, d below the full rate.
"""


def _factor(settings: Settings, name: str, total: int, warm: int, least: float) -> str:
    """Return the factor of a schedule as jagged restarts see it, which are a step ahead."""
    more = ("lr_quadratic_warmup", "cosine_constant_lr_ratio", "lr_scheduler_kwargs")
    for path in more:
        if settings.get(path):
            settings.refuse(path, "is not read together with jagged restarts")
    if name not in _DECAYS:
        settings.refuse("jagged_restart_steps", f"is not read together with {name}")
    s, rest = "(t + 1)", max(1, total - warm)
    decay = _DECAYS[name].format(s=s, W=warm, L=rest, m=repr(least), d=repr(1 - least))
    if warm and name != "constant":
        decay = f"{s} / {warm} if {s} < {warm} else {decay}"
    return decay


def _jagged(settings: Settings, factor: str, every: int, least: float) -> str:
    """Return a factor that restarts: it falls before each, and rises again from `least` of it."""
    warm = settings.whole("jagged_restart_warmup_steps", "relora_warmup_steps", default=10) or 10
    fall = settings.whole("jagged_restart_anneal_steps", "relora_anneal_steps", default=1) or 1
    if not fall <= warm <= every / 2:
        rule = f"is from jagged_restart_anneal_steps, {fall}, to half of the cycle, not {warm}"
        settings.refuse("jagged_restart_warmup_steps", rule)
    at = f"((t + 1) % {every})"
    part = f"min({at} / {warm}, ({every} - {at}) / {fall}, 1)"
    jagged = f"{least!r} + {1 - least!r} * (1 if t + 1 < {every - fall} else {part})"
    return f"({factor}) * ({jagged})"


def _rex(total: int, warm: int, least: float) -> str:
    """Return the formula of RexLR, which is one step ahead."""
    left = f"max({total} - 1 - t, 0) / {max(total - warm, 1)}"
    fall = f"{least!r} + {1 - least!r} * ({left}) / (0.1 + 0.9 * ({left}))"
    return f"(t + 1) / {max(warm, 1)} if t + 1 <= {warm} else {fall}"
