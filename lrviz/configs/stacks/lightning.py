"""The Lightning CLI: a tree whose `class_path` names a class; schedules are stepped by epochs."""

import math

from .. import stack
from ..settings import Settings
from ..sums import batches, counted
from ..targets import only_schedule, rate_of, written_call


@stack("Lightning CLI", keys=("**.class_path=*[sS]ched*|*optim*|*LR",))
def lightning(settings: Settings) -> str:
    """Return the call of the one schedule in the tree, stepped once an epoch."""
    epochs = settings.whole("trainer.max_epochs", default=None, option="epochs")
    most = settings.whole("trainer.max_steps", default=-1, option="horizon")
    _, found = only_schedule(settings)
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if per_epoch is None:
        per_epoch = _counted(settings)
    settings.per_epoch = per_epoch
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    settings.steps = most if most > 0 else epochs * per_epoch if epochs and epochs > 0 else None
    settings.notes.append("the Lightning CLI steps its schedule once an epoch")
    return f"stepped:every={per_epoch}/{written_call(found, lr=rate_of(settings))}"


def _counted(settings: Settings) -> int:
    """Return how many updates an epoch has; the last may have fewer batches than others."""
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        settings.need_length("an epoch, which is a step of the schedule,", of_epoch=True)
    size = settings.whole("data.init_args.batch_size", "data.batch_size", option="batch")
    group = settings.whole("trainer.accumulate_grad_batches", default=1, option="accumulate")
    found = batches(examples, _devices(settings), size, settings.flag(option="drop_last"))
    limit = settings.get("trainer.limit_train_batches")
    most = settings.number("trainer.limit_train_batches", default=1.0)
    # A whole number counts batches, and 1.0 is all of them.
    is_count = isinstance(limit, int) or str(limit).isdecimal()
    found = min(found, int(most)) if is_count else int(found * most)
    settings.sums.append(f"{examples} examples make {counted(found, 'batch')}, {group} a step")
    return math.ceil(found / group)


def _devices(settings: Settings) -> int:
    """Return how many processes a run has; a list names its devices."""
    if "devices" in settings.known:
        return settings.whole(option="devices")
    given = settings.get("trainer.devices")
    if given in (-1, "-1"):
        given = "auto"
    if given in (None, "auto"):
        if given:
            settings.notes.append("trainer.devices is not a number; 1 is counted with")
        return settings.whole("trainer.num_nodes", default=1)
    here = len(given) if isinstance(given, list) else settings.whole("trainer.devices")
    return here * settings.whole("trainer.num_nodes", default=1)
