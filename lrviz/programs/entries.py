"""How a value of the program gives rates: which function is asked, and what its step is."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .faults import RaisedError, RefusalError, UndecidedError
from .interpreter import Interpreter
from .operations import apart, truth
from .parameters import (
    all_parameters,
    free_parameters,
    is_optimizer_name,
    is_step_name,
    step_parameter,
)
from .scopes import within
from .training import Loop, writes_rate
from .values import (
    Callback,
    Function,
    Instance,
    Lanes,
    Method,
    Optimizer,
    Outside,
    Unknown,
)

_RATE_NAMES = (
    *("lr", "learning_rate", "current_lr", "cur_lr", "old_lr", "base_lr", "init_lr", "initial_lr"),
    *(
        "lr0",
        "lr_init",
        "start_lr",
        "max_lr",
        "peak_lr",
        "base_learning_rate",
        "init_learning_rate",
    ),
)


@dataclass
class Entry:
    """A way to ask a program for its rates: `once` gives the rate at a step."""

    once: Callable[[Any], Any]
    notes: list[str] = field(default_factory=list)
    recurrent: bool = False
    length: int | None = None
    node: ast.AST | None = None
    names: set[str] = field(default_factory=set)
    """The names of the text that it begins from."""
    value: Any = None
    """The function itself."""


def of_function(run: Interpreter, function: Function | Method) -> Entry | None:
    """Return how a function gives rates; None if it has no step."""
    inner = function.function if isinstance(function, Method) else function
    step = step_parameter(run, function)
    if step is None:
        return None
    optimizer: Optimizer | None = None
    notes: list[str] = []
    given: dict[str, Any] = {}
    for name in free_parameters(function):
        if name == step:
            continue
        if name in run.given:
            given[name] = run.given[name]
        elif name in run.top.names and not isinstance(run.top.names[name], Optimizer):
            given[name] = run.top.names[name]
        elif is_optimizer_name(name, inner):
            optimizer = given[name] = the_optimizer(run)
        elif name in _RATE_NAMES:
            given[name] = given_rate(run, name)
            if not isinstance(given[name], Unknown):
                notes.append(f"{name} is the rate of the optimizer")
        else:
            given[name] = Unknown(name, (name,), path=True)
    if optimizer is None:
        optimizer = written_optimizer(run, inner)

    def once(t: Any) -> Any:
        result = run.called(function, [], {**given, step: t}, inner.node)
        if optimizer is not None and wrote(run, inner):
            return rate_of(run, optimizer)
        return result

    called = "the lambda" if inner.name == "lambda" else inner.name
    return Entry(once, [f"{step} of {called} is the step", *notes], node=inner.node)


def given_rate(run: Interpreter, name: str) -> Any:
    """Return the rate of the run or of the optimizer of the text, else that a name lacks it."""
    made = [v for v in run.top.names.values() if isinstance(v, Optimizer)]
    rate = made[-1].groups[0]["lr"] if made else None
    is_number = isinstance(rate, int | float)
    return run.rate_of_run(rate if is_number else Unknown(name, (name,), path=True))


def written_optimizer(run: Interpreter, function: Function) -> Optimizer | None:
    """Return the optimizer of the text whose rate a function writes; None if it writes none."""
    for each in ast.walk(function.node):
        if isinstance(each, ast.Attribute) and each.attr == "param_groups":
            return the_optimizer(run, ast.unparse(each.value))
    return None


def wrote(run: Interpreter, function: Function) -> bool:
    """Return whether a function is one that writes the rate of an optimizer."""
    body = function.node.body
    return isinstance(body, list) and (
        writes_rate(body, run)
        or any(
            isinstance(n, ast.Attribute)
            and isinstance(n.ctx, ast.Store)
            and n.attr in ("lr", "learning_rate")
            for n in within(body)
        )
    )


def rate_of(run: Interpreter, optimizer: Optimizer) -> Any:
    """Return the rate that the first parameter group of an optimizer has."""
    run.reads(optimizer.groups[0], "lr")
    return optimizer.groups[0]["lr"]


def the_optimizer(run: Interpreter, text: str = "optimizer") -> Optimizer:
    """Return the optimizer of the text, or one with the rate of the run."""
    found = [v for v in run.top.names.values() if isinstance(v, Optimizer)]
    named = run.top.names.get(text)
    if isinstance(named, Optimizer):
        return named
    return found[-1] if found else run.optimizer_at(text)


def of_callback(run: Interpreter, callback: Callback) -> Entry:
    """Return how Keras's LearningRateScheduler gives the rate of an epoch."""
    function = callback.function
    if isinstance(function, Unknown):
        raise RefusalError(f"{function.text} is not known; paste its definition", callback.node)
    count = 1
    if isinstance(function, Instance):
        function = run.special(function, "__call__") or function
    if isinstance(function, Function | Method):
        count = len(free_parameters(function))
        if len(all_parameters(function)) >= 2:
            count = 2
    if count < 2:
        return Entry(
            lambda t: run.called(function, [t], {}, callback.node),
            ["the epoch is the step"],
            node=callback.node,
        )
    rate: dict[str, Any] = {"lr": the_optimizer(run).groups[0]["lr"]}
    if run.lr is not None:
        rate["lr"] = run.lr

    def once(t: Any) -> Any:
        run.reads(rate, "lr")
        new = run.called(function, [t, rate["lr"]], {}, callback.node)
        run.touch(rate, "lr")
        rate["lr"] = new
        return new

    return Entry(
        once, ["the epoch is the step, and the rate begins at the optimizer's"], node=callback.node
    )


