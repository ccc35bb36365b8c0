"""What WeNet has taken over from ESPnet: optim_conf, scheduler_conf, and its scheduler warmuplr."""

from collections.abc import Mapping

from ..errors import did_you_mean, listing, quoted
from .calls import formula
from .settings import Settings


def peak_rate(settings: Settings) -> float:
    """Return the rate of the optimizer."""
    lr = _of_the_rest(settings, "optim_conf.lr", "lr")
    if lr is None and settings.get("optim") in ("adam", "adamw"):
        return 1e-3  # PyTorch's
    return settings.lack("optim_conf.lr", "lr") if lr is None else lr


def warmuplr(settings: Settings, lr: float) -> str:
    """Return the spec of a rise to `lr` and a fall with one over the root of the step.

    A step of the curve is ahead of an update by one.
    """
    path = "scheduler_conf.warmup_steps"
    warm = _of_the_rest(settings, path)
    warm = 25_000 if warm is None else warm
    if warm < 0 or warm != int(warm):
        settings.refuse(path, f"is a whole number, not {warm:g}")
    if warm == 0:
        return formula("(t + 1) ** -0.5", lr)
    return f"noam:lr={lr * warm**0.5!r},d_model=1,warmup={int(warm)},shift=-1"


def _of_the_rest(settings: Settings, path: str, option: str = "") -> float | None:
    """Return a number; of a list, one for each of some modules, that of the rest of the model."""
    if not isinstance(settings.get(path), list) or option in settings.known:
        return settings.number(path, default=None, option=option)
    settings.notes.append(f"{path} has those of several modules; that of all others is shown")
    return settings.numbers(path)[-1]


def check_conf(settings: Settings, name: str, known: tuple[str, ...]) -> None:
    """Refuse what scheduler_conf says and the scheduler of that name does not take."""
    given = settings.get("scheduler_conf")
    for key in given if isinstance(given, Mapping) else ():
        if key not in (*known, "last_epoch"):
            near = did_you_mean(key, known) or f"; it takes {listing(known)}"
            settings.refuse(
                "scheduler_conf", f"has {quoted(key)}, which {name} does not take{near}"
            )
