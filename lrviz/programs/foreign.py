"""What the text does not define: names without a value, and calls of what is not known."""

# ruff: noqa: ARG002 (what is called by a table is called with the same)

import ast
from typing import Any

from ..frameworks import nearest_call
from .attributes import is_special
from .builtins import OF_PROGRAM
from .expressions import Expressions
from .faults import RefusalError
from .functions import BUILTINS, native
from .outside import OPTIMIZERS, forbidden, framework_calls, inside, known_module
from .values import Native, Outside, Scheduled, Unknown

_PREPARE = ("prepare", "initialize", "setup", "setup_optimizers", "wrap", "DistributedOptimizer")
_CONSUMERS = [
    "fit",
    "compile",
    "append",
    "extend",
    "update",
    "add",
    "train",
    "register_hook",
    "log",
    "add_scalar",
    "plot",
    "show",
    "savefig",
    "evaluate",
    "step",
    "init",
    "create",
    "get_last_lr",
    "state_dict",
    "load_state_dict",
    "save",
    "register",
    "prepare_model",
    "fit_generator",
    "train_model",
]


class Foreign(Expressions):
    """Gives what the text does not define a value, or makes it unknown."""

    def undefined(self, name: str, node: ast.AST) -> Any:
        """Return what a name means that the text gives no value."""
        if name in self.given:
            return self.given[name]
        if is_special(name):
            if name == "__name__":
                return "__main__"
            raise RefusalError("names with two underscores are not read; leave it out", node)
        found = self.builtin(name)
        if found is not None:
            return found
        module = known_module(name)
        if module is not None:
            return Outside(name)
        if name in (
            "cos",
            "sin",
            "sqrt",
            "pi",
            "exp",
            "log",
            "ceil",
            "floor",
            "bisect_right",
            "bisect_left",
        ):
            path = f"bisect.{name}" if name.startswith("bisect") else f"math.{name}"
            return inside(path)
        if self.is_framework_name(name) or forbidden(name):
            return Outside(name)
        return self.unknown(name, node)

    def builtin(self, name: str) -> Native | None:
        """Return a function of Python's own; None if it has none of this name."""
        if name in OF_PROGRAM:
            return Native(name, OF_PROGRAM[name])
        return native(name, BUILTINS[name]) if name in BUILTINS else None

    def call_unknown(
        self, function: Unknown, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> Any:
        """Return what calling something unknown gives: unknown too, unless it was given."""
        text = ast.unparse(node)[:200]
        if text in self.given:
            return self.given[text]
        if function.why:
            return function
        calls = framework_calls(function.text, imported=False) if "." in function.text else []
        if calls:
            return self.schedule(calls, args, kwargs, node)
        if function.path and function.text.rpartition(".")[2] in OPTIMIZERS:
            return self.optimizer(function.text, args, kwargs, node)
        if self.reading and function.text.rpartition(".")[2].startswith(
            ("add_argument", "DEFINE_")
        ):
            self.declare(args, kwargs)
            return None
        if function.text.endswith(".param_groups"):
            return function
        if self.is_schedule(*args, *kwargs.values()):
            return self.foreign(function.text, args, kwargs, node)
        if not function.path:
            return self.mixed(node, function)
        found = self.unknown(text, node)
        if not self.reading and args and "." not in function.text and isinstance(found, Unknown):
            why = f"{function.text} is not defined in the text; paste its definition"
            return Unknown(text, why=why, node=node)
        if isinstance(found, Unknown) and self.looks_like_schedule(
            function.text.rpartition(".")[2]
        ):
            near = nearest_call(function.text) or "; paste its definition"
            why = f"{function.text} is not known{near}"
            return Unknown(text, why=why, needed=True, node=node)
        return found

    def declare(self, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Remember the default of an option that the program declares."""
        names = [a for a in args if isinstance(a, str)]
        name = next((n for n in names if n.startswith("--")), names[0] if names else "")
        key = kwargs.get("dest", name.lstrip("-").replace("-", "_"))
        default = kwargs.get("default", args[1] if len(args) > 1 and names == args[:1] else None)
        if kwargs.get("action") == "store_true":
            default = False
        if default is not None and not isinstance(default, Unknown):
            self.options[key] = default

    def foreign(self, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Return that it is unknown what an unknown function makes of a schedule."""
        last = name.rpartition(".")[2]
        if last in _CONSUMERS or last.endswith(("Trainer", "Callback", "State")):
            self.notes.append(f"{name} is taken to use the schedule as it is")
            if self.reading:
                self.set_on_top += [
                    (None, v) for v in (*args, *kwargs.values()) if self.is_schedule(v)
                ]
            return Unknown(ast.unparse(node)[:200], path=True, node=node)
        if last in _PREPARE:  # gives back what it is given
            return tuple(args) if len(args) != 1 else args[0]
        return Unknown(
            ast.unparse(node)[:200],
            why=f"what {name} makes of the schedule is not known; paste its definition, "
            "or take its line away",
            needed=True,
            node=node,
        )

    def call_schedule(self, of: Scheduled, args: list[Any], node: ast.AST) -> Any:
        """Return the rate that a framework's schedule has at a step of the program."""
        raise RefusalError("a schedule that is called inside of the text is not read yet", node)
