"""The interpreter: a text is run through once, and its functions then at all steps at once."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from typing import Any

from ..frameworks import all_calls, is_package, nearest_call, unknown_call
from .faults import DecidedError, RaisedError, RefusalError, UndecidedError
from .limits import Budget
from .optimizers import Optimizers
from .outside import (
    OPTIMIZERS,
    TABLES,
    TRANSFORMS,
    forbidden,
    framework_calls,
    inside,
    known_module,
    real_path,
    root_of,
)
from .statements import Statements
from .training import Loop, check_steps, is_loop_of_training
from .values import (
    Callback,
    Instance,
    Optimizer,
    Outside,
    Scheduled,
    Scope,
    Unknown,
)


class Interpreter(Optimizers, Statements):
    """Runs one program, with what is given for the names that it lacks."""

    def __init__(self, given: dict[str, Any], lr: float | None) -> None:
        super().__init__()
        self.given, self.lr = dict(given), lr
        self.budget = Budget()
        self.top = Scope()
        self.notes: list[str] = []
        self.marks: set[int] = set()
        self.optimizers: dict[str, Optimizer] = {}
        self.decorated: dict[int, str] = {}
        self.fields: dict[int, list[str]] = {}
        self.known_locals: dict[int, frozenset[str]] = {}
        self.generators: set[int] = set()
        self.keep: list[Any] = []
        self.function_names: dict[int, dict[str, Any]] = {}
        self.undecided_statements: list[tuple[ast.stmt, Unknown]] = []
        self.scheduled: list[Scheduled] = []
        self.failed: list[tuple[ast.stmt, Unknown]] = []
        self.reading = False
        self.options: dict[str, Any] = {}
        self.loops: list[Loop] = []
        self.set_on_top: list[tuple[str | None, Any]] = []

    def read_text(self, body: list[ast.stmt]) -> None:
        """Run the statements of the text.

        What one of them lacks in us makes what it sets unknown, and no more.
        """
        self.reading = True
        for statement in body:
            try:
                self.run([statement], self.top)
            except UndecidedError as fault:
                self.spoiled(statement, fault.unknown)
            except (RefusalError, RaisedError) as fault:
                is_ours = isinstance(fault, RefusalError) or fault.kind in (
                    "AttributeError",
                    "TypeError",
                )
                if isinstance(fault, DecidedError) or not is_ours:
                    raise
                unknown = Unknown(ast.unparse(statement)[:200], why=fault.message, node=fault.node)
                self.spoiled(statement, unknown)
                self.failed.append((statement, unknown))
        self.reading = False

    def is_training(self, node: ast.stmt, scope: Scope) -> bool:
        return self.reading and is_loop_of_training(node, self)

    def train(self, node: ast.stmt, scope: Scope) -> Any:
        assert isinstance(node, ast.For | ast.While)
        check_steps(node, lambda name: self.looked_up(name, scope))
        loop = Loop.of(node, scope, self)
        self.loops.append(loop)

    def is_framework_name(self, name: str) -> bool:
        """Return whether a name that the text lacks is that of a framework's call."""
        return (
            bool(framework_calls(name, imported=False))
            or name in OPTIMIZERS
            or name.endswith(("LRScheduler", "LearningRateSchedule", "LearningRateScheduler"))
        )

    def is_known_package(self, path: str) -> bool:
        root = path.partition(".")[0]
        return known_module(root) is not None or is_package(root)

    def imported(self, path: str) -> Any:
        """Return what an import of a dotted path gives."""
        found = inside(path)
        if found is not None:
            return found
        return Outside(path, imported=True)

    def makes_schedule(self, node: ast.AST) -> bool:
        """Return whether an expression may make a schedule, at a glance."""
        for each in ast.walk(node):
            if isinstance(each, ast.Call):
                name = ast.unparse(each.func).rpartition(".")[2]
                if self.is_framework_name(name):
                    return True
        return False

    def is_schedule(self, *values: Any) -> bool:
        """Return whether a schedule is among several values, in lists too."""
        for value in values:
            match value:
                case Scheduled() | Callback():
                    return True
                case Optimizer(schedule=schedule) if schedule is not None:
                    return True
                case Instance(made=made) if made is not None:
                    return True
                case list() | tuple():
                    if self.is_schedule(*value):
                        return True
                case dict():
                    if self.is_schedule(*value.values()):
                        return True
        return False

    def call_outside(self, of: Outside, args: list[Any], kwargs: dict[str, Any], node: Any) -> Any:
        """Return what calling something of a module gives."""
        text = ast.unparse(node)[:200]
        if text in self.given:
            return self.given[text]
        why = forbidden(of.path)
        if why:
            return Unknown(
                text, why=f"{text} {why}, no function of the step; write a number", node=node
            )
        name = of.path.rpartition(".")[2]
        if self.reading and name.startswith(("add_argument", "DEFINE_")):
            return self.declare(args, kwargs)
        special = self.special_call(of.path, name, args, kwargs, node)
        if special is not None:
            return special
        calls = framework_calls(of.path, of.imported)
        if calls:
            return self.schedule(calls, args, kwargs, node)
        if name in OPTIMIZERS or (root_of(of.path) == "optax" and name in TRANSFORMS):
            return self.optimizer(of.path, args, kwargs, node)
        if self.is_schedule(*args, *kwargs.values()):
            return self.foreign(of.path, args, kwargs, node)
        if of.imported and not self.is_known_package(of.path):
            return Unknown(
                text,
                why=f"{of.path} is not PyTorch's nor another known framework's; "
                "paste its definition",
                needed=self.looks_like_schedule(name) or self.is_framework_name(name),
                node=node,
            )
        if real_path(of.path).rpartition(".")[0] in TABLES:
            why = f"the function {of.path} is not read; write it with others"
            return Unknown(text, why=why, node=node)
        if self.looks_like_schedule(name):
            near = nearest_call(of.path) or "; paste its definition"
            is_elsewhere = any(name == call.name for call in all_calls())
            why = unknown_call(of.path) if is_elsewhere else f"{of.path} is not known{near}"
            return Unknown(text, why=why, needed=True, node=node)
        return self.unknown(text, node)

    def looks_like_schedule(self, name: str) -> bool:
        """Return whether something unknown is called as schedules are."""
        return "chedule" in name or name.endswith(("LR", "Decay"))

    def schedule(
        self, calls: list[Any], args: list[Any], kwargs: dict[str, Any], node: Any
    ) -> Scheduled:
        """Return a framework's call with what it is given."""
        stars = [a for a in node.args if isinstance(a, ast.Starred)]
        if "**" in kwargs or (stars and any(isinstance(a, Unknown) for a in args)):
            star = "**" if "**" in kwargs else "*"
            raise RefusalError(
                f"{calls[0].name}: what {star} stands for is not known; write it out", node
            )
        for value in (*args, *kwargs.values()):
            self.use(value)
        made = Scheduled(calls[0], tuple(calls[1:]), args, kwargs, node)
        of = self.optimizer_in(args[0] if args else kwargs.get("optimizer"))
        made.rates = [group["lr"] for group in of.groups] if of is not None else []
        self.scheduled.append(made)
        return made

    def optimizer_in(self, value: Any) -> Optimizer | None:
        """Return the optimizer that a value is, in the text or not."""
        if isinstance(value, Unknown) and value.path:
            return self.optimizer_at(value.text)
        return value if isinstance(value, Optimizer) else None

    def use(self, value: Any) -> None:
        """Note that a schedule is given to something that carries it."""
        match value:
            case Scheduled():
                value.used = True
            case list() | tuple():
                for each in value:
                    self.use(each)
            case dict():
                for each in value.values():
                    self.use(each)
