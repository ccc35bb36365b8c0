"""Record a framework's values again, from the version that is installed, and show what changed.

    python tests/golden/record.py torch                     the cases whose values changed
    python tests/golden/record.py torch --write             the same, and torch.json has the new
    python tests/golden/record.py torch --signatures        the calls whose signatures changed

It needs the framework and the standard library; the tests need neither it nor the framework. For
signatures the framework's source is enough, where it cannot be imported for want of others.
"""

import argparse
import ast
import importlib
import importlib.util
import inspect
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

Case = dict[str, Any]
Made = tuple[Any, Any]
"""An optimizer, and the scheduler that was made for it."""


def record_torch(case: Case) -> list[float]:
    """Return the rate before each update of an optimizer that a scheduler drives."""
    from torch import optim
    from torch.optim import lr_scheduler, swa_utils

    def made(name: str, kwargs: Case, optimizer: Any) -> Any:
        kind = getattr(lr_scheduler, name, None) or getattr(swa_utils, name)
        given = {key: argument(key, value, optimizer) for key, value in kwargs.items()}
        return kind(**given) if name == "ChainedScheduler" else kind(optimizer, **given)

    def argument(key: str, value: Any, optimizer: Any) -> Any:
        if key in ("lr_lambda", "scale_fn"):
            return formula(value)
        if key == "schedulers":
            return [made(one["name"], one["kwargs"], optimizer) for one in value]
        return value

    optimizer = optim.SGD([parameter()], lr=case["base_lr"], momentum=0.9)
    scheduler = made(case["name"], case["kwargs"], optimizer)
    return driven(case, optimizer, scheduler)


def record_transformers(case: Case) -> list[float]:
    """Return the rate before each update, of a scheduler from get_scheduler."""
    from torch import optim
    from transformers import get_scheduler

    optimizer = optim.SGD([parameter()], lr=case["base_lr"])
    scheduler = get_scheduler(case["name"], optimizer, **case["kwargs"])
    return driven(case, optimizer, scheduler)


