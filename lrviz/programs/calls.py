"""Calls: of the program's own functions and classes, of ours, and of what modules hold."""

import ast
from typing import Any

import numpy as np

from .attributes import SchedulerMethod, Static, SuperMethod
from .expressions import _NOTHING
from .faults import RaisedError, RefusalError, TooLongError
from .foreign import Foreign
from .limits import LARGEST_ARRAY, LONGEST_LIST, MOST_CALLS
from .outside import HARMLESS, root_of
from .values import (
    Class,
    Function,
    Instance,
    Method,
    Native,
    Outside,
    Scheduled,
    Scope,
    Super,
    Unknown,
    names_of,
)


class Calls(Foreign):
    """Calls functions and makes instances of classes."""

    depth = 0

    def call(self, node: ast.Call, scope: Scope) -> Any:
        """Return the value of a call as an expression."""
        match node.func:
            case ast.Name(id="super") if self.looked_up("super", scope) is _NOTHING:
                return self.super_of(node, scope)
            case ast.Name(id="print") if self.looked_up("print", scope) is _NOTHING:
                return None
            case ast.Name(id="locals" | "globals" | "vars" | "dir" | "id" | "hash"):
                raise RefusalError(f"{node.func.id} is not read; leave it out", node)
            case ast.Attribute(attr="set_value") if len(node.args) == 2 and isinstance(
                node.args[0], ast.Attribute
            ):  # keras.backend.set_value(optimizer.lr, rate)
                return self.assign(node.args[0], self.value(node.args[1], scope), scope)
        function = self.value(node.func, scope)
        if isinstance(function, Outside) and root_of(function.path) in HARMLESS:
            return Unknown(ast.unparse(node)[:200], path=True, node=node)
        args = self.members(node.args, scope)
        kwargs: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is not None:
                if keyword.arg in kwargs:
                    raise RaisedError("TypeError", f"{keyword.arg} is given twice", keyword)
                kwargs[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(k, str) for k in value):
                if kwargs.keys() & value.keys():
                    raise RaisedError("TypeError", "a parameter is given twice", keyword)
                kwargs |= value
            elif isinstance(value, Unknown):
                kwargs["**"] = value
            else:
                raise RaisedError(
                    "TypeError", "what follows ** is no dict of names; write NAME=VALUE", keyword
                )
        return self.called(function, args, kwargs, node)

    def called(self, function: Any, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Return what a value gives when it is called."""
        match function:
            case Native():
                return self.call_native(function, args, kwargs, node)
            case Function():
                return self.call_function(function, args, kwargs, node)
            case Method(function=inner, instance=instance):
                return self.call_function(inner, [instance, *args], kwargs, node)
            case Static(call=inner):
                return self.call_function(inner, args, kwargs, node)
            case Class():
                return self.instance_of(function, args, kwargs, node)
            case Outside():
                return self.call_outside(function, args, kwargs, node)
            case Unknown():
                return self.call_unknown(function, args, kwargs, node)
            case SchedulerMethod(of=of, name=name):
                return self.call_scheduler(of, name, args, kwargs, node)
            case SuperMethod(instance=instance, name=name):
                return self.call_base(instance, name, args, kwargs, node)
            case Instance():
                call = self.special(function, "__call__")
                if call is not None:
                    return self.called(call, args, kwargs, node)
                raise RaisedError(
                    "TypeError", f"an instance of {function.of.name} cannot be called", node
                )
            case Scheduled():
                return self.call_schedule(function, args, node)
        raise RaisedError("TypeError", "this cannot be called", node)

    def call_native(
        self, function: Native, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> Any:
        """Return what one of our functions gives; unknown if an argument is."""
        given = [*args, *kwargs.values()]
        direct = any(isinstance(v, Unknown) for v in given)
        if (direct and function.name in _GOES_THROUGH) or (
            function.name not in _SEES_UNKNOWN
            and any(isinstance(v, Unknown) or names_of(v) for v in given)
        ):
            text = ast.unparse(node)[:200]
            if text in self.given:
                return self.given[text]
            if function.name == "len" and args and isinstance(args[0], Unknown) and args[0].path:
                return self.unknown(f"len({args[0].text})", node)
            return self.mixed(node, *given) or Unknown(text, names_of(*given), node=node)
        for value in given:
            if isinstance(value, list | tuple | set | dict | range | np.ndarray):
                self.budget.left -= len(value) // 8
                if isinstance(value, range) and len(value) > LARGEST_ARRAY:
                    raise TooLongError("this is too long a range; make it shorter", node)
        self.budget.check(node)
        try:
            result = function.call(self, args, kwargs)
        except (
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            MemoryError,
        ) as error:
            raise RaisedError(
                type(error).__name__, f"{function.name} does not take this", node
            ) from error
        if isinstance(result, np.ndarray):
            self.budget.take(result.size, node)
        elif isinstance(result, list | tuple | dict | set) and len(result) > LONGEST_LIST:
            raise TooLongError("this is too long a list; make it shorter", node)
        return result

    def call_function(
        self, function: Function, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> Any:
        """Return what a function of the program returns."""
        if self.depth >= MOST_CALLS:
            raise TooLongError(
                "functions call one another too deep here; write out what they do", node
            )
        self.budget.check(node)
        scope = Scope(function.scope, self.locals_of(function.node))
        self.bind(function, args, kwargs, scope, node)
        if function.of is not None and args:
            scope.of = (function.of, args[0])
        self.depth += 1
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body, scope)
            if id(function.node) in self.generators:
                raise RefusalError("a function with yield is not read; write a list", function.node)
            return self.run_body(function.node.body, scope)
        finally:
            self.depth -= 1

    def bind(
        self,
        function: Function,
        args: list[Any],
        kwargs: dict[str, Any],
        scope: Scope,
        node: ast.AST,
    ) -> None:
        """Give the parameters of a function their values."""
        given = function.node.args
        positional = [a.arg for a in (*given.posonlyargs, *given.args)]
        bound = dict(zip(positional, args, strict=False))
        if len(args) > len(positional) and given.vararg is None:
            says = f"{function.name} takes at most {len(positional)} values"
            raise RaisedError("TypeError", says, node)
        if given.vararg is not None:
            bound[given.vararg.arg] = tuple(args[len(positional) :])
        named = [*positional, *(a.arg for a in given.kwonlyargs)]
        others: dict[str, Any] = {}
        for name, value in kwargs.items():
            if name in named:
                if name in bound:
                    raise RaisedError("TypeError", f"{function.name}: {name} is given twice", node)
                bound[name] = value
            elif given.kwarg is not None or name == "**":
                others[name] = value
            else:
                raise RaisedError("TypeError", f"{function.name} has no parameter {name}", node)
        if given.kwarg is not None:
            bound[given.kwarg.arg] = others
        for name in named:
            if name not in bound:
                if name in function.defaults:
                    bound[name] = function.defaults[name]
                elif "**" in others:
                    bound[name] = Unknown(name, (name,), path=True, node=node)
                else:
                    raise RaisedError("TypeError", f"{function.name} lacks its {name}", node)
        scope.names.update(bound)

    def super_of(self, node: ast.Call, scope: Scope) -> Super:
        """Return what super() gives in a method."""
        where: Scope | None = scope
        while where is not None and where.of is None:
            where = where.around
        is_method = where is not None and isinstance(where.of, tuple)
        if where is None or not is_method or not isinstance(where.of[1], Instance):
            raise RefusalError("super() is only read in a method of an instance", node)
        return Super(where.of[1], where.of[0])

    def instance_of(self, of: Class, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Return a new instance of a class."""
        made = Instance(of)
        start = of.member("__init__")
        if start is not None:
            self.called(Method(start[0], made), args, kwargs, node)
            return made
        fields = [
            f
            for one in reversed(of.line())
            if isinstance(one, Class)
            for f in self.fields.get(id(one), [])
        ]
        if fields:
            given = dict(zip(fields, args, strict=False)) | kwargs
            for name in fields:
                default = of.member(name)
                if name not in given and default is None:
                    raise RaisedError("TypeError", f"{of.name} lacks its {name}", node)
                made.names[name] = given[name] if name in given else default[0]
            return made
        if any(isinstance(base, Outside) for base in of.line()):
            self.call_base(made, "__init__", args, kwargs, node)
        elif args or kwargs:
            raise RaisedError("TypeError", f"{of.name} takes no values", node)
        return made


_GOES_THROUGH = ("zip", "enumerate", "list", "tuple", "reversed", "iter", "next")
"""Functions that take lists with something unknown in them, but must have the lists."""
_SEES_UNKNOWN = frozenset(
    {
        "isinstance",
        "hasattr",
        "getattr",
        "dict",
        "callable",
        "list",
        "tuple",
        "print",
        "zip",
        "enumerate",
        "partial",
        "type",
        "step",
        "reversed",
        "inject",
        "chain",
        "append",
        "get",
        "iter",
        "update",
        "insert",
        "extend",
        "setdefault",
        "items",
        "keys",
        "values",
    }
)
