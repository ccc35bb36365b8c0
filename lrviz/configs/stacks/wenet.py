"""WeNet: the scheduler of its train.yaml, warmuplr or NeMo's NoamHoldAnnealing."""

from .. import stack
from ..annealing import annealed
from ..settings import Settings
from ..speech import check_conf, peak_rate, warmuplr

_TAKES = {
    "warmuplr": ("warmup_steps",),
    "NoamHoldAnnealing": (
        *("max_steps", "warmup_steps", "warmup_ratio", "hold_steps", "hold_ratio"),
        *("decay_rate", "min_lr"),
    ),
}


@stack(
    "WeNet",
    keys=(f"scheduler={'|'.join(_TAKES)} scheduler_conf",),
    programs=("*wenet/bin/train*.py",),
)
def wenet(settings: Settings) -> str:
    """Return the spec of warmuplr, or the formula of NoamHoldAnnealing."""
    if "override_config" in settings:
        settings.refuse("override_config", "is not read; write what it says into the file")
    name = settings.choice("scheduler", choices=[*_TAKES])
    check_conf(settings, name, _TAKES[name])
    lr = peak_rate(settings)
    settings.steps = settings.whole(default=None, option="horizon")
    settings.notes.append(
        "WeNet's train.py sets the scheduler back by one before it begins, so that the first rate "
        "may last two updates"
    )
    if name == "warmuplr":
        return warmuplr(settings, lr)
    total = settings.whole("scheduler_conf.max_steps")
    settings.steps = settings.steps or total
    return annealed(settings, "scheduler_conf", name, lr, total)
