"""Pasted calls: from a framework's line of Python to a schedule.

The text is read with `ast` and never run: calls that the frameworks' files define, literals, plain
arithmetic, variables that the text itself assigns, and lambdas. What stands for the optimizer or
counts the steps is passed over.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import SpecError, quoted
from ..families import family
from ..frameworks import Call, Framework, calls_named, unknown_call
from ..frameworks.binding import BindingError, bind
from ..frameworks.values import Invocation, OptimizerValue, Unknown, Value
from ..schedules.base import Schedule
from .expressions import NOWHERE, UNKNOWN, ExpressionReader, Scope
from .quantities import Run
from .source import Source

_CARRIERS = ("learning_rate", "lr", "lr_scheduler", "scheduler")
"""How what is not a schedule names the one that it carries."""


class Read(NamedTuple):
    """A call that was read, the path under which it was written, and what else that may mean."""

    call: Call
    written: str
    others: tuple[Call, ...]

    @property
    def is_assumed(self) -> bool:
        """Whether the path leaves open which framework is meant."""
        module = self.written.rpartition(".")[0]
        return bool(self.others) or (module != "" and not self.call.framework.has(module))


class Pasted(NamedTuple):
    """A schedule, the name that the text gives it, and the outermost call."""

    label: str | None
    schedule: Schedule
    read: Read


def read_pasted(text: str, run: Run) -> Pasted | None:
    """Return the schedule of a text that is Python; None if it is something else.

    Of several statements the last is taken that calls a framework; those before it may give names
    their values. SpecError if its calls cannot be read.
    """
    source = Source.of(text)
    try:
        body = source.tree().body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    reader = CallReader(text, source)
    found = [
        (label, *reader.carried(node, scope)) for label, node, scope in reader.statements(body)
    ]
    named = [f for f in found if isinstance(f[1], ast.Call) and reader.calls_of(f[1], f[2])]
    calling = named or [f for f in found if isinstance(f[1], ast.Call)]
    if not calling:
        return None
    label, node, scope = calling[-1]
    assert isinstance(node, ast.Call)
    schedule = reader.schedule(node, scope, run)
    return Pasted(label, schedule, reader.read[0])


def read_stage(text: str, stage: str, start: int, run: Run) -> tuple[Schedule, Read | None]:
    """Return the schedule of a call that is a stage of a spec, and begins at `text[start]`."""
    source = Source.of(stage)
    try:
        tree = source.tree()
    except SyntaxError as error:
        at = start + max((error.offset or 1) - 1, 0)
        why = error.msg.partition(" (")[0]
        raise SpecError(
            f"this call is not Python: {why}; mend it", text, at, max(at + 1, at)
        ) from None
    except (ValueError, MemoryError, RecursionError):
        raise SpecError(
            "this call is nested too deep; shorten it", text, start, start + len(stage)
        ) from None
    reader = CallReader(text, source, start)
    node = (
        tree.body[0].value if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) else None
    )
    if not isinstance(node, ast.Call):
        raise SpecError(
            "this is not a call; write one such as StepLR(optimizer, 30, lr=0.1)",
            text,
            start,
            start + len(stage),
        )
    return reader.schedule(node, NOWHERE, run), reader.read[0]


class Written(NamedTuple):
    """Where an invocation is written: its call, its keywords, and the names in force there."""

    node: ast.Call
    keywords: Mapping[str, ast.keyword]
    scope: Scope


class CallReader(ExpressionReader):
    """Reads the calls of one source, which begins at `start` in the whole text."""

    def __init__(self, text: str, source: Source, start: int = 0) -> None:
        super().__init__(text, source, start)
        self.read: list[Read] = []
        self.written: dict[Invocation, Written] = {}

    def statements(self, body: list[ast.stmt]) -> Iterator[tuple[str | None, ast.expr, Scope]]:
        """Yield the expressions of statements, the names they are given, and where they stand."""
        values: dict[str, tuple[ast.expr, Scope]] = {}
        modules: dict[str, str] = {}
        for statement in body:
            scope = Scope(dict(values), dict(modules))
            match statement:
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=each)) if (
                    len(targets) == len(each)
                ):
                    values |= {
                        ast.unparse(target): (value, scope)
                        for target, value in zip(targets, each, strict=True)
                    }
                case ast.Assign(targets=[target, *_], value=value):
                    name = ast.unparse(target)
                    values[name] = _alone(value), scope
                    yield name, _alone(value), scope
                case ast.AnnAssign(target=target, value=ast.expr() as value) if (
                    family(ast.unparse(target)) is None
                ):
                    name = ast.unparse(target)
                    values[name] = value, scope
                    yield name, value, scope
                case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                    yield None, _alone(value), scope
                case ast.Import() | ast.ImportFrom():
                    package = getattr(statement, "module", None)
                    for alias in statement.names:
                        path = f"{package}.{alias.name}" if package else alias.name
                        modules[alias.asname or alias.name.partition(".")[0]] = (
                            path if alias.asname or package else alias.name.partition(".")[0]
                        )
                case ast.FunctionDef(name=name, args=arguments, body=lines):
                    result = _as_expression(lines)
                    if result is not None:
                        function = ast.copy_location(ast.Lambda(arguments, result), statement)
                        values[name] = function, scope

    # Calls

    def carried(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
        """Return the schedule that an optimizer or a dict carries; other expressions as they are.

        Such are `Adam(learning_rate=CosineDecay(...))` and `{"lr_scheduler": StepLR(...)}`.
        """
        match node:
            case ast.Call() if not self.calls_of(node, scope):
                inner = next((k.value for k in node.keywords if k.arg in _CARRIERS), None)
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                named = (
                    v for k, v in pairs if isinstance(k, ast.Constant) and k.value in _CARRIERS
                )
                inner = next(named, None)
            case _:
                inner = None
        if inner is None:
            return node, scope
        inner, there = self.found(inner, scope)
        if isinstance(inner, ast.Dict) or (
            isinstance(inner, ast.Call) and self.calls_of(inner, there)
        ):
            with self.deeper(node):
                return self.carried(inner, there)
        return node, scope

    def calls_of(self, node: ast.Call, scope: Scope, within: Framework | None = None) -> list[Call]:
        """Return what a call may mean, the best known first."""
        path = self.path(node, scope)
        found = calls_named(path, within)
        return found or calls_named(path.rpartition(".")[0], within)  # Container.Config(...)

    def path(self, node: ast.Call, scope: Scope) -> str:
        """Return the dotted name that a call calls, as imports have it; "" if it is none."""
        first, dot, rest = (_path(node.func) or "").partition(".")
        return scope.modules.get(first, first) + dot + rest

    def schedule(self, node: ast.Call, scope: Scope, run: Run) -> Schedule:
        """Return the schedule of a call."""
        invocation = self.invocation(node, scope)
        try:
            return bind(invocation, run)
        except BindingError as error:
            self.fail(error.sentence, self.place(error) or node)

    def invocation(
        self, node: ast.Call, scope: Scope, within: Framework | None = None
    ) -> Invocation:
        """Return a call with the values that it is given."""
        path = self.path(node, scope)
        found = self.calls_of(node, scope, within)
        if not found:
            self.fail(unknown_call(path) if path else _not_a_name(node), node.func)
        call = found[0]
        # Of nested calls only the outermost has others: the rest is of its framework.
        self.read.append(Read(call, path, () if within else tuple(found[1:])))
        keywords: dict[str, ast.keyword] = {}
        with self.deeper(node):
            for argument in node.args:
                if isinstance(argument, ast.Starred):
                    self.fail(
                        f"{call.name}: what * stands for is not known; write it out", argument
                    )
            for keyword in self.keywords(call, node, scope):
                assert keyword.arg is not None
                if keyword.arg in keywords:
                    self.fail(f"{call.name}: {keyword.arg} is given twice; keep one", keyword)
                keywords[keyword.arg] = keyword
            invocation = Invocation(
                call,
                tuple(self.value(argument, scope, call.framework) for argument in node.args),
                {n: self.value(k.value, scope, call.framework) for n, k in keywords.items()},
            )
        self.written[invocation] = Written(node, keywords, scope)
        return invocation

    def value(self, node: ast.expr, scope: Scope, within: Framework) -> Value:
        """Return the value of an argument, as far as the text says it."""
        text = node
        node, scope = self.found(node, scope)
        match node:
            case ast.Lambda():
                return self.formula(node, scope)
            case ast.Call() if self.calls_of(node, scope, within):
                return self.invocation(node, scope, within)
            case ast.List() | ast.Tuple() | ast.Dict() | ast.Call(func=ast.Name(id="dict")):
                members = _members(node)
                if members is not None:
                    with self.deeper(node):
                        found = [self.value(member, scope, within) for member in members]
                        return self.joined(node, found, scope)
        value = self.tried(node, scope)
        if value is not UNKNOWN:
            return value
        if not isinstance(node, ast.Call):
            return Unknown(ast.unparse(text))
        rate = next((keyword.value for keyword in node.keywords if keyword.arg == "lr"), None)
        if rate is None:
            return Unknown(ast.unparse(text), self.path(node, scope))
        lr = self.tried(rate, scope)
        return OptimizerValue(None if lr is UNKNOWN else lr, ast.unparse(text))

    def joined(self, node: ast.expr, members: list[Value], scope: Scope) -> Value:
        """Return the list or the dict that holds members."""
        if isinstance(node, ast.Call):
            return dict(zip((keyword.arg for keyword in node.keywords), members, strict=True))
        if not isinstance(node, ast.Dict):
            return members
        keys = [self.tried(key, scope) for key in node.keys if key is not None]
        if not all(isinstance(key, str | int | float | None) for key in keys):
            return Unknown(ast.unparse(node))
        return dict(zip(keys, members, strict=True))

    def place(self, error: BindingError) -> ast.expr | ast.keyword | None:
        """Return where the value that was refused is written, or else its call."""
        written = self.written.get(error.invocation)
        if written is None or error.argument is None:
            return written and written.node
        if isinstance(error.argument, int):
            node = written.node.args[error.argument]
        elif error.of_name:
            return written.keywords[error.argument]
        else:
            node = written.keywords[error.argument].value
        if error.member is not None:
            inner, _ = self.found(node, written.scope)
            members = _members(inner) or []
            node = members[error.member] if error.member < len(members) else node
        return node

    def keywords(self, call: Call, node: ast.Call, scope: Scope) -> Iterator[ast.keyword]:
        """Yield the keywords of a call, those of a dict after ** too."""
        for keyword in node.keywords:
            if keyword.arg is not None:
                yield keyword
                continue
            value, _ = self.found(keyword.value, scope)
            match value:
                case ast.Dict(keys=keys, values=values):
                    pairs = zip(keys, values, strict=True)
                case ast.Call(func=ast.Name(id="dict"), args=[], keywords=inner):
                    yield from inner
                    continue
                case _:
                    self.fail(
                        f"{call.name}: what ** stands for is not known; write it out", keyword.value
                    )
            for key, item in pairs:
                if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                    self.fail(
                        f"{call.name}: what ** stands for is not known; write it out", keyword.value
                    )
                yield ast.copy_location(ast.keyword(key.value, item), item)


def _members(node: ast.expr) -> list[ast.expr] | None:
    """Return what stands in a list, a tuple or a dict; None if that is not all of it."""
    match node:
        case ast.List(elts=members) | ast.Tuple(elts=members):
            return None if any(isinstance(one, ast.Starred) for one in members) else members
        case ast.Dict(keys=keys, values=members):
            return None if None in keys else members
        case ast.Call(args=[], keywords=keywords) if all(k.arg for k in keywords):
            return [keyword.value for keyword in keywords]
    return None


def _not_a_name(node: ast.Call) -> str:
    """Return what is wrong with a call of something that has no name."""
    return (
        f"{quoted(ast.unparse(node.func))} is not the name of a call; "
        "paste the line that makes the schedule"
    )


def _path(node: ast.expr) -> str | None:
    """Return the dotted name that a call calls, None if it calls something else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _as_expression(lines: list[ast.stmt]) -> ast.expr | None:
    """Return what a function returns, as one expression; None if it is more than ifs."""
    match lines:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return _as_expression(rest)
        case [ast.Return(value=ast.expr() as value), *_]:
            return value
        case [ast.If(test=test, body=body, orelse=orelse), *rest]:
            yes, no = _as_expression(body), _as_expression([*orelse, *rest])
            return None if yes is None or no is None else ast.IfExp(test, yes, no)
    return None


def _alone(node: ast.expr) -> ast.expr:
    """Return what stands before a comma at the end: an argument was pasted with its comma."""
    is_one = isinstance(node, ast.Tuple) and len(node.elts) == 1
    return node.elts[0] if is_one else node  # type: ignore[attr-defined]
