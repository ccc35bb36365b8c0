"""The calls of the frameworks: in `calls`, one file a framework, one function a call.

A function has the framework's own name and signature, and returns a schedule. What stands after `*`
is not the framework's: what it takes from the optimizer (`lr`), from the run (`steps_per_epoch`,
`horizon`) or from what was measured (`metrics`). Its docstring says what the call does and the
quirks that bite.

A file has the names of the framework and of its modules, best known first, and the kinds of the
parameters, of which kinds.py says more:

    TITLE = "PyTorch 2.13"
    MODULES = ("torch.optim.lr_scheduler", "torch.optim.swa_utils")
    KINDS = {kinds.Period: "step_size T_max", kinds.Rate: "eta_min"}

and where it is so `COUNTS`, the precision it counts in if that is not float64; `COMPILED`, what
compiles its schedules to code that multiplies by a rounded reciprocal instead of dividing; and
`EXAMPLES`, the arguments of a telling example where what a call must have makes none (examples.py).
"""

import ast
import importlib
import inspect
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import NamedTuple

from ..errors import did_you_mean, quoted
from ..families import family
from ..schedules.base import Schedule

_BEST_KNOWN = ("torch", "transformers", "keras", "tensorflow1", "optax")
"""Which framework a name that several have is first taken for."""


class Framework(NamedTuple):
    """A framework: the name of its file, its own with its version, its modules and its calls."""

    name: str
    title: str
    modules: tuple[str, ...]
    calls: tuple[str, ...]

    def has(self, module: str) -> bool:
        """Return whether `module` may stand for one of its own.

        It is the end of a module's path, or another way into its package.
        """
        parts = module.split(".")
        paths = [path.split(".") for path in self.modules]
        return any(parts == path[-len(parts) :] or parts[0] == path[0] for path in paths)


class Call(NamedTuple):
    """A framework's call."""

    framework: Framework
    name: str

    @property
    def path(self) -> str:
        """The whole name, as a program would write it."""
        return f"{self.framework.modules[0]}.{self.name}"

    @property
    def function(self) -> Callable[..., Schedule]:
        """What takes its arguments and returns its schedule."""
        found: Callable[..., Schedule] = getattr(self._file, self.name)
        return found

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """Its parameters, each annotated with its kind."""
        from .kinds import parameters_of

        return parameters_of(self._file, self.name)

    @property
    def title(self) -> str:
        """The framework and its version."""
        return self.framework.title

    @property
    def counts(self) -> str:
        """The precision that the framework counts in."""
        return str(getattr(self._file, "COUNTS", "float64"))

    @property
    def compiled(self) -> str:
        """What compiles its schedules to code that divides less exactly; "" if nothing does."""
        return str(getattr(self._file, "COMPILED", ""))

    @property
    def example(self) -> str:
        """Its arguments in an example, where its file has one; else ""."""
        return str(getattr(self._file, "EXAMPLES", {}).get(self.name, ""))

    @property
    def _file(self) -> ModuleType:
        return importlib.import_module(f"{__name__}.calls.{self.framework.name}")


@cache
def frameworks() -> tuple[Framework, ...]:
    """Return all frameworks, the best known first.

    What they have stands in the text of their files: to import them all costs ten times as much.
    """
    from . import calls

    files = [entry.path for folder in calls.__path__ for entry in os.scandir(folder)]
    found = [_read(path) for path in files if re.search(r"[/\\][a-z]\w*\.py$", path)]
    order = [*_BEST_KNOWN, *sorted(one.name for one in found)]
    return tuple(sorted(found, key=lambda one: order.index(one.name)))


def _read(path: str) -> Framework:
    """Return the framework of a file."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  pathlib is not needed otherwise
        text = file.read()
    title = re.search(r'^TITLE = "(.+)"$', text, re.MULTILINE)
    modules = re.search(r"^MODULES = (\(.*?\))$", text, re.DOTALL | re.MULTILINE)
    assert title is not None, path
    assert modules is not None, path
    calls = re.findall(r"^def ([A-Za-z]\w*)\(", text, re.MULTILINE)
    name = os.path.basename(path).removesuffix(".py")  # noqa: PTH119
    return Framework(name, title[1], ast.literal_eval(modules[1]), tuple(calls))


def all_calls() -> list[Call]:
    """Return every call of every framework."""
    return [Call(framework, name) for framework in frameworks() for name in framework.calls]


def calls_named(path: str, within: Framework | None = None) -> list[Call]:
    """Return the calls that a path such as `optim.lr_scheduler.StepLR` may mean, best known first.

    Of a call inside another's it is first that framework's. A path of a package that no framework
    has is taken for the name alone.
    """
    module, _, name = path.rpartition(".")
    found = [Call(framework, name) for framework in frameworks() if name in framework.calls]
    fitting = [call for call in found if module and call.framework.has(module)]
    if not fitting and not is_package(module.partition(".")[0]):
        fitting = found
    return sorted(fitting, key=lambda call: call.framework != within)


def call_of(function: Callable[..., Schedule]) -> Call:
    """Return the call that a function of a framework's file is."""
    file = function.__module__.rpartition(".")[2]
    return Call(next(one for one in frameworks() if one.name == file), function.__name__)


def is_package(name: str) -> bool:
    """Return whether a framework's modules are in a package of this name."""
    return any(path.partition(".")[0] == name for one in frameworks() for path in one.modules)


def nearest_call(path: str) -> str:
    """Return "; did you mean 'StepLR'?" for a call that no framework has, or "" if none is near."""
    return did_you_mean(path.rpartition(".")[2], {call.name for call in all_calls()})


def unknown_call(path: str) -> str:
    """Return what is wrong with a call that no framework has."""
    module, _, name = path.rpartition(".")
    names = {call.name for call in all_calls()}
    near = did_you_mean(name, names) or "; 'lrviz list' shows those that are read"
    whose = f" of {module}" if is_package(module.partition(".")[0]) else ""
    if name in names:
        near = f"; write {calls_named(name)[0].path}"
    elif (kind := family(path)) is not None:
        near = f"; as a spec it is written such as {kind.examples[0].spec}"
    return f"unknown call {quoted(name)}{whose}{near}"
