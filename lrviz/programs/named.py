"""The values that a text of Python gives names, where it is a config and makes no schedule."""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from .faults import RaisedError, RefusalError, SplitError
from .interpreter import Interpreter
from .limits import Budget
from .parameters import is_step_name
from .scopes import names_read
from .selection import Choice, LackingError
from .source import Source
from .values import Class, Function, Outside, Unknown

_MAY_HOLD = re.compile(
    r"(?:Arguments|Config)\(|\bread_base\(|^[ \t]*_base_\s*="
    r"|^[ \t]*(?:\w+\s*=\s*)?(?:\[\s*)?(?:\bdict\(|\{)",
    re.MULTILINE,
)
"""What a text has that gives settings: a dict, a list of dicts, other configs, arguments."""

_OF_BASE = re.compile(r"\{\{\s*(_base_(?:\.\w+)+)\s*\}\}")
"""What an MMEngine config writes for a value of the configs that it is built on."""


_OPERATIONS = 100_000
_SECONDS = 0.3
"""What a config may take, which only sets names: far less than a program."""

_METHODS = frozenset(dir(dict) + dir(list))

_MEMBER = re.compile(r"(?:\w+\.)*[A-Z]\w+\.[A-Z_]+")
"""A member of an enumeration, such as SchedulerType.COSINE."""


class Base(NamedTuple):
    """A config that a text is built on: its path, and which of its names; None for all.

    `below` says whether the text's own settings are laid over it afterwards, as those of `_base_`.
    """

    path: str
    names: Mapping[str, str] | None
    below: bool


class Arguments(NamedTuple):
    """A call that is given settings, `TrainingArguments(...)`, and the name of its result."""

    name: str
    function: str
    given: dict[str, Any]


class Named(NamedTuple):
    """The plain values of a text by their names, its calls with settings, and its last value."""

    values: dict[str, Any]
    arguments: list[Arguments]
    last: Any


def may_name(text: str) -> bool:
    """Return whether a text may be a config, at a glance."""
    return _MAY_HOLD.search(text) is not None


def names_of(
    text: str,
    bases: Callable[[list[Base]], dict[str, Any]],
    unsaid: Callable[[str], Any],
    given: Mapping[str, Any] | None = None,
) -> Named | None:
    """Return what a text gives names; None if it makes a schedule itself or cannot be read.

    `bases` gives the settings of the configs that it is built on; `unsaid` makes what stands in
    place of a value that is not known, of its text; `given` are values of names that it lacks.
    """
    try:
        tree = Source.of(_OF_BASE.sub(r"\1", text)).tree()
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    found = [*_bases(tree)]
    base = bases(found) if found else {}
    run = _Reader(dict(given or {}))
    if any(not one.below for one in found):
        run.top.names |= base
    members = _Subscripts({"_base_", *run.top.names})
    run.top.names["_base_"] = base
    try:
        run.read_text([members.visit(one) for one in tree.body if not _is_base(one)])
        return None if Choice(run, tree.body).makes() else _named(run, found, base, unsaid)
    except (RefusalError, RaisedError, LackingError, SplitError, RecursionError):
        return None


def _named(
    run: "_Reader", bases: list[Base], base: dict[str, Any], unsaid: Callable[[str], Any]
) -> Named:
    """Return the values of a text that was run."""
    for statement, unknown in run.failed:
        if isinstance(statement, ast.Expr):  # it may have changed what it speaks of
            run.top.names |= dict.fromkeys(names_read([statement]), unknown)
    values = {
        name: plain(value, unsaid)
        for name, value in run.top.names.items()
        if not name.startswith("__") and name != "_base_" and isinstance(value, _PLAIN)
    }
    if any(one.below for one in bases):
        values["_base_"] = base
    arguments = [
        Arguments(run.name_of(node), function, plain(kwargs, unsaid))
        for function, kwargs, node in run.arguments
        if not run.has_rates_of_its_own()
    ]
    made = [value for name, value in run.set_on_top if name != "_base_"]
    return Named(values, arguments, plain(made[-1], unsaid) if made else None)


