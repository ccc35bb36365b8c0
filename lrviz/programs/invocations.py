"""Framework's calls of a program with plain values, as the binding takes them."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..frameworks import Call, Framework
from ..frameworks import values as plain
from ..frameworks.kinds import Ignored
from .canonical import texts_of
from .entries import Entry
from .evaluation import Evaluation, MissingError
from .faults import RefusalError
from .interpreter import Interpreter
from .outside import framework_calls
from .parameters import is_step_name
from .schedule import ProgramFunction, Read
from .selection import Chosen, LackingError
from .source import Source, is_python
from .values import (
    Class,
    Function,
    Instance,
    Lanes,
    Method,
    Native,
    Optimizer,
    Outside,
    Scheduled,
    Unknown,
)


@dataclass
class Places:
    """Where the pieces of framework's calls stand in the text."""

    source: Source
    nodes: dict[int, tuple[Any, ast.Call]] = field(default_factory=dict)
    others: dict[int, tuple[Call, ...]] = field(default_factory=dict)

    def written(self, invocation: Any) -> tuple[str, tuple[Call, ...]]:
        """Return the name that a call is written by, and what else that may mean."""
        _, node = self.nodes[id(invocation)]
        return ast.unparse(node.func), self.others.get(id(invocation), ())

    def span(
        self, invocation: Any, key: int | str | None = None, member: int | None = None
    ) -> tuple[int, int]:
        """Return where an argument of a call stands, by its place or name; None is the call."""
        found = self.nodes.get(id(invocation))
        if found is None:
            return 0, 0
        node: ast.AST = found[1]
        call = found[1]
        if isinstance(key, int) and key < len(call.args):
            node = call.args[key]
        elif isinstance(key, str):
            node = next((k.value for k in call.keywords if k.arg == key), call)
        if (
            member is not None
            and isinstance(node, ast.List | ast.Tuple)
            and member < len(node.elts)
        ):
            node = node.elts[member]
        return self.source.span(node)


