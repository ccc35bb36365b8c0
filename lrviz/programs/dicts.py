"""Schedulers and optimizers that are written as dicts, as MMEngine's configs have them."""

import ast
from typing import Any

from .interpreter import Interpreter
from .outside import OPTIMIZERS, framework_calls
from .values import Optimizer, Scheduled, Unknown

_MODULE = "mmengine.optim"


def of_dicts(run: Interpreter, value: Any) -> Scheduled | None:
    """Return the schedule of a list of dicts, or of one, that name MMEngine's schedulers.

    None if it is something else.
    """
    members = value if isinstance(value, list | tuple) else [value]
    if not members or not all(isinstance(m, dict) and _call(m) for m in members):
        return None
    node = ast.Call(ast.Name("param_scheduler"), [], [])
    held = []
    for member in members:
        given = {name: v for name, v in member.items() if name not in ("type", "_delete_")}
        held.append(Scheduled(_call(member), (), [], given, node, used=True))
    (call,) = framework_calls(f"{_MODULE}.param_scheduler_list", imported=True)[:1]
    optimizer = optimizer_of_dicts(run)
    of = run.optimizer_in(optimizer)
    rates = [group["lr"] for group in of.groups] if of is not None else []
    return Scheduled(call, (), [optimizer, held], {}, node, rates=rates)


def optimizer_of_dicts(run: Interpreter) -> Any:
    """Return the optimizer that a dict of the text names, with its rate."""
    for value in run.top.names.values():
        inner = value.get("optimizer", value) if isinstance(value, dict) else None
        if isinstance(inner, dict) and inner.get("type") in OPTIMIZERS and "lr" in inner:
            return Optimizer(inner["type"], [{"lr": run.rate_of_run(inner["lr"])}])
    return Unknown("optimizer", ("optimizer",), path=True)


def _call(member: dict[Any, Any]) -> Any:
    """Return the call that a dict names; None if it names none."""
    name = member.get("type")
    if not isinstance(name, str):
        return None
    calls = framework_calls(f"{_MODULE}.{name}", imported=True)
    return next((call for call in calls if call.framework.name == "mmengine"), None)
