"""torchtune: a tree whose `_component_` names what is called, and the sums of its recipes."""

import math

from ...errors import quoted
from .. import stack
from ..documents import ENDINGS
from ..settings import Settings
from ..sums import counted
from ..targets import only_schedule, schedules, written_call

_COSINE = "get_cosine_schedule_with_warmup"


@stack("torchtune 0.6", keys=("**._component_",), programs=("tune run", "tune run *"))
def torchtune(settings: Settings) -> str:
    """Return the call of the schedule, with the number of updates of the run."""
    settings.reads_exponents = True  # by OmegaConf
    name = settings.get("config")
    if isinstance(name, str) and not name.endswith(ENDINGS):
        settings.refuse(
            "config", f"{quoted(name)} is one of torchtune's own; write it to a file with tune cp"
        )
    if settings.notes and "lr_scheduler" not in settings:
        settings.lack("lr_scheduler", why="a file that it builds on is not read")
    if settings.flag("dataset.packed"):
        settings.notes.append("dataset.packed: examples are those that it packs others into")
    lr = settings.number("optimizer.lr", option="lr")
    total = settings.steps = _length(settings)
    if not [*schedules(settings.tree)]:
        return f"const:lr={lr!r}"
    path, found = only_schedule(settings)
    if str(found.get("_component_")).endswith(_COSINE):
        warm = settings.whole(f"{path}.num_warmup_steps", default=0)
        if warm >= total:
            return f"warmup:steps={warm}/const:lr={lr!r}"
        return written_call(found, num_training_steps=total, lr=lr)
    return written_call(found, lr=lr)


def _length(settings: Settings) -> int:
    """Return how many updates a run has; batches that are not full are left out."""
    epochs = settings.whole("epochs", default=1, option="epochs")
    size = settings.whole("batch_size", default=1, option="batch")
    group = settings.whole("gradient_accumulation_steps", default=1, option="accumulate")
    most = settings.whole("max_steps_per_epoch", default=None)
    devices = settings.whole(default=1, option="devices")
    said = settings.whole(default=None, option="horizon")
    if said is not None:
        return said
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if per_epoch is None:
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            if most is None:
                settings.need_length(counted(epochs, "epoch"))
            settings.notes.append(f"an epoch is taken to have at least {most} steps")
            per_epoch = most
        else:
            found = math.ceil(examples / devices) // size
            per_epoch = found // group
            settings.sums.append(
                f"{examples} examples make {counted(found, 'full batch')}, {group} a step"
            )
    if most is not None and most < per_epoch:
        settings.sums.append(f"max_steps_per_epoch {most}")
        per_epoch = most
    settings.per_epoch = per_epoch
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch, {epochs * per_epoch} in all")
    return epochs * per_epoch
