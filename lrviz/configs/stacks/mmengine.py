"""MMEngine: the schedulers of a Runner, which count batches, or epochs by batches."""

from collections.abc import Mapping
from typing import Any

from ...errors import did_you_mean, listing, quoted
from ...frameworks import calls_named
from .. import stack
from ..calls import OPTIMIZER, Word, call
from ..openmmlab import epoch, note_batches, scaled
from ..settings import Settings, as_number
from ..sums import counted

_MODULE = "mmengine.optim"
_SIZE = "train_dataloader.batch_size"
_NOT_GIVEN = ("type", "_scope_", "_delete_", "epoch_length", "param_name")


@stack(
    "MMEngine 0.10",
    keys=("param_scheduler", "optim_wrapper train_cfg"),
    in_python=True,
)
def mmengine(settings: Settings) -> str:
    """Return the call of all schedulers of a list, within the length of the run."""
    epochs = settings.whole("train_cfg.max_epochs", default=None, option="epochs")
    iters = settings.whole("train_cfg.max_iters", default=None)
    said = settings.whole(default=None, option="horizon")
    every = epoch(settings, "train_dataloader", _SIZE, "train_dataloader.dataset.times")
    if iters is not None:
        iters, epochs = said or iters, 1  # which ends with the run
    elif epochs is not None:
        if every is None and said is not None and said % epochs == 0:
            every = said // epochs
        iters = None if every is None else epochs * every
    settings.steps = said or iters
    if every is not None and epochs is not None:
        settings.sums.append(f"{counted(every, 'batch')} an epoch")
    if iters is not None:
        settings.sums.append(f"{iters} in all")
    note_batches(settings, "optim_wrapper.accumulative_counts")
    run_of_epochs = "train_cfg.max_iters" not in settings
    made = _made(settings, epochs, iters, every)
    lr = scaled(settings, _rate(settings), _SIZE)
    if not made:
        return f"const:lr={lr!r}"
    by_epoch = [given for _, given in made if given.get("by_epoch", True)]
    in_epochs = [one for one in by_epoch if not one.get("convert_to_iter_based")]
    clock = (every if run_of_epochs else iters) if in_epochs else None
    if in_epochs and clock is None:
        if epochs is not None or len(in_epochs) < len(made):
            settings.need_length("an epoch", of_epoch=True)
        settings.notes.append("a step is an epoch, as its length is not given")
    if len(made) == 1:
        ((name, given),) = made
        return call(f"{_MODULE}.{name}", OPTIMIZER, **given, steps_per_epoch=clock, lr=lr)
    calls = [Word(call(name, OPTIMIZER, **given)) for name, given in made]
    list_call = f"{_MODULE}.param_scheduler_list"
    return call(list_call, OPTIMIZER, calls, steps_per_epoch=clock, lr=lr)


def _made(
    settings: Settings, epochs: int | None, iters: int | None, every: int | None
) -> list[tuple[str, dict[str, Any]]]:
    """Return the names of the schedulers of the rate with their arguments, ends filled in."""
    hook = settings.text("default_hooks.param_scheduler.type", default="ParamSchedulerHook")
    if hook.rpartition(".")[2] != "ParamSchedulerHook":
        settings.refuse(
            "default_hooks.param_scheduler",
            f"is {quoted(hook)}, which is not MMEngine's own; write the call that makes the "
            "schedule",
        )
    value = settings.get("param_scheduler")
    members = value if isinstance(value, list) else [] if value is None else [value]
    found = []
    for member in members:
        if not isinstance(member, Mapping) or not isinstance(member.get("type"), str):
            settings.refuse(
                "param_scheduler", "holds schedulers of one optimizer, each by its type"
            )
        name = _name(settings, member)
        if not name:
            continue
        given = {key: as_number(one) for key, one in member.items() if key not in _NOT_GIVEN}
        by_epoch = given.get("by_epoch", True)
        if "end" not in given and epochs is not None:
            given["end"] = epochs if by_epoch else iters
            if given["end"] is None:
                settings.need_length(f"{counted(epochs, 'epoch')}")
        if given.get("convert_to_iter_based"):
            given["epoch_length"] = member.get("epoch_length", every)
            if given["epoch_length"] is None:
                settings.need_length("an epoch", of_epoch=True)
        found.append((name, given))
    return found


def _name(settings: Settings, member: Mapping[str, Any]) -> str:
    """Return the name of a scheduler; "" if it is not one of the rate."""
    written = str(member["type"])
    name = written.rpartition(".")[2]
    if name.endswith("ParamScheduler"):
        if member.get("param_name") != "lr":
            return ""
        name = f"{name.removesuffix('ParamScheduler')}LR"
    if name.endswith("Momentum"):
        return ""
    known = [one for one in calls_named(f"{_MODULE}.StepLR")[0].framework.calls if one[0].isupper()]
    is_own = written.rpartition(".")[0] in ("", "mmengine") or written.startswith(_MODULE)
    if name not in known or not is_own:
        near = did_you_mean(name, known) or f"; those are {listing(known)}"
        settings.refuse(
            "param_scheduler", f"has {quoted(written)}, which is no scheduler of MMEngine's{near}"
        )
    return name


def _rate(settings: Settings) -> float:
    """Return the rate of the optimizer."""
    wrapper = settings.get("optim_wrapper")
    if isinstance(wrapper, Mapping) and "optimizer" not in wrapper and not settings.known.get("lr"):
        several = [
            name
            for name, one in wrapper.items()
            if isinstance(one, Mapping) and isinstance(one.get("optimizer"), Mapping)
        ]
        if several:
            settings.fail(
                f"optim_wrapper has the optimizers {listing(several)}; give the rate of one as "
                "optim_wrapper.optimizer.lr"
            )
    if "optim_wrapper.paramwise_cfg" in settings:
        settings.notes.append(
            "optim_wrapper.paramwise_cfg may give some parameters other rates, which are not shown"
        )
    return settings.number("optim_wrapper.optimizer.lr", "optimizer.lr", option="lr")
