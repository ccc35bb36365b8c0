"""TorchTitan: the TOML of its versions up to 0.2."""

from .. import stack
from ..calls import OPTIMIZER, call
from ..settings import Settings


@stack(
    "TorchTitan 0.2",
    keys=("training.steps optimizer.lr", "lr_scheduler training.steps", "job.config_file"),
)
def torchtitan(settings: Settings) -> str:
    """Return the call of its container of schedules."""
    for older in ("lr_scheduler.lr_min", "training.warmup_steps"):
        if older in settings:
            settings.refuse(
                older,
                "is of versions before 0.2, whose rates are others; write the call that makes them",
            )
    steps = settings.whole("training.steps", default=10_000, option="horizon")
    settings.steps = steps
    return call(
        "torchtitan.components.lr_scheduler.LRSchedulersContainer",
        OPTIMIZER,
        warmup_steps=settings.whole("lr_scheduler.warmup_steps", default=200),
        total_steps=settings.whole("lr_scheduler.total_steps", default=None),
        decay_ratio=settings.number("lr_scheduler.decay_ratio", default=None),
        decay_type=settings.text("lr_scheduler.decay_type", default="linear"),
        min_lr_factor=settings.number("lr_scheduler.min_lr_factor", default=0.0),
        training_steps=steps,
        lr=settings.number("optimizer.lr", default=8e-4, option="lr"),
    )