class Invocations:
    """Makes plain values of those of one program."""

    def __init__(
        self, source: Source, tree: ast.Module, given: Mapping[str, Any], lr: float | None
    ) -> None:
        self.source, self.tree, self.given, self.lr = source, tree, dict(given), lr
        self.run = Interpreter(self.given, lr)
        self.places = Places(source)
        self.within: Framework | None = None
        self.group = 0
        """Of which parameter group the rate is asked."""

    def read(self, entry: Entry, name: str | None) -> Read:
        """Return a way to ask the program as it is evaluated."""
        evaluation = Evaluation(self.run, entry.once, entry.recurrent)
        evaluation.node = entry.node
        title = name or getattr(entry.node, "name", None) or "the program"
        read = Read(evaluation, title, entry.length)
        try:
            evaluation.settle()
        except MissingError as missing:
            raise LackingError(missing.unknown, title) from None
        return read

    def invocation(self, made: Scheduled) -> plain.Invocation:
        """Return a framework's call with plain values."""
        of = self.run.optimizer_in(made.args[0] if made.args else made.kwargs.get("optimizer"))
        if of is not None and repr(made.rates) != repr([group["lr"] for group in of.groups]):
            raise RefusalError(
                "the rate of its optimizer is set after this is made; set it before", made.node
            )
        # Inside of another's call a name is first that framework's.
        alike = [c for c in (made.call, *made.others) if c.framework == self.within]
        call = alike[0] if alike else made.call
        around, self.within = self.within, call.framework
        args = tuple(self.plain(value) for value in made.args)
        kwargs = {name: self.plain(value) for name, value in made.kwargs.items()}
        self.within = around
        found = plain.Invocation(call, args, kwargs)
        self.places.nodes[id(found)] = (found, made.node)
        if around is None:
            self.places.others[id(found)] = tuple(c for c in made.others if c != call)
        return found

    def together(self, made: list[Scheduled]) -> plain.Invocation:
        """Return the call of a framework that makes one schedule of those of one optimizer."""
        calls = [self.invocation(one) for one in made]
        if len(calls) == 1:
            return calls[0]
        idle = [one for one in made if not one.stepped]
        if len(idle) not in (0, len(made)):
            raise RefusalError(
                "this is not stepped where another of its optimizer is; step it too, or take it "
                "away",
                idle[0].node,
            )
        if any(call.call.framework.name != "torch" for call in calls):
            raise RefusalError(
                "this has the optimizer of another schedule; give the curve of one alone",
                made[-1].node,
            )
        (chained,) = framework_calls("torch.optim.lr_scheduler.ChainedScheduler", imported=True)[:1]
        given = (value for call in calls for value in (*call.args, *call.kwargs.values()))
        optimizers = [value for value in given if isinstance(value, plain.OptimizerValue)]
        found = plain.Invocation(chained, (calls, *optimizers[:1]))
        self.places.nodes[id(found)] = (found, made[0].node)
        return found

    def plain(self, value: Any) -> Any:
        """Return a value of the program as the binding takes it."""
        match value:
            case Scheduled():
                return self.invocation(value)
            case Unknown():
                of = self.run.optimizers.get(value.text)
                is_set = of is not None and of.groups != [{"lr": self.run.rate_of_run()}]
                return self.plain(of) if is_set else plain.Unknown(value.text)
            case Optimizer():
                rate = value.groups[min(self.group, len(value.groups) - 1)]["lr"]
                known = isinstance(rate, int | float) and not isinstance(rate, bool)
                return plain.OptimizerValue(rate if known else None, value.text)
            case Instance(made=Scheduled() as inner):
                return self.invocation(inner)
            case Function() | Method() | Instance():
                return self.function(value)
            case Native(name="partial"):
                return self.function(value)
            case Outside():
                return plain.Unknown(value.path)
            case np.generic():
                return value.item()
            case np.ndarray():
                return value.tolist()
            case list():
                return [self.plain(v) for v in value]
            case tuple():
                return tuple(self.plain(v) for v in value)
            case dict():
                return {k: self.plain(v) for k, v in value.items()}
            case range():
                return list(value) if len(value) <= 10_000 else plain.Unknown(str(value))
            case Class() | Lanes() | Native():
                return plain.Unknown(type(value).__name__.lower())
        return value

    def function(self, value: Any) -> ProgramFunction:
        """Return a function of the program as a framework's call takes it."""
        run = self.run
        entry = Entry(lambda t: run.called(value, [t], {}, ast.Pass()))
        inner = value.function if isinstance(value, Method) else value
        entry.node = inner.node if isinstance(inner, Function) else None
        name = next((n for n, v in run.top.names.items() if v is value), None)
        read = self.read(entry, name or getattr(inner, "name", None))
        entry.value = value
        texts = texts_of(run, self.tree.body, self.given, entry, name, expression=True)
        text = next(filter(is_python, texts), ast.unparse(self.tree))
        (*before, last) = ast.parse(text).body
        if isinstance(last, ast.Expr):
            lines = "\n".join(map(ast.unparse, before))
            return ProgramFunction(ast.unparse(last), lines, read)
        own = last.name if isinstance(last, ast.FunctionDef) else name or read.title
        return ProgramFunction(own, text, read)

    def clock(self, made: Scheduled) -> ProgramFunction | None:
        """Return the step of a call's schedule as a function of the text's own step.

        None where they are one: the call is given the step itself, or takes none.
        """
        kinds = {
            name: given.annotation if "step" in name or "count" in name else None
            for name, given in made.call.parameters.items()
        }
        for name, value, node in zip(kinds, made.args, made.node.args, strict=False):
            if kinds[name] is Ignored and isinstance(value, Unknown) and not value.path:
                return self.clock_of(value, node)
        for keyword in made.node.keywords:
            value = made.kwargs.get(keyword.arg or "")
            ignored = kinds.get(keyword.arg or "") is Ignored
            if ignored and isinstance(value, Unknown) and not value.path:
                return self.clock_of(value, keyword.value)
        return None

    def clock_of(self, value: Unknown, node: ast.expr) -> ProgramFunction | None:
        """Return an expression of the step as a function of it."""
        steps = [name for name in value.names if is_step_name(name.rpartition(".")[2])]
        if len(steps) != 1 or not steps[0].isidentifier() or len(value.names) > 1:
            lacking = [name for name in value.names if name not in steps]
            if lacking:
                raise LackingError(Unknown(value.text, tuple(lacking), node=node), None)
            raise RefusalError("what step this is asked for is not known; write the step", node)
        own = ast.arguments([], [ast.arg(steps[0])], None, [], [], None, [])
        expression = ast.copy_location(ast.Lambda(own, node), node)
        function = Function(expression, self.run.top, "lambda", {})
        found = self.function(function)
        asked = np.arange(0.0, 3000.0, 7.0)
        return None if (found(asked) == asked).all() else found

    def groups(self, chosen: Chosen) -> list[tuple[str | None, int]]:
        """Return a label and a number for each rate that parameter groups begin with."""
        assert isinstance(chosen.what, list)
        values = [v for one in chosen.what for v in (*one.args, *one.kwargs.values())]
        of = next((v for v in values if isinstance(v, Optimizer)), None)
        rates = [group["lr"] for group in of.groups] if of is not None else []
        first = {repr(rate): i for i, rate in reversed(list(enumerate(rates)))}
        if len(first) < 2:
            return [(chosen.label, 0)]
        name = f"{chosen.label} " if chosen.label else ""
        return [(f"{name}group {i}", i) for i in sorted(first.values())]
