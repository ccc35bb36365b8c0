"""Pasted calls: from a framework's line of Python to a schedule.

The text is read with `ast` and never run: calls that the frameworks' files define, literals, plain
arithmetic, variables that the text itself assigns, and lambdas. What stands for the optimizer or
counts the steps is passed over.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from ..errors import (
    LrvizError,
    ParameterError,
    Sentence,
    SpecError,
    did_you_mean,
    listing,
    quoted,
    say_of_run,
    sentence,
)
from ..families import family
from ..frameworks import Call, Framework, all_calls, calls_named, is_package
from ..frameworks.base import FormulaText, Ignored, Member, NotResumed, Optimizer, Raw
from ..schedules.base import Schedule
from ..schedules.fields import Parameter, parameter
from .expressions import NOWHERE, UNKNOWN, ExpressionReader, Scope
from .quantities import Run
from .source import Source

_CARRIERS = ("learning_rate", "lr", "lr_scheduler", "scheduler")
"""How what is not a schedule names the one that it carries."""

FROM_RUN = ("lr", "metrics", "steps_per_epoch", "horizon")
"""What may be written inside of any call, and then holds for the calls within it too."""


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


class CallReader(ExpressionReader):
    """Reads the calls of one source, which begins at `start` in the whole text."""

    def __init__(self, text: str, source: Source, start: int = 0) -> None:
        super().__init__(text, source, start)
        self.read: list[Read] = []

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

    def schedule(
        self, node: ast.expr, scope: Scope, run: Run, within: Framework | None = None
    ) -> Schedule:
        """Return the schedule of an expression: a call, the name of one, a number or a lambda."""
        node, scope = self.found(node, scope)
        match node:
            case ast.Call():
                return self.call(node, scope, run, within).schedule
            case ast.Lambda():
                from ..frameworks.formulas import Formula

                return Formula(lr=1.0, f=self.formula(node, scope))
        number = self.value(node, scope)
        if isinstance(number, bool) or not isinstance(number, int | float):
            self.fail(f"{quoted(ast.unparse(node))} is not a schedule; write a call", node)
        from ..families.const import Constant

        try:
            return Constant(lr=number)
        except ParameterError as error:
            self.fail("a rate " + error.rule, node)

    def call(self, node: ast.Call, scope: Scope, run: Run, within: Framework | None) -> Member:
        """Return a call with its arguments and its schedule."""
        with self.deeper(node):
            return self.called(node, scope, run, within)

    def called(self, node: ast.Call, scope: Scope, run: Run, within: Framework | None) -> Member:
        found = self.calls_of(node, scope, within)
        if not found:
            self.unknown(node)
        call = found[0]
        # Of nested calls only the outermost has others: the rest is of its framework.
        others = () if within else tuple(found[1:])
        self.read.append(Read(call, self.path(node, scope), others))
        nodes = self.bound(call, node, scope)
        signature = inspect.signature(call.function).parameters
        inner = self.run_within(node, nodes, signature, scope, run)
        arguments = {}
        for name, given in signature.items():
            if name in nodes:
                field = parameter(name, given.annotation, given.default)
                annotation = given.annotation
                arguments[name] = self.argument(call, field, annotation, nodes[name], scope, inner)
            elif given.kind is given.KEYWORD_ONLY and getattr(inner, name, None) is not None:
                field = parameter(name, given.annotation, given.default)
                arguments[name] = self.accepted(call, field, getattr(inner, name), node)
            elif given.annotation in (Ignored, Optimizer):
                arguments[name] = None
        self.check_missing(call, signature, arguments, node)
        schedule = self.built(lambda: call.function(**arguments), call.name, nodes, node)
        defaults = {n: p.default for n, p in signature.items() if p.default is not p.empty}
        return Member(call.name, {**defaults, **arguments}, schedule)

    def member(self, node: ast.expr, scope: Scope, run: Run, within: Framework | None) -> Member:
        """Return a call inside another's list."""
        node, scope = self.found(node, scope)
        if not isinstance(node, ast.Call):
            self.fail(f"{quoted(ast.unparse(node))} is not a call; write one", node)
        return self.call(node, scope, run, within)

    def bound(self, call: Call, node: ast.Call, scope: Scope) -> dict[str, ast.expr]:
        """Return the argument of each parameter, as the framework binds them."""
        signature = inspect.signature(call.function).parameters
        positional = [n for n, p in signature.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
        optimizer = next((n for n, p in signature.items() if p.annotation is Optimizer), None)
        bound: dict[str, ast.expr] = {}
        arguments = list(node.args)
        if arguments and optimizer and optimizer != positional[0] and _is_optimizer(arguments[0]):
            bound[optimizer] = arguments.pop(0)  # wherever its place is, it is passed over
        for i, argument in enumerate(arguments):
            if isinstance(argument, ast.Starred):
                self.fail(f"{call.name}: what * stands for is not known; write it out", argument)
            if i >= len(positional):
                takes = listing(positional) if positional else "none"
                most = f"{len(positional)} value{'s' * (len(positional) != 1)}"
                self.fail(f"{call.name} takes at most {most} without a name: {takes}", argument)
            bound[positional[i]] = argument
        for keyword in self.keywords(call, node, scope):
            name = keyword.arg
            assert name is not None
            if name in bound:
                self.fail(f"{call.name}: {name} is given twice; keep one", keyword)
            if name in signature:
                bound[name] = keyword.value
            elif name not in FROM_RUN:
                near = did_you_mean(name, signature) or f"; it takes {listing(signature)}"
                self.fail(f"{call.name} has no parameter {quoted(name)}{near}", keyword)
        return bound

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

    def run_within(
        self,
        node: ast.Call,
        nodes: Mapping[str, ast.expr],
        signature: Mapping[str, inspect.Parameter],
        scope: Scope,
        run: Run,
    ) -> Run:
        """Return what is known of the run inside a call: what is known outside, and its own."""
        given: dict[str, Any] = {}
        for name, argument in nodes.items():
            if signature[name].annotation is Optimizer:
                optimizer, there = self.found(argument, scope)
                keywords = optimizer.keywords if isinstance(optimizer, ast.Call) else []
                for keyword in (k for k in keywords if k.arg == "lr" and run.lr is None):
                    rate = self.tried(keyword.value, there)
                    given |= {} if rate is UNKNOWN else {"lr": rate}
        for keyword in node.keywords:
            name = keyword.arg or ""
            own = name in signature and signature[name].kind is not inspect.Parameter.KEYWORD_ONLY
            if name in FROM_RUN and not own:
                given[name] = self.value(keyword.value, scope, getattr(run, name))
        return run._replace(**given)

    def argument(
        self,
        call: Call,
        field: Parameter,
        annotation: Any,
        node: ast.expr,
        scope: Scope,
        run: Run,
    ) -> Any:
        """Return the value of an argument, in the type of its parameter."""
        if annotation is Ignored or annotation is Optimizer:
            return None
        if field.item is FormulaText:
            return self.function(node, scope)
        if field.item in (Schedule, Member) and field.many:
            members, there = self.found(node, scope)
            if not isinstance(members, ast.List | ast.Tuple):
                self.fail(f"{call.name}: {field.name} must be a list of calls", node)
            read = self.schedule if field.item is Schedule else self.member
            return tuple(read(m, there, run, call.framework) for m in members.elts)
        if field.item is Schedule:
            return self.schedule(node, scope, run, call.framework)
        if isinstance(node, ast.Attribute) and node.attr.lower() in field.choices:
            return node.attr.lower()  # an enum's member, SchedulerType.COSINE
        what = f"{call.name}: {field.name}"
        value = self.value(node, scope, getattr(run, field.name, None), what)
        if annotation is NotResumed and value != -1:
            self.fail(
                f"{what} continues a run, and its rates depend on how it was saved; "
                "take it away, and move the whole schedule with a spec: shift:steps=-100/SPEC",
                node,
            )
        return value if annotation is Raw else self.accepted(call, field, value, node)

    def accepted(self, call: Call, field: Parameter, value: Any, node: ast.expr) -> Any:
        """Return a value in the type of its parameter."""
        try:
            return field.accept(value, call.name)
        except ParameterError as error:
            self.fail(error.sentence, node)

    def check_missing(
        self,
        call: Call,
        signature: Mapping[str, inspect.Parameter],
        arguments: Mapping[str, Any],
        node: ast.Call,
    ) -> None:
        missing = [n for n, p in signature.items() if p.default is p.empty and n not in arguments]
        if not missing:
            return
        name = missing[0]
        cure: dict[str, str | Sentence] = {
            "lr": "takes its rate from the optimizer; " + say_of_run("lr", 0.1),
            "metrics": "follows a metric; write metrics=[0.9, 0.8, ...] inside the call",
        }
        if signature[name].kind is inspect.Parameter.KEYWORD_ONLY and name in cure:
            self.fail(f"{call.name} " + sentence(cure[name]), node)
        words = listing(missing)
        self.fail(f"{call.name} lacks {words}; add {missing[0]}=VALUE", node)

    def built(
        self,
        make: Callable[[], Schedule],
        what: str,
        nodes: Mapping[str, ast.expr],
        node: ast.expr,
    ) -> Schedule:
        """Return what `make` returns; what it refuses is said in the words of the call."""
        try:
            return make()
        except ParameterError as error:
            kind = family(error.family)
            field = next(
                (f for f in kind.parameters() if f.name == error.parameter) if kind else iter(()),
                None,
            )
            own = {error.parameter} | {*(field.param.also if field else ())}
            argument = next((a for a in nodes if a in own), None)
            if argument is None:
                own_words = error.family == what
                self.fail(error.sentence if own_words else f"{what}: " + error.sentence, node)
            if field is None:
                self.fail(error.sentence, nodes[argument])
            self.fail(error.renamed(what, argument), nodes[argument])
        except LrvizError as error:
            self.fail(f"{what}: " + error.sentence, node)

    def unknown(self, node: ast.Call) -> NoReturn:
        """Refuse a call that no framework has."""
        path = _path(node.func)
        if path is None:
            self.fail(
                f"{quoted(ast.unparse(node.func))} is not the name of a call; "
                "paste the line that makes the schedule",
                node.func,
            )
        module, _, name = path.rpartition(".")
        names = {call.name for call in all_calls()}
        near = did_you_mean(name, names) or "; 'lrviz list' shows those that are read"
        whose = f" of {module}" if is_package(module.partition(".")[0]) else ""
        if name in names:
            near = f"; write {calls_named(name)[0].path}"
        self.fail(f"unknown call {quoted(name)}{whose}{near}", node.func)


def _is_optimizer(node: ast.expr) -> bool:
    """Return whether an argument is a variable that is called like an optimizer."""
    path = _path(node) or ""
    return path.rpartition(".")[2].lower().startswith("opt")


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