def of_instance(run: Interpreter, instance: Instance) -> Entry | None:
    """Return how an instance gives rates: it is called, asked by get_lr, or it steps."""
    for name in ("on_epoch_begin", "on_train_batch_begin", "on_batch_begin"):
        begin = run.special(instance, name)
        if begin is not None:
            return of_begin(run, instance, begin)
    call = run.special(instance, "__call__")
    if call is not None:
        return of_function(run, call)
    get = run.special(instance, "get_lr") or run.special(instance, "_get_lr")
    bases = [b for b in instance.of.line() if isinstance(b, Outside)]
    if get is not None and bases and not free_parameters(get):
        return of_get_lr(run, instance, get)
    if get is not None and of_step(get):
        return of_function(run, get)
    for name in ("step", "step_and_update_lr", "update_lr", "_update_learning_rate", "step_update"):
        step = run.special(instance, name)
        if step is not None:
            return of_stepping(run, instance, step)
    methods = [
        Method(f, instance)
        for one in instance.of.line()
        if not isinstance(one, Outside)
        for n, f in one.names.items()
        if isinstance(f, Function) and not n.startswith("__")
    ]
    asked = [m for m in methods if of_step(m)]
    return of_function(run, asked[0]) if len(asked) == 1 else None


def of_step(method: Method) -> bool:
    """Return whether a method has a parameter that is the step."""
    return any(is_step_name(n) for n in free_parameters(method))


def of_begin(run: Interpreter, instance: Instance, begin: Method) -> Entry:
    """Return how a Keras callback of the text gives rates, which sets that of its model."""
    optimizer = run.optimizer_at("self.model.optimizer")

    def once(t: Any) -> Any:
        run.called(begin, [t], {}, instance.of.node)
        return rate_of(run, optimizer)

    return Entry(
        once, [f"{instance.of.name}.{begin.function.name} sets the rate"], node=instance.of.node
    )


def of_get_lr(run: Interpreter, instance: Instance, get: Method) -> Entry:
    """Return how a scheduler of the text, with PyTorch's base, gives rates by get_lr."""
    optimizer = instance.names.get("optimizer")
    if not isinstance(optimizer, Optimizer):
        optimizer = the_optimizer(run)

    def once(t: Any) -> Any:
        run.set_attribute(instance, "last_epoch", t, instance.of.node)
        if isinstance(t, int):
            run.set_attribute(instance, "_step_count", t + 1, instance.of.node)
        rates = run.called(get, [], {}, instance.of.node)
        if not isinstance(rates, list | tuple) or not rates:
            return rates
        run.touch(optimizer.groups[0], "lr")
        optimizer.groups[0]["lr"] = rates[0]
        return rates[0]

    return Entry(once, [f"{instance.of.name}.get_lr gives the rates"], node=instance.of.node)


