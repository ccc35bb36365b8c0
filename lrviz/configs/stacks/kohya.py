"""kohya's sd-scripts: their options, the TOML of config_file, and the JSON of the GUI."""

import ast
import math
import re
from collections.abc import Mapping
from typing import Any

from ...errors import listing, quoted
from .. import stack
from ..accelerate import processes, stepped
from ..calls import OPTIMIZER, call
from ..settings import Settings, as_number
from ..sums import counted

_NAMES = (
    *("linear", "cosine", "cosine_with_restarts", "polynomial", "constant"),
    *("constant_with_warmup", "inverse_sqrt", "cosine_with_min_lr", "warmup_stable_decay"),
    "piecewise_constant",
)

_OF_LR = re.compile(r"^(?:\w+_)?lr(?:_\w+)?=")
_RULES = re.compile(r"(?:[\d.eE+-]+:\d+,)*[\d.eE+-]+")

_GROUPS = (
    *("unet_lr", "text_encoder_lr", "learning_rate_te", "learning_rate_te1", "learning_rate_te2"),
    *("block_lr", "down_lr_weight", "mid_lr_weight", "up_lr_weight", "self_attn_lr", "mlp_lr"),
    *("cross_attn_lr", "mod_lr", "llm_adapter_lr"),
)
"""Options that give groups of parameters rates of their own."""


_ITS_OWN = (
    *("save_model_as", "save_precision", "save_every_n_epochs", "network_dim", "dataset_config"),
    *("max_data_loader_n_workers", "optimizer_type", "lr_scheduler_args", "max_train_epochs"),
)
"""What no other trainer with an option lr_scheduler has."""


@stack(
    "kohya",
    keys=(
        *("**.network_module", "**.lr_scheduler_num_cycles", "**.lr_scheduler_min_lr_ratio"),
        *(f"**.{one} **.lr_scheduler" for one in _ITS_OWN),
        *("lr_warmup lr_scheduler", "LoRA_type"),
    ),
    programs=(
        *("*train_network.py", "train_db.py", "fine_tune.py", "*train_control_net*.py"),
        *("sdxl_train*.py", "flux_train*.py", "sd3_train*.py", "lumina_train*.py"),
        *("anima_train*.py", "train_textual_inversion.py", "train_leco.py"),
    ),
    over=("transformers", "diffusers"),
)
def kohya(settings: Settings) -> str:
    """Return the call of get_scheduler, or of lr_scheduler_type, as accelerate steps it."""
    named = settings.get("config_file")
    if isinstance(named, str) and not named.endswith(".toml"):
        settings.refuse("config_file", f"is opened by its whole name; write {named}.toml")
    settings.tree = _flat(settings.tree)
    if settings.tree.keys() & {"lr_warmup", "LoRA_type"}:
        settings.tree = _of_gui(settings)
    lr = _rate(settings)
    kind = settings.text("optimizer_type", default="AdamW")
    if kind.lower().endswith("schedulefree"):
        settings.take(*(key for key in settings.tree if key.startswith("lr_")))
        settings.notes.append(f"{kind} keeps the rate, whatever lr_scheduler says")
        _length(settings, processes(settings, matters=False))
        return f"const:lr={lr!r}"
    _check_adafactor(settings, kind)
    if kind.lower().startswith(("prodigy", "dadapt")):
        settings.notes.append(f"the rate is a factor of what {kind} estimates")
    own = _arguments(settings, "lr_scheduler_args")
    path = settings.text("lr_scheduler_type", default="")
    name = settings.choice("lr_scheduler", choices=_NAMES, default="constant")
    devices = processes(settings, matters=bool(path) or name != "constant")
    ticks = _length(settings, devices) * devices
    warm = _part(settings, "lr_warmup_steps", ticks, devices)
    if warm and (path or name == "constant"):
        cure = "take it out" if path else "take it out, or write constant_with_warmup"
        settings.refuse(
            "lr_warmup_steps", f"is refused with {path or name}, which has no warmup; {cure}"
        )
    if path:
        path = path if "." in path else f"torch.optim.lr_scheduler.{path}"
        return stepped(call(path, OPTIMIZER, **own, lr=lr), devices)
    if name == "piecewise_constant":
        if warm:
            settings.notes.append(f"{name} has no warmup, whatever lr_warmup_steps says")
        return stepped(_piecewise(settings, own, lr), devices)
    made = call(
        "transformers.get_scheduler",
        name,
        OPTIMIZER,
        num_warmup_steps=warm,
        num_training_steps=ticks,
        scheduler_specific_kwargs=_specific(settings, name, own, ticks, devices, warm) or None,
        lr=lr,
    )
    return stepped(made, devices)


