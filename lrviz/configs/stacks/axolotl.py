"""axolotl: a Trainer with names, sums and schedules of its own."""

import math

from .. import stack
from ..settings import OPTIMIZER, Settings, call, formula
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
    if settings.number("jagged_restart_steps", "relora_steps", default=0):
        settings.refuse("jagged_restart_steps", "restarts the schedule, which is not read yet")
    if name == "one_cycle":
        settings.apart(own, "lr_scheduler_kwargs", "optimizer", "max_lr", "total_steps")
        own = {"pct_start": warm / total, "anneal_strategy": "cos"} | own
        one_cycle = "torch.optim.lr_scheduler.OneCycleLR"
        return call(one_cycle, OPTIMIZER, max_lr=lr, total_steps=total, **own)
    if name == "rex":
        return formula(_rex(total, warm, least or 0.0), lr)
    if name == "cosine" and quadratic:
        fall = f"0.5 * (1 + math.cos(math.pi * (t - {warm}) / {max(1, total - warm)}))"
        rise = f"(t / {max(1, warm)}) ** 2"
        return formula(f"{rise} if t < {warm} else max(0, {fall})", lr)
    if name == "cosine" and least and tail:
        steps = int(total * tail) - warm
        if steps < 1:
            settings.refuse("cosine_constant_lr_ratio", "leaves no step for the cosine")
        return _warmed(warm, f"cosine:lr={lr!r},steps={steps},end={lr * least!r}")
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


def _warmed(warm: int, spec: str) -> str:
    """Return a spec after a warmup from 0."""
    return f"warmup:steps={warm}/{spec}" if warm else spec


def _rex(total: int, warm: int, least: float) -> str:
    """Return the formula of RexLR, which is one step ahead."""
    left = f"max({total} - 1 - t, 0) / {max(total - warm, 1)}"
    fall = f"{least!r} + {1 - least!r} * ({left}) / (0.1 + 0.9 * ({left}))"
    return f"(t + 1) / {max(warm, 1)} if t + 1 <= {warm} else {fall}"