class _Reader(Interpreter):
    """Runs a config, and remembers the calls that are given settings."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(given, None)
        self.budget = Budget(_OPERATIONS, _SECONDS)
        self.arguments: list[tuple[str, dict[str, Any], ast.AST]] = []

    def called(self, function: Any, args: list[Any], kwargs: dict[str, Any], node: Any) -> Any:
        made = super().called(function, args, kwargs, node)
        path = function.path if isinstance(function, Outside) else getattr(function, "text", "")
        name = str(path).rpartition(".")[2]
        if name.endswith(("Arguments", "Config")):
            self.arguments.append((name, kwargs, node))
        return made

    def name_of(self, node: ast.AST) -> str:
        """Return the name that the result of a call is given; "" if none is."""
        for name, value in self.set_on_top:
            if name and isinstance(value, Unknown) and value.node is node:
                return name
        return ""

    def has_rates_of_its_own(self) -> bool:
        """Return whether a function of the text makes a schedule, or is one of the step."""
        own = [value for _, value in self.set_on_top if isinstance(value, Function | Class)]
        return any(
            self.makes_schedule(one.node)
            or (isinstance(one, Function) and any(map(is_step_name, one.parameters)))
            for one in own
        )


class _Subscripts(ast.NodeTransformer):
    """Makes members of attributes of what other configs say, which holds dicts."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return `_base_['a']` for `_base_.a`, another attribute or a method as it is."""
        self.generic_visit(node)
        root: ast.expr = node
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if not (isinstance(root, ast.Name) and root.id in self.names) or node.attr in _METHODS:
            return node
        member = ast.Subscript(node.value, ast.Constant(node.attr), node.ctx)
        return ast.fix_missing_locations(ast.copy_location(member, node))


def _bases(tree: ast.Module) -> Iterator[Base]:
    """Yield the configs that a text is built on."""
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="_base_")], value=value):
                try:
                    paths = ast.literal_eval(value)
                except ValueError:
                    paths = [f"{ast.unparse(value)}"]
                yield from (
                    Base(str(path), None, below=True)
                    for path in (paths if isinstance(paths, list | tuple) else [paths])
                )
            case ast.With(body=body) if _is_base(statement):
                for one in body:
                    if isinstance(one, ast.ImportFrom) and one.level:
                        path = "../" * (one.level - 1) + (one.module or "").replace(".", "/")
                        names = {a.name: a.asname or a.name for a in one.names}
                        yield Base(f"{path}.py", None if "*" in names else names, below=False)


def _is_base(statement: ast.stmt) -> bool:
    """Return whether a statement names the configs that a text is built on."""
    match statement:
        case ast.Assign(targets=[ast.Name(id="_base_")]):
            return True
        case ast.With(items=[ast.withitem(context_expr=ast.Call(func=function))]):
            return ast.unparse(function).rpartition(".")[2] == "read_base"
    return False


_PLAIN = (str, int, float, bool, list, tuple, dict, np.generic, np.ndarray, Unknown, type(None))
"""The values of a program that are settings, and no functions, classes or modules."""


def plain(value: Any, unsaid: Callable[[str], Any]) -> Any:
    """Return a value of the program in the types of a document."""
    match value:
        case np.generic():
            return value.item()
        case np.ndarray():
            return value.tolist()
        case dict():
            return {str(key): plain(one, unsaid) for key, one in value.items()}
        case list() | tuple():
            return [plain(one, unsaid) for one in value]
        case str() | int() | float() | bool() | None:
            return value
        case Outside(path=path):
            return path
        case Unknown(text=text):
            return text if _MEMBER.fullmatch(text) else unsaid(text)
    return unsaid(type(value).__name__.lower())
