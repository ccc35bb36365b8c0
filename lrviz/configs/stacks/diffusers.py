"""diffusers: the scripts of its examples, which count on several processes in different ways."""

import math
from fnmatch import fnmatchcase
from typing import NamedTuple

from .. import stack
from ..accelerate import processes, stepped
from ..calls import OPTIMIZER, call
from ..settings import Settings
from ..sums import batches, counted

_NAMES = (
    *("linear", "cosine", "cosine_with_restarts", "polynomial", "constant"),
    "constant_with_warmup",
)

_CYCLES = ("lr_num_cycles", "lr_power")


class _Script(NamedTuple):
    """The defaults of a script, the options that it `lacks`, and how it counts.

    It multiplies warmup and length by the `processes`, which cancels out as each of them steps the
    schedule, or by the `batches` of an update, or by nothing. One that is not `sharded` counts
    epochs with the batches of all processes, and one that is not `grouped` does not divide them
    into updates first.
    """

    names: tuple[str, ...]
    lr: float | None = None
    batch: int | None = None
    epochs: int | None = None
    most: int | None = None
    scheduler: str = "constant"
    times: str = "processes"
    sharded: bool = True
    grouped: bool = True
    lacks: tuple[str, ...] = ()


_SCRIPTS = (
    _Script(
        ("train_unconditional.py",),
        *(1e-4, 16, 100),
        scheduler="cosine",
        times="batches",
        sharded=False,
        grouped=False,
        lacks=("scale_lr", "max_train_steps", "num_train_epochs", *_CYCLES),
    ),
    _Script(
        (
            *("train_text_to_image_sdxl.py", "train_text_to_image_lora_sdxl.py"),
            "train_instruct_pix2pix_sdxl.py",
        ),
        *(1e-4, 16, 100),
        times="batches",
        sharded=False,
        lacks=_CYCLES,
    ),
    _Script(
        ("train_text_to_image_prior.py", "train_text_to_image_lora_[dp]*.py"),
        times="batches",
        sharded=False,
        lacks=_CYCLES,
    ),
    _Script(("train_text_to_image_decoder.py",), lacks=_CYCLES),
    _Script(
        ("train_text_to_image*.py", "train_instruct_pix2pix.py", "train_lcm_distill*.py"),
        *(1e-4, 16, 100),
        lacks=_CYCLES,
    ),
    _Script(
        ("textual_inversion*.py",), 1e-4, 16, 100, most=5000, sharded=False, lacks=("lr_power",)
    ),
    _Script(("train_controlnet*.py",), 5e-6, 4, 1),
    _Script(("train_t2i_adapter*.py",), 5e-6, 4, 1, times="", sharded=False),
    _Script(("train_dreambooth.py",), 5e-6, 4, 1),
    _Script(("train_dreambooth_lora.py",), 5e-4, 4, 1),
    _Script(("train_dreambooth*.py",), 1e-4, 4, 1),
)

_OTHER = _Script(("*",))


@stack(
    "diffusers 0.40",
    keys=(
        *("lr_scheduler lr_warmup_steps", "lr_scheduler train_batch_size", "lr_num_cycles"),
        *("scale_lr learning_rate", "max_train_steps pretrained_model_name_or_path"),
    ),
    programs=tuple(name for script in _SCRIPTS for name in script.names),
    over=("transformers",),
)
def diffusers(settings: Settings) -> str:
    """Return the call of get_scheduler, with steps as that script multiplies them."""
    file = settings.program[0].rpartition("/")[2] if settings.program else ""
    script = next(
        (one for one in _SCRIPTS if any(fnmatchcase(file, name) for name in one.names)), _OTHER
    )
    for option in script.lacks:
        if option in settings:
            settings.refuse(option, f"is no option of {settings.title}; take it out")
    name = settings.choice("lr_scheduler", choices=_NAMES, default=script.scheduler)
    warm = settings.whole("lr_warmup_steps", default=500)
    cycles = settings.whole("lr_num_cycles", default=1)
    power = settings.number("lr_power", default=1.0)
    own = {"cosine_with_restarts": {"num_cycles": cycles}, "polynomial": {"power": power}}
    group = settings.whole("gradient_accumulation_steps", default=1, option="accumulate")
    ticks = _length(settings, script, group)
    if name == "constant" and "lr_warmup_steps" in settings and warm:
        settings.notes.append("constant has no warmup, whatever lr_warmup_steps says")
    made = call(
        "transformers.get_scheduler",
        name,
        OPTIMIZER,
        num_warmup_steps=warm * group if script.times == "batches" else warm,
        num_training_steps=ticks,
        scheduler_specific_kwargs=own.get(name),
        lr=_rate(settings, script, group),
    )
    return made if script.times == "processes" else stepped(made, processes(settings))