def _length(settings: Settings, devices: int) -> int:
    """Return how many updates a run has; epochs are counted in batches of all processes."""
    epochs = settings.whole("max_train_epochs", default=None, option="epochs")
    most = settings.whole("max_train_steps", default=1600)
    size = settings.whole("train_batch_size", default=1, option="batch")
    group = settings.whole("gradient_accumulation_steps", default=1, option="accumulate")
    total = settings.whole(default=most if epochs is None else None, option="horizon")
    if total is None:
        assert epochs is not None
        per_epoch = settings.whole(default=None, option="steps_per_epoch")
        if per_epoch is None:
            examples = settings.whole(default=None, option="dataset")
            if examples is None:
                settings.need_length(counted(epochs, "epoch"))
            found = math.ceil(examples / size)
            per_epoch = math.ceil(found / devices / group)
            grouped = f", {devices * group} a step" if devices * group > 1 else ""
            settings.sums.append(
                f"{examples} images make {counted(found, 'batch')} of {size}{grouped}"
            )
            settings.notes.append(
                "images are taken to be of one size, and as often as num_repeats says; each size "
                "of its own rounds its batches up"
            )
        total = epochs * per_epoch
        settings.sums.append(f"{counted(per_epoch, 'step')} an epoch")
    settings.steps = total
    settings.sums.append(f"{counted(total, 'step')} in all")
    return total


def _part(settings: Settings, path: str, ticks: int, devices: int) -> int:
    """Return steps of the schedule: whole ones as they are, or a ratio of all, rounded down."""
    value = settings.get(path)
    if isinstance(value, str) and value.endswith("%"):
        ratio = as_number(value[:-1])
        if not isinstance(ratio, int | float):
            settings.refuse(path, f"is a number, a ratio or a percentage, not {value}")
        ratio /= 100
    else:
        ratio = settings.number(path, default=0)
    if ratio >= 1:
        if isinstance(value, float):  # in TOML, of which kohya makes a multiple of the run
            settings.refuse(path, f"is a ratio of the run, as it has a point; write {value:g}")
        whole = settings.whole(path)
        if devices > 1:
            settings.notes.append(
                f"{path} {whole} is {counted(whole / devices, 'update')}, as each of {devices} "
                "processes steps the schedule"
            )
        return whole
    found = int(ratio * ticks)
    if ratio:
        settings.sums.append(f"{path} int({ratio:g} * {ticks}) = {found}")
    return found


def _specific(
    settings: Settings, name: str, own: Mapping[str, Any], ticks: int, devices: int, warm: int
) -> dict[str, Any]:
    """Return what a schedule is given by options of its own, and by lr_scheduler_args."""
    cycles = settings.whole("lr_scheduler_num_cycles", default=1)
    power = settings.number("lr_scheduler_power", default=1.0)
    timescale = settings.whole("lr_scheduler_timescale", default=None)
    least = settings.number("lr_scheduler_min_lr_ratio", default=None)
    decay = _part(settings, "lr_decay_steps", ticks, devices)
    given: dict[str, Any] = {}
    match name:
        case "cosine_with_restarts":
            given = {"num_cycles": cycles}
        case "polynomial":
            given = {"power": power}
        case "inverse_sqrt":
            given = {"timescale": timescale}
        case "cosine_with_min_lr":
            if least is None and not own.keys() & {"min_lr", "min_lr_rate"}:
                settings.lack("lr_scheduler_min_lr_ratio")
            given = {"num_cycles": cycles / 2, "min_lr_rate": least}
        case "warmup_stable_decay":
            given = {
                "num_stable_steps": ticks - warm - decay,
                "num_decay_steps": decay,
                "num_cycles": cycles / 2,
                "min_lr_ratio": least or 0.0,
            }
        case "constant" | "constant_with_warmup" if own:
            settings.refuse("lr_scheduler_args", f"has {listing(own)}, which {name} does not take")
    for key in own:
        if key in given:
            settings.refuse("lr_scheduler_args", f"has {key}, for which there is an option")
    return {key: value for key, value in given.items() if value is not None} | dict(own)


