"""The parameters of pasted functions: which is the step, which the optimizer."""

import ast

from ..errors import listing, option
from .faults import RefusalError
from .interpreter import Interpreter
from .scopes import within
from .values import Function, Method

STEP_NAMES = [
    "step",
    "global_step",
    "current_step",
    "cur_step",
    "curr_step",
    "step_num",
    "num_steps_done",
    "step_idx",
    "train_step",
    "global_iter",
    "iteration",
    "iter",
    "iters",
    "it",
    "itr",
    "i_iter",
    "cur_iter",
    "current_iter",
    "curr_iter",
    "iter_num",
    "num_updates",
    "num_update",
    "update",
    "current_update",
    "n_iter",
    "niter",
    "n_iters",
    "epoch",
    "cur_epoch",
    "current_epoch",
    "curr_epoch",
    "epoch_num",
    "epoch_idx",
    "epochs_done",
    "ep",
    "count",
    "counter",
    "i",
    "t",
    "n",
    "k",
    "e",
    "s",
    "x",
    "now",
    "idx",
    "index",
    "tick",
    "round",
    "current_round",
    "batch",
    "batch_idx",
]
"""The usual names of the parameter that is the step."""


_OPTIMIZER_NAMES = ("optimizer", "opt", "optim", "optimizers", "optimiser")


def is_step_name(name: str) -> bool:
    """Return whether a parameter is called as steps usually are."""
    return name.lower().lstrip("_") in STEP_NAMES


def free_parameters(function: Function | Method) -> list[str]:
    """Return the parameters that the text gives no value."""
    inner = function.function if isinstance(function, Method) else function
    names = inner.parameters[1:] if isinstance(function, Method) else inner.parameters
    return [n for n in names if n not in inner.defaults]


def all_parameters(function: Function | Method) -> list[str]:
    """Return the parameters of a function, without the instance of a method."""
    inner = function.function if isinstance(function, Method) else function
    return inner.parameters[1:] if isinstance(function, Method) else inner.parameters


def is_optimizer_name(name: str, function: Function) -> bool:
    """Return whether a parameter is an optimizer: by its name, or as it has param_groups."""
    if name in _OPTIMIZER_NAMES:
        return True
    body = function.node.body if isinstance(function.node.body, list) else [function.node.body]
    return any(
        isinstance(each, ast.Attribute)
        and each.attr == "param_groups"
        and isinstance(each.value, ast.Name)
        and each.value.id == name
        for each in within(body)
    )


def step_parameter(run: Interpreter, function: Function | Method) -> str | None:
    """Return the parameter that is the step; None if there is none that can be."""
    inner = function.function if isinstance(function, Method) else function
    free = [n for n in free_parameters(function) if n not in run.given]
    free = [n for n in free if not is_optimizer_name(n, inner)]
    usual = [n for n in free if is_step_name(n)]
    if len(usual) == 1:
        return usual[0]
    if len(usual) > 1:
        first = [n for n in usual if len(n) > 1] or usual
        if len(first) == 1:
            return first[0]
        raise RefusalError(
            f"{inner.name} has several parameters that can be the step, {listing(first)}; "
            "give one of them a value with " + option("names", (first[0],)),
            inner.node,
        )
    if len(free) == 1:
        return free[0]
    given = [n for n in all_parameters(function) if is_step_name(n)]
    return given[0] if given and not free else None
