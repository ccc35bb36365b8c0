"""DeepSpeed: the scheduler of its JSON, whose "auto" the Trainer of Transformers fills in."""

from typing import Any

from .. import stack
from ..calls import OPTIMIZER, call
from ..settings import Settings
from ..trainer import check_the_same, length, warmup

_NAMES = ("LRRangeTest", "OneCycle", "WarmupLR", "WarmupDecayLR", "WarmupCosineLR")

_FILLING = ("learning_rate", "max_steps", "num_train_epochs", "warmup_steps", "warmup_ratio")
"""What only TrainingArguments say."""

_TOLD = {"lr", "horizon", "epochs"}


@stack(
    "DeepSpeed 0.19",
    keys=(f"scheduler.type={'|'.join(_NAMES)}",),
    over=("transformers", "llamafactory"),
)
def deepspeed(settings: Settings) -> str:
    """Return the call of the scheduler, with "auto" as TrainingArguments fill it in."""
    name = settings.choice("scheduler.type", choices=_NAMES)
    given = settings.mapping("scheduler.params")
    settings.apart(given, "scheduler.params", "lr", "optimizer")
    has_arguments = any(key in settings for key in _FILLING)
    if "auto" in given.values() and not (has_arguments or settings.known.keys() & _TOLD):
        settings.fail(
            'TrainingArguments fill in "auto"; name their file too, as in '
            f"@args.json+{settings.title}"
        )
    if has_arguments:
        _check_the_same(settings)
    given = {key: _filled(settings, key, value) for key, value in given.items()}
    lr = settings.number("optimizer.params.lr", "learning_rate", default=None, option="lr")
    if lr is None and has_arguments:
        lr = 5e-5  # the Trainer's
    elif lr is None and "optimizer.type" in settings:
        lr = 1e-3  # what PyTorch's optimizers have
    total = given.get("total_num_steps")
    if isinstance(total, int):
        settings.steps = total
    return call(f"deepspeed.runtime.lr_schedules.{name}", OPTIMIZER, **given, lr=lr)


def _check_the_same(settings: Settings) -> None:
    """Refuse what the Trainer's arguments contradict, and say which of those do not count."""
    rate = settings.number("learning_rate", default=5e-5)
    check_the_same(settings, "optimizer.params.lr", "learning_rate", rate)
    check_the_same(settings, "scheduler.params.warmup_max_lr", "learning_rate", rate)
    warm, most = settings.number("warmup_steps", default=0), settings.number("max_steps", default=0)
    if warm >= 1:
        check_the_same(settings, "scheduler.params.warmup_num_steps", "warmup_steps", int(warm))
    if most > 0:
        check_the_same(settings, "scheduler.params.total_num_steps", "max_steps", int(most))
    if settings.get("lr_scheduler_type"):
        settings.notes.append("lr_scheduler_type does not count beside DeepSpeed's scheduler")
    settings.take("lr_scheduler_kwargs")


def _filled(settings: Settings, key: str, value: Any) -> Any:
    """Return what the Trainer fills in for "auto" in a parameter of the scheduler."""
    if value != "auto":
        return value
    match key:
        case "warmup_min_lr":
            return 0
        case "warmup_max_lr":
            return settings.number("learning_rate", default=5e-5, option="lr")
        case "total_num_steps":
            return length(settings)
        case "warmup_num_steps":
            ratio = settings.number("warmup_steps", default=0)
            whole = ratio >= 1 or not (ratio or "warmup_ratio" in settings)
            return max(1, int(ratio) if whole else warmup(settings, length(settings)))
    return settings.refuse(f"scheduler.params.{key}", 'is "auto", which nothing fills in')
