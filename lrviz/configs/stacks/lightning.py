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
    group = settings.whole("trainer.accumulate_grad_batches", default=1, option="accumulate")
    _, found = only_schedule(settings)
    per_epoch = settings.whole(default=None, option="steps_per_epoch")
    if per_epoch is None:
        per_epoch = math.ceil(_batches(settings) / group)
    settings.per_epoch = per_epoch
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    settings.steps = most if most > 0 else epochs * per_epoch if epochs and epochs > 0 else None
    settings.notes.append("the Lightning CLI steps its schedule once an epoch")
    return f"stepped:every={per_epoch}/{written_call(found, lr=rate_of(settings))}"


def _batches(settings: Settings) -> int:
    """Return the batches of an epoch on each device."""
    if settings.get("trainer.overfit_batches"):
        settings.refuse("trainer.overfit_batches", "changes the examples, which is not followed")
    examples = settings.whole(default=None, option="dataset")
    if examples is None:
        settings.need_length("an epoch, which is a step of the schedule,", of_epoch=True)
    size = settings.whole("data.init_args.batch_size", "data.batch_size", option="batch")
    devices = settings.whole(default=_devices(settings), option="devices")
    found = batches(examples, devices, size, settings.flag(option="drop_last"))
    settings.sums.append(f"{examples} examples make {counted(found, 'batch')} of {size}")
    limit = settings.get("trainer.limit_train_batches")
    if limit is not None:
        most = settings.number("trainer.limit_train_batches")
        is_count = isinstance(limit, int) or str(limit).isdecimal()
        found = min(int(most), found) if is_count else int(found * most)
        settings.sums.append(f"limit_train_batches leaves {counted(found, 'batch')}")
    if found < 1:
        settings.uncountable()
    return found


def _devices(settings: Settings) -> int:
    """Return how many devices the trainer names on all nodes; one if it takes what there is."""
    given = settings.get("trainer.devices")
    nodes = settings.whole("trainer.num_nodes", default=1)
    many = given if isinstance(given, list) else str(given or "auto").strip(",").split(",")
    if len(many) > 1 or isinstance(given, list):
        return len(many) * nodes
    if many[0] == "auto":
        return nodes
    found = settings.whole("trainer.devices")
    if found < 1:
        settings.lack("", "devices", f"trainer.devices {found} is as many as there are")
    return found * nodes
