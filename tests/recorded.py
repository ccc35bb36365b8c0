"""The values recorded from frameworks, and each case as the call that a user would paste."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

GOLDEN = Path(__file__).parent / "golden"

MODULES = {
    "composer": "composer.optim",
    "deepspeed": "deepspeed.runtime.lr_schedules",
    "keras": "keras.optimizers.schedules",
    "megatron_core": "megatron.core.optimizer_param_scheduler",
    "mmengine": "mmengine.optim",
    "optax": "optax",
    "paddle": "paddle.optimizer.lr",
    "tensorflow1": "tf.train",
    "timm": "timm.scheduler",
    "torch": "torch.optim.lr_scheduler",
    "torchtitan": "torchtitan.components.lr_scheduler",
    "transformers": "transformers",
}
"""Where each framework has its calls."""

WITHOUT_OPTIMIZER = ("composer", "keras", "optax", "paddle", "tensorflow1")

VARIABLES = {"paddle": "x"}
"""What a formula's variable is called in a recording, where that is not t."""


class Case(NamedTuple):
    """A recorded case: the framework's name, the precision of its values, and what was recorded."""

    framework: str
    dtype: str
    recorded: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return its name."""
        name: str = self.recorded["id"]
        return name

    @property
    def steps(self) -> list[int]:
        """Return the steps at which it was recorded."""
        steps: list[int] = self.recorded["steps"]
        return steps

    @property
    def values(self) -> list[float]:
        """Return the rates at those steps."""
        return [float(value) for value in self.recorded["values"]]

    def call(self, **changed: Any) -> str:
        """Return the call as text, with some of its arguments changed."""
        arguments = {**self.recorded["kwargs"], **changed}
        for name in ("metrics", "increment"):
            if self.recorded.get(name) is not None:
                arguments[name] = self.recorded[name]
        if self.recorded.get("scale_schedule_ratio", 1) != 1:
            arguments["scale_schedule_ratio"] = self.recorded["scale_schedule_ratio"]
        if self.recorded.get("base_lr") is not None:
            arguments.setdefault("lr", self.recorded["base_lr"])
        first = []
        name = self.recorded["name"]
        if self.framework == "transformers":
            first, name = [repr(name)], "get_scheduler"
        if self.framework not in WITHOUT_OPTIMIZER:
            first.append("optimizer")
        if self.framework == "tensorflow1":
            arguments["x" if name == "piecewise_constant" else "global_step"] = Variable("step")
        inner = ", ".join(
            [*first, *(f"{k}={_source(self.framework, k, v)}" for k, v in arguments.items())]
        )
        return f"{MODULES[self.framework]}.{name}({inner})"

    def run(self) -> dict[str, Any]:
        """Return what is known of the run: the arguments of `parse`."""
        per_epoch = self.recorded.get("updates_per_epoch", self.recorded.get("batches_per_epoch"))
        known = {} if per_epoch is None else {"steps_per_epoch": per_epoch}
        if "max_duration" in self.recorded:
            number, unit = self.recorded["max_duration"][:-2], self.recorded["max_duration"][-2:]
            known["horizon"] = int(number) * (per_epoch if unit == "ep" else 1)
        return known


class Variable(str):
    """A name in a call that stands for itself."""

    __slots__ = ()


def _source(framework: str, name: str, value: Any) -> str:
    """Return the Python source of an argument."""
    if isinstance(value, Variable):
        return value
    if name in ("lr_lambda", "scale_fn"):
        return f"lambda {VARIABLES.get(framework, 't')}: {value}"
    if isinstance(value, dict) and "name" in value:
        given = ", ".join(f"{k}={_source(framework, k, v)}" for k, v in value["kwargs"].items())
        return f"{value['name']}({given})"
    if isinstance(value, dict):
        pairs = (f"{_key(k)}: {_source(framework, '', v)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_source(framework, '', v) for v in value)}]"
    return repr(value)


def _key(key: str) -> str:
    """Return a dict's key; JSON has made strings of numbers."""
    return key if key.lstrip("-").isdigit() else repr(key)


def recording(framework: str) -> Any:
    """Return all that was recorded of a framework."""
    return json.loads((GOLDEN / f"{framework}.json").read_text(encoding="utf-8"))


def cases() -> Iterator[Case]:
    """Yield all recorded cases."""
    for framework in MODULES:
        recorded = recording(framework)
        for case in recorded["cases"]:
            yield Case(framework, case.get("dtype", recorded["dtype"]), case)