def record_timm(case: Case) -> list[float]:
    """Return the rate that the constructor sets, then those after each step of the scheduler."""
    from timm import scheduler as timm_scheduler
    from torch import optim

    optimizer = optim.SGD([parameter()], lr=case["base_lr"])
    scheduler = getattr(timm_scheduler, case["name"])(optimizer, **case["kwargs"])
    if isinstance(scheduler, tuple):  # create_scheduler_v2 gives the number of epochs too
        scheduler = scheduler[0]
    rates = [rate_of(optimizer)]
    for t in range(1, case["steps"][-1] + 1):
        if "metrics" in case:
            scheduler.step(t, case["metrics"][t - 1])
        elif "updates_per_epoch" in case:
            scheduler.step_update(t)
            if t % case["updates_per_epoch"] == 0:
                scheduler.step(t // case["updates_per_epoch"])
        elif case["kwargs"].get("t_in_epochs", True):
            scheduler.step(t)
        else:
            scheduler.step_update(t)
        rates.append(rate_of(optimizer))
    return [rates[t] for t in case["steps"]]


def record_mmengine(case: Case) -> list[float]:
    """Return the rate before each update, of schedulers that are stepped as the Runner does.

    Those that count epochs come after those that count updates; a metric comes after both.
    """
    from mmengine.optim import scheduler as mmengine_scheduler
    from torch import optim

    optimizer = optim.SGD([parameter()], lr=case["base_lr"])
    of_epoch = case.get("updates_per_epoch", 1)
    metrics: list[list[float] | None] = []

    def made(name: str, kwargs: Case) -> Any:
        given, kind = dict(kwargs), getattr(mmengine_scheduler, name)
        metrics.append(given.pop("metrics", case.get("metrics")))
        if given.pop("convert_to_iter_based", False):
            given["epoch_length"] = of_epoch
        make = kind.build_iter_from_epoch if "epoch_length" in given else kind
        return make(optimizer, **given)

    is_list = case["name"] == "param_scheduler_list"
    listed = case["kwargs"]["schedulers"] if is_list else [case]
    schedulers = [made(one["name"], one["kwargs"]) for one in listed]
    rates = [rate_of(optimizer)]
    for t in range(1, case["steps"][-1] + 1):
        ends = t % of_epoch == 0
        optimizer.step()
        for scheduler in sorted(schedulers, key=lambda one: one.by_epoch):
            if ends or not scheduler.by_epoch:
                scheduler.step()
        for scheduler, measured in zip(schedulers, metrics, strict=True):
            if measured is not None and ends:
                scheduler.step({"loss": measured[t // of_epoch - 1]})
        rates.append(rate_of(optimizer))
    return [rates[t] for t in case["steps"]]


def record_optax(case: Case) -> list[float]:
    """Return a schedule's values for Python ints, in float64."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)

    def made(name: str, kwargs: Case) -> Any:
        return getattr(optax, name)(**{key: argument(value) for key, value in kwargs.items()})

    def argument(value: Any) -> Any:
        if isinstance(value, dict) and "name" in value:
            return made(value["name"], value["kwargs"])
        if isinstance(value, dict) and all(key.lstrip("-").isdigit() for key in value):
            return {int(key): scale for key, scale in value.items()}
        return [argument(one) for one in value] if isinstance(value, list) else value

    schedule = made(case["name"], case["kwargs"])
    return [float(schedule(t)) for t in case["steps"]]


def record_keras(case: Case) -> list[float]:
    """Return a schedule's values on the TensorFlow backend, run eagerly."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from keras.optimizers import schedules

    schedule = getattr(schedules, case["name"])(**case["kwargs"])
    return [float(schedule(t)) for t in case["steps"]]


def record_tensorflow1(case: Case) -> list[float]:
    """Return the values of tf.compat.v1.train, run eagerly."""
    import numpy as np
    import tensorflow as tf

    function = getattr(tf.compat.v1.train, case["name"])
    counter = "x" if case["name"] == "piecewise_constant" else "global_step"
    given = dict(case["kwargs"])
    if case.get("dtype") == "float64":
        if "learning_rate" in given:
            given["learning_rate"] = np.float64(given["learning_rate"])
        if "values" in given:
            given["values"] = [np.float64(rate) for rate in given["values"]]
    return [float(function(**{counter: t}, **given)()) for t in case["steps"]]


RECORDERS: dict[str, tuple[Callable[[Case], list[float]], str]] = {
    "keras": (record_keras, "keras"),
    "mmengine": (record_mmengine, "mmengine"),
    "optax": (record_optax, "optax"),
    "tensorflow1": (record_tensorflow1, "tensorflow_cpu"),
    "timm": (record_timm, "timm"),
    "torch": (record_torch, "torch"),
    "transformers": (record_transformers, "transformers"),
}
"""What records each framework, and the package that has its version."""


def parameter() -> Any:
    """Return something that an optimizer can hold."""
    import torch

    return torch.nn.Parameter(torch.zeros(1))


def rate_of(optimizer: Any) -> float:
    """Return the rate in force."""
    return float(optimizer.param_groups[0]["lr"])


def driven(case: Case, optimizer: Any, scheduler: Any) -> list[float]:
    """Return the rate before each update."""
    rates = []
    for t in range(case["steps"][-1] + 1):
        rates.append(rate_of(optimizer))
        if t == case["steps"][-1]:
            break
        optimizer.step()
        if "metrics" in case:
            scheduler.step(float(case["metrics"][t]))
        else:
            scheduler.step()
    return [rates[t] for t in case["steps"]]


def formula(source: str) -> Callable[[float], float]:
    """Return a recorded formula as the function it was recorded from."""
    names = {"cos": math.cos, "pi": math.pi, "min": min, "max": max}
    made: Callable[[float], float] = eval(f"lambda t: {source}", names)  # noqa: S307, of our files
    return made


def written(values: Sequence[float]) -> list[float | str]:
    """Return numbers as the files have them: those that JSON does not know as words."""
    return [value if math.isfinite(value) else str(value) for value in values]


PACKAGES = {
    "composer": "mosaicml",
    "deepspeed": "deepspeed",
    "megatron_core": "megatron-core",
    "mmengine": "mmengine",
    "paddle": "paddlepaddle",
    "torchtitan": "torchtitan",
    **{name: package for name, (_, package) in RECORDERS.items()},
}
"""The package that has each framework's version."""


def signature(modules: Sequence[str], name: str) -> str:
    """Return the parameters of a call and their defaults, as Python prints them."""
    for module in modules:
        try:
            found = getattr(importlib.import_module(module), name, None)
        except Exception:  # noqa: BLE001, whatever a package does that lacks others
            found = None
        if found is not None:
            parameters = imported(found)
            break
        source = source_of(module)
        if source is not None and name in source:
            parameters = read(source[name], source)
            break
    else:
        return ""
    named = (p.replace(annotation=p.empty) for p in parameters if p.name != "self")
    return str(inspect.Signature(list(named)))


def imported(call: Any) -> list[inspect.Parameter]:
    """Return the parameters of a function, or of what a class and its bases begin with."""
    if not isinstance(call, type):
        return list(inspect.signature(call).parameters.values())
    if hasattr(call, "Config"):  # torchtitan configures its classes by dataclasses
        return list(inspect.signature(call.Config).parameters.values())
    found: dict[str, inspect.Parameter] = {}
    for kind in call.__mro__:
        if "__init__" not in vars(kind):
            continue
        own = inspect.signature(vars(kind)["__init__"]).parameters
        found |= {n: p for n, p in own.items() if n not in (*found, "args", "kwargs", "param_name")}
        if not {"args", "kwargs"} & own.keys():  # else the next one is handed on the rest
            break
    return list(found.values())


Source = dict[str, ast.AST]
"""What a module defines: classes, functions, and the values of its names."""


def source_of(module: str) -> Source | None:
    """Return what a module defines, read from its file without importing it."""
    package, *rest = module.split(".")
    spec = importlib.util.find_spec(package)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(root, *rest)
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                body = ast.parse(file.read_text(encoding="utf-8")).body
                named = (n for n in body if isinstance(n, ast.ClassDef | ast.FunctionDef))
                assigned = (n for n in body if isinstance(n, ast.Assign))
                values = {ast.unparse(n.targets[0]): n.value for n in assigned}
                return {**values, **{n.name: n for n in named}}
    return None


def read(node: ast.AST, source: Source) -> list[inspect.Parameter]:
    """Return the parameters of a function's or a class's source."""
    if isinstance(node, ast.ClassDef):
        inner = {getattr(one, "name", ""): one for one in node.body}
        config = inner.get("Config")
        if isinstance(config, ast.ClassDef):
            fields = (one for one in config.body if isinstance(one, ast.AnnAssign))
            return [read_one(ast.unparse(f.target), f.value, source, keyword=True) for f in fields]
        node = inner["__init__"]
    assert isinstance(node, ast.FunctionDef)
    given = node.args
    defaults = [None] * (len(given.args) - len(given.defaults)) + given.defaults
    return [read_one(a.arg, d, source) for a, d in zip(given.args, defaults, strict=True)]


def read_one(
    name: str, default: ast.expr | None, source: Source, *, keyword: bool = False
) -> inspect.Parameter:
    """Return a parameter, whose default is a literal or a name that has one for its value."""
    kind = inspect.Parameter.KEYWORD_ONLY if keyword else inspect.Parameter.POSITIONAL_OR_KEYWORD
    value: Any = inspect.Parameter.empty
    if default is not None:
        value = ast.literal_eval(ast.unparse(source.get(ast.unparse(default), default)))
    return inspect.Parameter(name, kind, default=value)


def calls_of(framework: str) -> tuple[Sequence[str], list[str]]:
    """Return the modules of a framework and the names of its calls, as its file here has them."""
    file = FOLDER.parents[1] / "lrviz" / "frameworks" / "calls" / f"{framework}.py"
    body = ast.parse(file.read_text(encoding="utf-8")).body
    modules = next(
        ast.literal_eval(one.value)
        for one in body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "MODULES"
    )
    names = (one.name for one in body if isinstance(one, ast.FunctionDef))
    return modules, [name for name in names if not name.startswith("_")]


def record_signatures(framework: str, *, write: bool) -> None:
    """Record the signatures of a framework's calls again."""
    file = FOLDER / "signatures.json"
    recording = json.loads(file.read_text(encoding="utf-8"))
    modules, names = calls_of(framework)
    known = recording.get(framework, {}).get("calls", {})
    now = {name: signature(modules, name) for name in names}
    for name, parameters in now.items():
        if known.get(name) != parameters:
            sys.stdout.write(f"{name}{known.get(name, '')} is now {name}{parameters}\n")
    if write:
        recording[framework] = {"version": version(PACKAGES[framework]), "calls": now}
        text = json.dumps(recording, indent=1, sort_keys=True)
        file.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Record a framework again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("framework", choices=PACKAGES)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--signatures", action="store_true")
    asked = parser.parse_args()
    if asked.signatures:
        record_signatures(asked.framework, write=asked.write)
        return
    if asked.framework not in RECORDERS:
        parser.error(f"the values of {asked.framework} were recorded by hand")
    record, package = RECORDERS[asked.framework]
    file = FOLDER / f"{asked.framework}.json"
    recording = json.loads(file.read_text(encoding="utf-8"))
    changed = 0
    for case in recording["cases"]:
        values = written(record(case))
        differing = [i for i, value in enumerate(values) if value != case["values"][i]]
        if differing:
            changed += 1
            i = differing[0]
            sys.stdout.write(
                f"{case['id']}: {len(differing)} of {len(values)} values changed, first at step "
                f"{case['steps'][i]}: {case['values'][i]!r} is now {values[i]!r}\n"
            )
            case["values"] = values
    now = version(package)
    cases = len(recording["cases"])
    sys.stdout.write(f"{changed} of {cases} cases changed from {recording['version']} to {now}\n")
    if asked.write:
        recording["version"] = now
        file.write_text(json.dumps(recording, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
