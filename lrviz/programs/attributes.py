"""Attributes: of the program's own objects, of modules, and a few of Python's."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from .faults import RaisedError, RefusalError
from .limits import Budget
from .methods import method_of
from .operations import alone
from .outside import inside
from .state import State
from .values import (
    RATE,
    Callback,
    Class,
    Function,
    Instance,
    Lanes,
    Method,
    Native,
    Optimizer,
    Outside,
    Scheduled,
    Scope,
    Super,
    Unknown,
)

_SPECIAL = ("__name__", "__class__")


class Attributes(State):
    """Looks attributes up, and sets them."""

    given: dict[str, Any]
    """What was given for pieces of the text, and what it sets of things that it does not define."""
    lr: float | None
    """The rate of the run."""
    top: Scope
    budget: Budget
    notes: list[str]
    marks: set[int]
    """The whole numbers that a number of every step was compared with."""
    optimizers: dict[str, Optimizer]
    """Those that the text does not define, by their names."""
    decorated: dict[int, str]
    """Of methods that are decorated, what they become."""
    function_names: dict[int, dict[str, Any]]
    """The attributes that functions were given."""
    fields: dict[int, list[str]]
    """The fields of dataclasses."""
    known_locals: dict[int, frozenset[str]]
    generators: set[int]
    keep: list[Any]
    """What is known by its id and must therefore live on."""
    options: dict[str, Any]
    """The defaults of the options that the program declares."""
    reading: bool
    """Whether the text is run through, and not yet a function of it."""
    set_on_top: list[tuple[str | None, Any]]
    """What the statements of the text make, one after the other, and its names."""
    undecided_statements: list[tuple[ast.stmt, Unknown]]
    """Those under a test that is unknown."""

    # What the classes below define, each for all.
    assign: Callable[..., Any]
    call: Callable[..., Any]
    call_base: Callable[..., Any]
    call_outside: Callable[..., Any]
    call_scheduler: Callable[..., Any]
    called: Callable[..., Any]
    compared: Callable[..., Any]
    counted: Callable[..., Any]
    imported: Callable[..., Any]
    is_framework_name: Callable[..., bool]
    is_known_package: Callable[..., bool]
    is_schedule: Callable[..., bool]
    locals_of: Callable[..., frozenset[str]]
    looks_like_schedule: Callable[..., bool]
    makes_schedule: Callable[..., bool]
    mixed: Callable[..., Any]
    optimizer: Callable[..., Any]
    run: Callable[..., Any]
    run_body: Callable[..., Any]
    schedule: Callable[..., Any]
    set_name: Callable[..., Any]
    undefined: Callable[..., Any]
    unknown: Callable[..., Any]
    use: Callable[..., Any]
    value: Callable[..., Any]

    def attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        """Return the value of an attribute as an expression."""
        of = self.value(node.value, scope)
        return self.attribute_of(of, node.attr, node)

    def attribute_of(self, of: Any, name: str, node: ast.AST) -> Any:
        """Return an attribute of a value."""
        if is_special(name) and not isinstance(of, Super) and name not in _SPECIAL:
            is_own = isinstance(of, Class | Instance) and name in ("__init__", "__call__")
            if not is_own:
                raise RefusalError("names with two underscores are not read; leave it out", node)
        match of:
            case Unknown():
                return self.of_unknown(of, name, node)
            case Outside():
                return self.of_outside(of, name, node)
            case Instance():
                return self.of_instance(of, name, node)
            case Class():
                found = of.member(name)
                if found is None:
                    if name == "__name__":
                        return of.name
                    raise RaisedError("AttributeError", f"{of.name} has no {name}", node)
                self.reads(of.names, name)
                member = found[0]
                return member.call if isinstance(member, Static) else member
            case Super():
                return self.of_super(of, name, node)
            case Optimizer():
                return self.of_optimizer(of, name, node)
            case Scheduled() | Callback():
                return SchedulerMethod(of, name)
            case Function():
                found = self.function_names.get(id(of), {})
                if name in found:
                    self.reads(found, name)
                    return found[name]
                if name == "__name__":
                    return of.name
                raise RaisedError("AttributeError", f"{of.name} has no {name}", node)
        method = method_of(of, name)
        if method is None:
            raise RaisedError("AttributeError", f"this has no {name}", node)
        return (
            Native(name, lambda run, args, kwargs: method(run, of, args, kwargs, node))
            if callable(method)
            else method.value
        )

    def of_unknown(self, of: Unknown, name: str, node: ast.AST) -> Any:
        if name == "param_groups":
            return self.optimizer_at(of.text).groups
        if name in ("lr", "learning_rate") and of.text.endswith("optimizer"):
            return self.of_optimizer(self.optimizer_at(of.text), name, node)
        if not of.path:
            return self.mixed(node, of)
        return self.unknown(f"{of.text}.{name}", node)

    def optimizer_at(self, text: str) -> Optimizer:
        """Return the optimizer that a piece of the text stands for, which it does not define."""
        if text not in self.optimizers:
            made = [v for v in self.top.names.values() if isinstance(v, Optimizer)]
            known = made[-1].groups[0]["lr"] if made else None
            rate = known if isinstance(known, int | float) else Unknown("lr", (RATE,))
            self.optimizers[text] = Optimizer(text, [{"lr": self.rate_of_run(rate)}])
        return self.optimizers[text]

    def rate_of_run(self, otherwise: Any = None) -> Any:
        """Return the rate of the run, else that it is missing."""
        return self.lr if self.lr is not None else otherwise or Unknown("lr", (RATE,))

    def of_outside(self, of: Outside, name: str, node: ast.AST) -> Any:
        path = f"{of.path}.{name}"
        found = inside(path)
        if found is not None:
            return found
        if path in self.given:
            return self.given[path]
        return Outside(path, of.imported)

    def of_instance(self, of: Instance, name: str, node: ast.AST) -> Any:
        self.reads(of, name)
        if name in of.names:
            return of.names[name]
        found = of.of.member(name)
        if found is not None:
            return self.bound(found[0], of, found[1], node)
        return self.inherited(of, name, node)

    def bound(self, member: Any, instance: Instance, owner: Class, node: ast.AST) -> Any:
        """Return a member of a class as it is seen on an instance."""
        if isinstance(member, Function):
            kind = self.decorated.get(id(member))
            if kind == "static":
                return member
            method = Method(member, instance.of if kind == "class" else instance)
            return self.called(method, [], {}, node) if kind == "property" else method
        return member

    def inherited(self, of: Instance, name: str, node: ast.AST) -> Any:
        """Return what an instance has from a base that the text does not define."""
        if name == "__class__":
            return of.of
        bases = [base for base in of.of.line() if not isinstance(base, Class)]
        if name == "optimizer" and isinstance(of.made, Scheduled) and of.made.args:
            return of.made.args[0]
        if not bases:
            raise RaisedError("AttributeError", f"{of.of.name} has no {name}", node)
        text = f"self.{name}"
        return self.unknown(text, node)

    def of_super(self, of: Super, name: str, node: ast.AST) -> Any:
        found = of.instance.of.member(name, of.after)
        if found is not None:
            return self.bound(found[0], of.instance, found[1], node)
        return SuperMethod(of.instance, name)

    def of_optimizer(self, of: Optimizer, name: str, node: ast.AST) -> Any:
        match name:
            case "param_groups":
                return of.groups
            case "defaults":
                return of.groups[0]
            case "lr" | "learning_rate":
                self.reads(of.groups[0], "lr")
                return of.schedule if of.schedule is not None else of.groups[0]["lr"]
            case "step":
                return Native("step", lambda run, *_: run.step_optimizer(of))
            case "_optimizer" | "optimizer":
                return of
        return Unknown(f"{of.text}.{name}", (f"{of.text}.{name}",), path=True, node=node)

    def special(self, of: Any, name: str) -> Any:
        """Return a method of an instance that has one, such as `__call__`; None if it has none."""
        found = of.of.member(name) if isinstance(of, Instance) else None
        return (
            Method(found[0], of) if found is not None and isinstance(found[0], Function) else None
        )

    def set_attribute(self, of: Any, name: str, value: Any, node: ast.AST) -> None:
        """Give an attribute of a value another value."""
        if is_special(name):
            raise RefusalError("names with two underscores are not read; leave it out", node)
        match of:
            case Instance():
                self.touch(of, name)
                of.names[name] = value
            case Class():
                self.touch(of.names, name)
                of.names[name] = value
            case Function():
                names = self.function_names.setdefault(id(of), {})
                self.touch(names, name)
                names[name] = value
            case Optimizer() if name in ("lr", "learning_rate"):
                for group in of.groups:
                    self.touch(group, "lr")
                    group["lr"] = value
            case Optimizer():
                pass
            case Unknown(path=True) if name in ("lr", "learning_rate") and of.text.endswith(
                "optimizer"
            ):
                self.set_attribute(self.optimizer_at(of.text), name, value, node)
            case Unknown(path=True):
                self.touch(self.given, f"{of.text}.{name}")
                self.given[f"{of.text}.{name}"] = value
            case Outside():
                self.touch(self.given, f"{of.path}.{name}")
                self.given[f"{of.path}.{name}"] = value
            case Unknown():
                pass
            case _:
                raise RefusalError("this has no attributes that can be set; write a class", node)

    def set_member(self, of: Any, place: Any, value: Any, node: ast.AST) -> None:
        """Give a place of a list or a dict another value."""
        place = alone(place)
        match of:
            case dict():
                if isinstance(place, list | dict | set):
                    raise RaisedError("TypeError", "such a value is no key of a dict", node)
                self.touch(of, place)
                of[place] = value
            case list() if isinstance(place, int):
                if not -len(of) <= place < len(of):
                    raise RaisedError("IndexError", "there is no such place in the list", node)
                self.touch(of)
                of[place] = value
            case np.ndarray() if isinstance(place, int | slice | np.integer | np.ndarray):
                self.touch(of)
                try:
                    of[place] = alone(value)
                except (ValueError, IndexError, TypeError) as error:
                    raise RaisedError(type(error).__name__, str(error), node) from None
            case Unknown(path=True) if isinstance(place, str | int):
                self.touch(self.given, f"{of.text}[{place!r}]")
                self.given[f"{of.text}[{place!r}]"] = value
            case Unknown():
                pass
            case Lanes():
                raise RefusalError("a part of a number is not set; write the number", node)
            case _:
                call = self.special(of, "__setitem__")
                if call is None:
                    raise RaisedError("TypeError", "a place of this cannot be set", node)
                self.called(call, [place, value], {}, node)


def is_special(name: str) -> bool:
    """Return whether a name is one of Python's own, such as `__class__`."""
    return name.startswith("__") and name.endswith("__")


class SchedulerMethod:
    """A method of a scheduler, such as `step`."""

    def __init__(self, of: Scheduled | Callback, name: str) -> None:
        self.of, self.name = of, name


class SuperMethod:
    """A method of a base that the text does not define, called on an instance of it."""

    def __init__(self, instance: Instance, name: str) -> None:
        self.instance, self.name = instance, name


class Static:
    """A function of a class that takes no instance."""

    def __init__(self, call: Function) -> None:
        self.call = call