def _piecewise(settings: Settings, own: Mapping[str, Any], lr: float) -> str:
    """Return the spec of the rules `FACTOR:UNTIL,...,FACTOR` in lr_scheduler_args."""
    rules = own.get("step_rules")
    if not isinstance(rules, str) or not _RULES.fullmatch(rules):
        settings.refuse(
            "lr_scheduler_args", "must hold step_rules such as step_rules='1:100,0.1:200,0.01'"
        )
    *first, last = rules.split(",")
    until = sorted((int(step), float(factor)) for factor, step in (one.split(":") for one in first))
    starts = [0, *(step for step, _ in until)]
    factors = [*(factor for _, factor in until), float(last)]
    return "piecewise:" + ",".join(f"{t}={lr * f!r}" for t, f in zip(starts, factors, strict=True))


def _arguments(settings: Settings, path: str) -> dict[str, Any]:
    """Return the arguments that an option has as words K=V, whose values are Python's."""
    value = settings.get(path)
    found: dict[str, Any] = {}
    for word in value if isinstance(value, list) else str(value or "").split():
        key, _, text = str(word).partition("=")
        try:
            found[key] = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            settings.refuse(path, f"has {quoted(str(word))}, which is not NAME=VALUE of Python")
    return found


def _check_adafactor(settings: Settings, kind: str) -> None:
    """Refuse the rates that Adafactor makes itself."""
    given = _arguments(settings, "optimizer_args")
    relative = given.get("relative_step", True) or given.get("warmup_init", False)
    if kind.lower() == "adafactor" and relative:
        settings.refuse(
            "optimizer_type",
            "is Adafactor, which makes its own rates unless optimizer_args has relative_step=False",
        )


def _rate(settings: Settings) -> float:
    """Return the rate of most parameters, and note the groups that have others."""
    groups = [one for one in _GROUPS if settings.get(one) not in (None, 0)]
    path = "learning_rate"
    if path not in settings and "lr" not in settings.known:
        only_text = settings.flag("network_train_text_encoder_only")
        path = "text_encoder_lr" if only_text else "unet_lr"
    if path in groups:
        groups.remove(path)
        settings.notes.append(f"learning_rate is not given, and {path} is shown")
    if groups:
        rates = "is the rate of another group" if len(groups) == 1 else "are rates of other groups"
        settings.notes.append(f"{listing(groups)} {rates}, of the same shape")
    words = settings.get("network_args")
    within = [
        one for one in (words if isinstance(words, list) else [words]) if _OF_LR.search(str(one))
    ]
    if within:
        settings.notes.append(f"network_args give some groups other rates: {listing(within)}")
    if path != "learning_rate" and path in settings and isinstance(settings.get(path), list):
        return settings.numbers(path)[0]
    return settings.number(path, default=2e-6, option="lr")


def _flat(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of all sections side by side, under those outside of sections."""
    found: dict[str, Any] = {}
    for value in tree.values():
        found |= _flat(value) if isinstance(value, Mapping) else {}
    return found | {key: one for key, one in tree.items() if not isinstance(one, Mapping)}


def _of_gui(settings: Settings) -> dict[str, Any]:
    """Return the options that the GUI makes of its JSON, in which 0 and "" are not given."""
    tree = {key: value for key, value in settings.tree.items() if value not in ("", 0, "0", None)}
    if "optimizer" in tree:
        tree["optimizer_type"] = tree.pop("optimizer")
    by_steps = "max_train_steps" in tree or "max_train_epochs" in tree
    settings.tree = tree
    if not by_steps and "horizon" not in settings.known:
        times = settings.whole("epoch", default=1, option="epochs")
        examples = settings.whole(default=None, option="dataset")
        if examples is None:
            settings.need_length(counted(times, "epoch"))
        size = settings.whole("train_batch_size", default=1, option="batch")
        group = settings.whole("gradient_accumulation_steps", default=1, option="accumulate")
        tree["max_train_steps"] = math.ceil(examples / size / group * times)
        settings.known.pop("epochs", None)
    percent = settings.number("lr_warmup", default=0)
    if percent and settings.get("lr_scheduler") == "constant":
        settings.notes.append("constant has no warmup, whatever lr_warmup says")
    elif percent and "lr_warmup_steps" not in tree:
        total = settings.whole("max_train_steps", default=None, option="horizon")
        tree["lr_warmup_steps"] = (
            percent / 100 if total is None else round(int(percent) * total / 100)
        )
    return tree