def of_stepping(run: Interpreter, instance: Instance, step: Method) -> Entry | None:
    """Return how an instance gives rates whose own step sets the rate of its optimizer."""
    optimizer = next((v for v in instance.names.values() if isinstance(v, Optimizer)), None)
    if optimizer is None:
        unknown = next(
            (v for v in instance.names.values() if isinstance(v, Unknown) and "opt" in v.text), None
        )
        if unknown is None:
            return None
        optimizer = the_optimizer(run, unknown.text)
        for name, value in instance.names.items():
            if value is unknown:
                instance.names[name] = optimizer
    free = free_parameters(step)
    if len(free) > 1:
        return None

    def once(t: Any) -> Any:
        run.stepped = []
        try:
            run.called(step, [t] * len(free), {}, instance.of.node)
            return run.stepped[0] if run.stepped else rate_of(run, optimizer)
        finally:
            run.stepped = None

    name = f"{instance.of.name}.{step.function.name}"
    return Entry(once, [f"{name} is called before each update"], node=instance.of.node)


def of_array(values: Any, label: str) -> Entry:
    """Return how an array or a list gives rates: by its places."""
    numbers = np.asarray(values, dtype=float)

    def once(t: Any) -> Any:
        places = np.atleast_1d(t.data if isinstance(t, Lanes) else np.asarray(t))
        beyond = places >= numbers.size
        if beyond.any():
            apart(beyond)
            raise RaisedError("IndexError", f"{label or 'the array'} has {numbers.size} rates")
        return Lanes(numbers[places])

    return Entry(once, [f"{label or 'the array'} has a rate for each step"], length=numbers.size)


def of_loop(run: Interpreter, loop: Loop) -> Entry:
    """Return how a loop of training gives rates: what it leaves in the optimizer each turn.

    Loops inside of it that do not set the rate are passed over.
    """
    node, scope = loop.node, loop.scope
    inner = [n for n in node.body if isinstance(n, ast.For | ast.While) and not _is_over_groups(n)]
    for each in inner:
        if writes_rate(each.body, run):
            raise RefusalError(
                "a loop in a loop sets the rate here; paste the function that gives it alone", each
            )
    body = [s for s in node.body if s not in inner]
    optimizer = the_optimizer(run)

    def turn(enter: Callable[[], None]) -> Any:
        run.stepped = []
        try:
            enter()
            run.run(body, scope)
            return run.stepped[0] if run.stepped else rate_of(run, optimizer)
        except UndecidedError as fault:
            return fault.unknown
        finally:
            run.stepped = None

    if isinstance(node, ast.While) or not loop.variable:

        def enter() -> None:
            if isinstance(node, ast.While) and not truth(run.counted(run.value(node.test, scope))):
                raise RaisedError("StopIteration", "the loop has ended before", node)

        return Entry(lambda _: turn(enter), ["each turn of the loop is a step"], True, node=node)
    values = run.value(node.iter, scope)
    start = values.start if isinstance(values, range) and values.step == 1 else 0
    length = len(values) if isinstance(values, range) and values.step == 1 else None

    def once(t: Any) -> Any:
        number = t if start == 0 else run.combined(ast.Add(), t, start, node)

        def begin() -> None:
            match node.target:
                case ast.Tuple(elts=[first, *others]):
                    run.assign(first, number, scope)
                    for other in others:
                        run.assign(other, Unknown(ast.unparse(other), path=True), scope)
                case target:
                    run.assign(target, number, scope)

        return turn(begin)

    return Entry(once, [f"{loop.variable} of the loop is the step"], length=length, node=node)


def _is_over_groups(node: ast.For | ast.While) -> bool:
    return isinstance(node, ast.For) and "param_groups" in ast.unparse(node.iter)
