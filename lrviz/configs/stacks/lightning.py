"""The Lightning CLI: a tree whose `class_path` names a class; schedules are stepped by epochs."""

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
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            settings.need_length("an epoch, which is a step of the schedule,", of_epoch=True)
        size = settings.whole("data.init_args.batch_size", "data.batch_size", option="batch")
        per_epoch = -(
            -batches(examples, settings.whole(default=1, option="devices"), size) // group
        )
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    settings.steps = most if most > 0 else epochs * per_epoch if epochs and epochs > 0 else None
    settings.notes.append("the Lightning CLI steps its schedule once an epoch")
    return f"stepped:every={per_epoch}/{written_call(found, lr=rate_of(settings))}"