def _length(settings: Settings, script: _Script, group: int) -> int:
    """Return over how many of its own steps a schedule is spread; the run's updates are noted."""
    most = settings.whole("max_train_steps", default=script.most)
    epochs = settings.whole(
        "num_train_epochs", "num_epochs", default=script.epochs, option="epochs"
    )
    said = settings.whole(default=most, option="horizon")
    by_processes = script.times == "processes"
    is_counted = said is None and "steps_per_epoch" not in settings.known
    devices = processes(settings, matters=is_counted or not by_processes)
    if script is _OTHER and (devices > 1 or group > 1):
        settings.notes.append(
            "how this script counts on several processes or with several batches a step is not "
            "known; it is read as train_text_to_image.py is"
        )
    if said is not None:
        settings.steps = said
        settings.sums.append(counted(said, "step"))
        return said * group if script.times == "batches" else said
    if epochs is None:
        settings.lack("max_train_steps", "horizon")
    per_epoch, whole = _epoch(settings, script, devices, group, epochs)
    settings.steps = epochs * per_epoch
    settings.sums.append(f"{counted(per_epoch, 'step')} an epoch, {settings.steps} in all")
    if not script.sharded and devices > 1:
        settings.notes.append(
            "this script counts the epochs of the schedule with the batches of all processes"
        )
    return epochs * (per_epoch if script.sharded else whole)


def _epoch(
    settings: Settings, script: _Script, devices: int, group: int, epochs: int
) -> tuple[int, int]:
    """Return how many updates an epoch has, and the schedule's steps in the batches of all."""
    said = settings.whole(default=None, option="steps_per_epoch")
    times = group if script.times == "batches" else 1
    if said is not None:
        if not script.sharded and (devices > 1 or (not script.grouped and group > 1)):
            settings.lack("", "dataset", "this script counts the batches of all processes")
        return said, said * times
    examples = settings.whole("max_train_samples", default=None, option="dataset")
    if examples is None:
        settings.need_length(counted(epochs, "epoch"))
    size = settings.whole("train_batch_size", default=script.batch, option="batch")
    if size is None:
        settings.lack("train_batch_size", "batch")
    found, of_all = batches(examples, devices, size), batches(examples, 1, size)
    on = f" on each of {devices} processes" if devices > 1 else ""
    grouped = f", {group} a step" if group > 1 else ""
    settings.sums.append(
        f"{examples} examples make {counted(found, 'batch')} of {size}{on}{grouped}"
    )
    whole = math.ceil(of_all / group) * times if script.grouped else of_all
    return math.ceil(found / group), whole


def _rate(settings: Settings, script: _Script, group: int) -> float:
    """Return the rate, which scale_lr multiplies by the examples of an update."""
    lr = settings.number("learning_rate", default=script.lr, option="lr")
    if lr is None:
        settings.lack("learning_rate", "lr")
    if str(settings.get("optimizer")).lower() == "prodigy":
        settings.notes.append("the rate is a factor of what Prodigy estimates")
    if "text_encoder_lr" in settings:
        settings.take("text_encoder_lr")
        settings.notes.append("text_encoder_lr is the rate of another group, of the same shape")
    if not settings.flag("scale_lr"):
        return lr
    size = settings.whole("train_batch_size", default=script.batch, option="batch")
    if size is None:
        settings.lack("train_batch_size", "batch")
    devices = processes(settings)
    settings.sums.append(f"lr {lr:g} * {group} * {size} * {devices}, as scale_lr says")
    return lr * group * size * devices
