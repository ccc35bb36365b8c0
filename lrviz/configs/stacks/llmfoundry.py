"""LLM-Foundry: a scheduler of Composer by its name, with times in any of Composer's units."""

import math
import re
from typing import Any, NamedTuple

from .. import stack
from ..calls import call, formula
from ..settings import Settings
from ..sums import batches, counted

_CALLS = {
    "constant_with_warmup": "ConstantWithWarmupScheduler",
    "cosine_with_warmup": "CosineAnnealingWithWarmupScheduler",
    "linear_decay_with_warmup": "LinearWithWarmupScheduler",
}

_INV_SQRT = "inv_sqrt_with_warmup"

_TIME = re.compile(r"(-?[\d.]+(?:e[+-]?\d+)?)(ba|ep|tok|sp)", re.IGNORECASE)

_IN_TIMES = "*ba|*ep|*dur|*tok|*sp"


class _Time(NamedTuple):
    """A number of batches (ba), epochs (ep), tokens (tok) or samples (sp)."""

    number: int
    unit: str


@stack(
    "LLM-Foundry",
    keys=(
        "scheduler.name optimizer.lr max_duration",
        f"scheduler.name={'|'.join((*_CALLS, _INV_SQRT))} scheduler.t_warmup={_IN_TIMES}",
        f"scheduler.name={'|'.join((*_CALLS, _INV_SQRT))} max_duration=*ba|*tok|*sp",
    ),
)
def llmfoundry(settings: Settings) -> str:
    """Return the call of the scheduler of Composer, or the formula of inv_sqrt_with_warmup."""
    name = settings.choice("scheduler.name", choices=(*_CALLS, _INV_SQRT))
    lr = settings.number("optimizer.lr", option="lr")
    if settings.get("optimizer.name") == "adalr_lion":
        settings.refuse("optimizer.name", "adalr_lion lowers the rate where it sees outliers")
    run = _time(settings, "max_duration")
    by = _size(settings, run.unit)
    horizon = settings.whole(default=None, option="horizon")
    if horizon is not None:
        run = _Time(horizon * by, "ba" if run.unit == "ep" else run.unit)
    per_epoch = _per_epoch(settings, run)
    steps = run.number * per_epoch if run.unit == "ep" and per_epoch else math.ceil(run.number / by)
    settings.steps = steps
    settings.sums.append(f"{counted(steps, 'step')} in all")
    if name == _INV_SQRT:
        return formula(_inv_sqrt(settings, run, per_epoch, by), lr)
    given = settings.mapping("scheduler")
    del given["name"]
    for key, value in given.items():
        if key.startswith("t_") and not isinstance(value, str):
            settings.refuse(f"scheduler.{key}", f"is a time such as 100ba or 0.1dur, not {value!r}")
    times = [run.unit, *(str(one).lower() for one in given.values())]
    counting = [unit for unit in ("tok", "sp") if any(time.endswith(unit) for time in times)]
    increment = _size(settings, counting[0]) if counting else None
    return call(
        f"composer.optim.scheduler.{_CALLS[name]}",
        **given,
        max_duration=f"{run.number}{run.unit}",
        steps_per_epoch=per_epoch,
        increment=increment,
        lr=lr,
    )


def _time(settings: Settings, path: str, default: str = "") -> _Time:
    """Return a time; a whole number is one in epochs."""
    text: Any = settings.get(path) or default
    if text == "":
        settings.lack(path)
    match = _TIME.fullmatch(f"{text}ep" if isinstance(text, int) else str(text))
    if match is None:
        settings.refuse(path, f"is a time such as 100ba, 2ep or 1e9tok, not {text!r}")
    return _Time(int(float(match[1])), match[2].lower())


def _size(settings: Settings, unit: str) -> int:
    """Return how many of a unit a batch has."""
    if unit not in ("tok", "sp"):
        return 1
    batch = settings.whole("global_train_batch_size", option="batch")
    if unit == "sp":
        return batch
    length = settings.whole("max_seq_len", "variables.max_seq_len")
    settings.sums.append(f"{batch} * {length} = {batch * length} tokens a step")
    return batch * length


def _per_epoch(settings: Settings, run: _Time) -> int | None:
    """Return the batches of an epoch, if a time needs them or they are known."""
    said = settings.whole(default=None, option="steps_per_epoch")
    if said is not None:
        return said
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        if run.unit == "ep":
            settings.need_length(counted(run.number, "epoch"))
        return None
    batch = settings.whole("global_train_batch_size", option="batch")
    devices = settings.whole(default=1, option="devices")
    drop_last = settings.flag("train_loader.drop_last", option="drop_last")
    found = batches(examples, devices, batch // devices, drop_last)
    settings.sums.append(f"{examples} examples make {counted(found, 'batch')} of {batch}")
    return found


def _inv_sqrt(settings: Settings, run: _Time, per_epoch: int | None, by: int) -> str:
    """Return the formula of a warmup, a decay with one over the root, and a line at the end."""
    each = per_epoch if run.unit == "ep" and per_epoch else 1

    def length(name: str) -> int:
        time = _time(settings, f"scheduler.{name}")
        if time.unit != run.unit:
            settings.refuse(
                f"scheduler.{name}",
                f"must count in {run.unit} as max_duration does, not {time.unit}",
            )
        return time.number * each

    warm, scale, cool = length("t_warmup"), length("t_scale"), length("t_cooldown")
    given = settings.get("scheduler.t_max") in (None, "1dur")
    total = run.number * each if given else length("t_max")
    low = settings.number("scheduler.alpha_f_decay", default=0.0)
    end = settings.number("scheduler.alpha_f_cooldown", default=0.0)
    if low < end:
        settings.refuse("scheduler.alpha_f_decay", f"must be at least alpha_f_cooldown, {end:g}")
    begun = max(total - cool, warm)
    last = low + (1 - low) / ((begun + scale - warm) / scale) ** 0.5
    s = "t" if by == 1 else f"(t * {by})"
    decay = f"{low!r} + {1 - low!r} / (({s} + {scale - warm}) / {scale}) ** 0.5"
    line = f"{last!r} + {end - last!r} * min(1, ({s} - {begun}) / {cool})" if cool else repr(last)
    rise = f"{s} / {warm} if {s} < {warm} else " if warm else ""
    return f"{rise}{decay} if {s} < {begun} else {line}"
