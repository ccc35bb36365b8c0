"""Optimizers, callbacks and schedulers as a program handles them."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from typing import Any

import numpy as np

from .calls import Calls
from .operations import truth
from .outside import CALLBACKS, framework_calls, real_path
from .values import (
    Callback,
    Class,
    Function,
    Instance,
    Method,
    Native,
    Optimizer,
    Outside,
    Scheduled,
    Unknown,
)

_NAMESPACES = ("SimpleNamespace", "Namespace", "EasyDict", "edict", "AttrDict", "DotDict", "Munch")
"""What holds values by name."""
_RATES = ("lr", "learning_rate")


class Scale:
    """optax.scale: what an update is multiplied by."""

    def __init__(self, factor: float) -> None:
        self.factor = factor


class Optimizers(Calls):
    """Makes optimizers, and follows what is done with them."""

    stepped: "list[Any] | None" = None
    """The rates at which optimizers stepped, while someone listens."""

    def special_call(
        self, path: str, name: str, args: list[Any], kwargs: dict[str, Any], node: Any
    ) -> Any:
        """Return what a call gives that is no framework's schedule; None if that is not known."""
        full = real_path(path)
        if name in CALLBACKS:
            function = args[0] if args else kwargs.get("schedule")
            return Callback(function, node)
        if full in ("functools.partial", "partial") and args:
            function, *first = args
            return Native(
                "partial",
                lambda run, more, named: run.called(
                    function, [*first, *more], {**kwargs, **named}, node
                ),
            )
        if name in _NAMESPACES and all(isinstance(a, dict) for a in args):
            names = {k: v for a in args for k, v in a.items() if isinstance(k, str)} | kwargs
            return Instance(Class(name, [], {}, ast.ClassDef(name, [], [], [], [])), names)
        if name == "cond" and len(args) >= 3:
            test, yes, no, *operands = args
            if isinstance(test, Unknown):
                return self.mixed(node, test)
            return self.called(yes if truth(test) else no, operands, {}, node)
        if name in ("jit", "vmap", "Partial") and full.startswith("jax") and args:
            return args[0]
        if full.startswith("optax."):
            return self.of_optax(name, args, kwargs, node)
        if full.startswith(("itertools.", "collections.", "copy.")):
            return self.of_library(full, args, kwargs, node)
        return None

    def of_library(self, full: str, args: list[Any], kwargs: dict[str, Any], node: Any) -> Any:
        """Return what a few functions of Python's library give."""
        match full:
            case "copy.copy" | "copy.deepcopy" if args and isinstance(args[0], list | dict):
                return args[0].copy()
            case "collections.OrderedDict" | "collections.defaultdict" | "collections.Counter":
                return None
            case "itertools.chain" if not kwargs:
                return [v for a in args for v in self.iterated(a, node)]
            case "itertools.accumulate" if len(args) == 1:
                found: list[Any] = []
                for value in self.iterated(args[0], node):
                    found.append(
                        value if not found else self.combined(ast.Add(), found[-1], value, node)
                    )
                return found
        return None

    def of_optax(self, name: str, args: list[Any], kwargs: dict[str, Any], node: Any) -> Any:
        """Return what a few functions of optax give that hold an optimizer."""
        match name:
            case "inject_hyperparams" if args:
                inner = args[0]
                return Native(
                    "inject", lambda run, more, named: run.called(inner, more, named, node)
                )
            case "scale_by_schedule" | "scale_by_learning_rate" if args or kwargs:
                schedule = args[0] if args else next(iter(kwargs.values()))
                self.use(schedule)
                return Optimizer("optax", [{"lr": schedule}], schedule)
            case "scale" if args and isinstance(args[0], int | float):
                return Scale(float(args[0]))
            case "chain" | "named_chain":
                return self.chained(args, node)
            case "apply_if_finite" | "MultiSteps" | "lookahead" | "flatten" | "masked" if args:
                if name == "MultiSteps":
                    return None
                return args[0]
        return None

    def chained(self, args: list[Any], node: Any) -> Any:
        """Return the one optimizer of a chain of transformations."""
        members = [a[1] if isinstance(a, tuple) and len(a) == 2 else a for a in args]
        found = [m for m in members if isinstance(m, Optimizer)]
        unknown = next((m for m in members if isinstance(m, Unknown) and m.why), None)
        if unknown is not None:
            return unknown
        if len(found) != 1:
            return (
                found[-1]
                if found and len(found) == 1
                else Unknown(
                    ast.unparse(node)[:200],
                    why="which rate this chain has is not known; give its schedule alone",
                    needed=True,
                    node=node,
                )
            )
        factor = np.prod([abs(m.factor) for m in members if isinstance(m, Scale)])
        if factor != 1 and found[0].text == "optax":
            return Unknown(
                ast.unparse(node)[:200],
                why=f"a chain that scales by {factor:g} is not read; give its schedule alone",
                needed=True,
                node=node,
            )
        return found[0]

    def optimizer(
        self, path: str, args: list[Any], kwargs: dict[str, Any], node: Any
    ) -> Optimizer | Scheduled:
        """Return an optimizer with the rates of its parameter groups."""
        given = next((kwargs[n] for n in _RATES if n in kwargs), None)
        if given is None:
            places = (
                args[:1] if real_path(path).startswith(("optax", "keras", "tensorflow")) else args
            )
            given = next((a for a in places if self.is_rate(a)), None)
        if given is None and not args and not kwargs.get("params"):
            given = None
        schedule = given if self.can_schedule(given) else None
        self.use(given)
        if (
            "decay" in kwargs
            and not path.endswith("Optimizer")  # of TensorFlow 1, whose decay is of an average
            and isinstance(given, int | float)
            and isinstance(kwargs["decay"], int | float)
        ):
            calls = framework_calls("keras.optimizers.schedules.InverseTimeDecay", imported=False)
            if calls and kwargs["decay"]:
                made = self.schedule(calls, [given, 1, kwargs["decay"]], {}, node)
                made.used = True
                return Optimizer(path, [{"lr": given}], made)
        is_number = isinstance(given, int | float | np.generic | Unknown | None)
        rate = self.rate_of_run(given) if is_number else given
        if isinstance(rate, np.generic):
            rate = rate.item()
        groups: list[dict[str, Any]] = []
        params = args[0] if args else kwargs.get("params")
        if isinstance(params, list) and params and all(isinstance(p, dict) for p in params):
            groups = [{"lr": rate, **group} for group in params]
        return Optimizer(path.rpartition(".")[2], groups or [{"lr": rate}], schedule)

    def is_rate(self, value: Any) -> bool:
        return (
            isinstance(value, int | float | np.generic) and not isinstance(value, bool)
        ) or self.can_schedule(value)

    def can_schedule(self, value: Any) -> bool:
        """Return whether a value can be the schedule of an optimizer."""
        return (
            isinstance(value, Scheduled | Function | Method)
            or (
                isinstance(value, Instance)
                and (value.made is not None or self.special(value, "__call__") is not None)
            )
            or (isinstance(value, Unknown) and bool(value.why))
        )

    def step_optimizer(self, of: Optimizer) -> None:
        """Note the rate at which an optimizer makes a step."""
        if self.stepped is not None:
            self.stepped.append(of.groups[0]["lr"])

    def call_scheduler(
        self, of: Any, name: str, args: list[Any], kwargs: dict[str, Any], node: Any
    ) -> Any:
        """Return what a method of a scheduler gives; only its step is of interest."""
        if name == "step" and isinstance(of, Scheduled):
            of.stepped += 1
        text = ast.unparse(node)[:200]
        return Unknown(text, why=f"{text} has no value before the training", node=node)

    def call_base(
        self, instance: Instance, name: str, args: list[Any], kwargs: dict[str, Any], node: Any
    ) -> Any:
        """Return what a method gives that a class has from a base of a framework."""
        base = next((b for b in instance.of.line() if isinstance(b, Outside)), None)
        if name != "__init__" or base is None:
            if base is None:
                return None
            text = ast.unparse(node)[:200]
            return Unknown(
                text, why=f"{text} is the framework's; write out what it gives", node=node
            )
        calls = framework_calls(base.path, base.imported)
        if calls:
            instance.made = self.schedule(calls, args, kwargs, node)
        given = args[0] if args else kwargs.get("optimizer")
        if isinstance(given, Unknown) and given.path:
            given = self.optimizer_at(given.text)
        if isinstance(given, Optimizer):
            instance.names.setdefault("optimizer", given)
            instance.names.setdefault("base_lrs", [group["lr"] for group in given.groups])
            instance.names.setdefault("last_epoch", 0)
            instance.names.setdefault("_step_count", 1)
        return None
