"""Which value of a program is its schedule: what its last relevant statement makes."""

import ast
import functools
from typing import Any, NamedTuple

import numpy as np

from ..frameworks import nearest_call, unknown_call
from . import entries, parameters
from .entries import Entry
from .faults import RefusalError
from .functions import is_plain
from .interpreter import Interpreter
from .scopes import names_read
from .training import writes_rate
from .values import (
    Callback,
    Class,
    Function,
    Instance,
    Method,
    Native,
    Optimizer,
    Scheduled,
    Unknown,
)


class Chosen(NamedTuple):
    """A schedule of the program and its name: framework's calls, or how it is asked for rates."""

    label: str | None
    what: list[Scheduled] | Entry
    name: str | None = None


class Choice:
    """Chooses among the values that a program has made."""

    def __init__(self, run: Interpreter, body: list[ast.stmt]) -> None:
        self.run, self.body = run, body

    def chosen(self) -> list[Chosen]:
        """Return the schedules of the program; a RefusalError if it has none."""
        found = self.makes() or self.plain() or self.defined()
        failed = self.run.failed
        for node, unknown in failed:
            calls = [c for c in ast.walk(node) if isinstance(c, ast.Call)]
            touches = any(map(self.is_schedule_call, calls)) or writes_rate([node], self.run)
            if not found or touches:
                raise LackingError(unknown, None)
            self.run.notes.append(f"'{ast.unparse(node).splitlines()[0][:60]}' is passed over")
        if not found:
            self.check_misspelled()
            raise RefusalError(
                "this makes no schedule: it has no call of a framework's, no function of the step "
                "and no list of rates; paste the lines that have",
                self.body[-1] if self.body else None,
            )
        return found

    def check_misspelled(self) -> None:
        """Raise RefusalError if the last line calls what has nearly the name of a known call."""
        last = self.body[-1] if self.body else None
        call = last.value if isinstance(last, ast.Expr | ast.Assign) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            path = ast.unparse(call.func)
            if nearest_call(path):
                raise RefusalError(unknown_call(path), call.func)

    def makes(self) -> list[Chosen]:
        """Return the schedules that the program makes or follows, whatever else it holds."""
        return self.made() or self.hidden() or self.loops()

    # What a framework makes

    def made(self) -> list[Chosen]:
        """Return the schedules that calls, callbacks and instances make."""
        run = self.run
        found: list[tuple[str | None, Any]] = []
        seen: set[int] = set()
        for name, old in reversed(run.set_on_top):
            value = old
            if name is not None:
                value = run.top.names.get(name)
                if value is not old and isinstance(value, Unknown) and self.is_strong(old):
                    raise LackingError(value, name)
            for each in self.flat(value if name is None or value is old else None):
                if id(each) not in seen and self.is_strong(each):
                    seen.add(id(each))
                    found.insert(0, (name, each))
                elif name is None and isinstance(each, Unknown) and each.needed and not found:
                    raise LackingError(each, None)
            if isinstance(old, Unknown) and old.needed and value is old and not found:
                raise LackingError(old, name)
        self.decided(found)
        self.replaced(found)
        return self.joined(found)

    def hidden(self) -> list[Chosen]:
        """Return the schedules that functions make which the text calls."""
        made = [one for one in self.run.scheduled if not one.used]
        names = {}
        for statement in self.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Assign):
                    names[id(node.value)] = ast.unparse(node.targets[0])
        return self.joined([(names.get(id(one.node)), one) for one in made])

    def decided(self, found: list[tuple[str | None, Any]]) -> None:
        """Refuse a program that may make a schedule or not."""
        names = {name for name, _ in found if name}
        for node, unknown in self.run.undecided_statements:
            calls = [c for c in ast.walk(node) if isinstance(c, ast.Call)]
            makes = any(self.run.makes_schedule(c) and self.is_schedule_call(c) for c in calls)
            if makes or writes_rate([node], self.run):
                raise LackingError(unknown, None)
            used = names & names_read([node])
            if used:
                line = ast.unparse(node).split("\n")[0][:60]
                self.run.notes.append(f"what stands under '{line}' is passed over")

    def replaced(self, found: list[tuple[str | None, Any]]) -> None:
        """Say which schedules the text makes and then gives up for others."""
        kept = {id(value) for _, value in found}
        for name, value in self.run.set_on_top:
            if isinstance(value, Scheduled) and not value.used and id(value) not in kept:
                line = ast.unparse(value.node)[:60]
                self.run.notes.append(f"{name} is set anew after '{line}'")

    def is_schedule_call(self, call: ast.Call) -> bool:
        from .outside import framework_calls

        name = ast.unparse(call.func)
        return bool(framework_calls(name.rpartition(".")[2], imported=False)) or "Scheduler" in name

    def flat(self, value: Any) -> list[Any]:
        """Return the members of lists and dicts, and of those; other values as they are."""
        match value:
            case list() | tuple() if len(value) <= 1000:
                return [v for each in value for v in self.flat(each)]
            case dict():
                return [v for each in value.values() for v in self.flat(each)]
        return [value]

    def is_strong(self, value: Any) -> bool:
        """Return whether a value can be nothing but a schedule, or carries one."""
        match value:
            case Scheduled():
                return not value.used
            case Callback():
                return True
            case Optimizer(schedule=schedule):
                return schedule is not None
            case Instance():
                return value.made is not None or self.asked(value)
        return False

    def asked(self, value: Instance) -> bool:
        """Return whether an instance has a method that gives rates."""
        names: tuple[str, ...] = (
            "__call__",
            "get_lr",
            "step",
            "step_and_update_lr",
            "update_lr",
            "step_update",
        )
        names += ("on_epoch_begin", "on_train_batch_begin", "on_batch_begin")
        return any(self.run.special(value, name) is not None for name in names)

    def joined(self, found: list[tuple[str | None, Any]]) -> list[Chosen]:
        """Return the schedules of values; those that step one optimizer are one."""
        chosen: list[Chosen] = []
        of: dict[Any, Chosen] = {}
        carried = {id(v.schedule) for _, v in found if isinstance(v, Optimizer)}
        for label, value in found:
            if id(value) in carried:
                continue
            what = self.what(value, label)
            if not isinstance(what, list):
                chosen.append(Chosen(label, what, label))
                continue
            key = self.optimizer_of(what[0])
            if key is not None and key in of:
                of[key].what.extend(what)  # type: ignore[union-attr]
                continue
            one = Chosen(label, what, label)
            chosen.append(one)
            if key is not None:
                of[key] = one
        return self.last_kind(chosen)

    def last_kind(self, chosen: list[Chosen]) -> list[Chosen]:
        """Return all if they are of one kind, else those of the last one's kind."""
        if not chosen:
            return []
        last = chosen[-1]
        if isinstance(last.what, Entry):
            return [last]
        return [one for one in chosen if not isinstance(one.what, Entry)]

    def optimizer_of(self, scheduled: Scheduled) -> Any:
        """Return what tells the optimizer of a schedule from others; None if it has none."""
        import inspect

        first = next(iter(inspect.signature(scheduled.call.function).parameters), "")
        if first != "optimizer":
            return None
        value = scheduled.args[0] if scheduled.args else scheduled.kwargs.get("optimizer")
        if isinstance(value, Unknown):
            return value.text
        return id(value) if isinstance(value, Optimizer) else None

    def what(self, value: Any, label: str | None) -> list[Scheduled] | Entry:
        """Return how a strong value gives rates."""
        run = self.run
        match value:
            case Scheduled():
                return [value]
            case Callback(function=Scheduled() as inner):
                return [inner]
            case Callback():
                return entries.of_callback(run, value)
            case Optimizer(schedule=schedule):
                return self.carried(schedule, label)
            case Instance():
                return self.carried(value, label)
        raise AssertionError(value)

    def carried(self, schedule: Any, label: str | None) -> list[Scheduled] | Entry:
        """Return how a schedule gives rates that an optimizer carries, or an instance is."""
        run, entry = self.run, None
        if isinstance(schedule, Unknown):
            raise LackingError(schedule, label)
        if isinstance(schedule, Scheduled):
            return [schedule]
        if isinstance(schedule, Instance):
            overrides = run.special(schedule, "get_lr") is not None
            if isinstance(schedule.made, Scheduled) and not overrides:
                return [schedule.made]
            entry = entries.of_instance(run, schedule)
        elif isinstance(schedule, Function | Method):
            entry = entries.of_function(run, schedule)
        if entry is None:
            raise RefusalError(
                "how this gives rates is not known; paste a function of the step", None
            )
        return entry

    # What the text makes itself

    def loops(self) -> list[Chosen]:
        """Return what the last loop of training does to the rate."""
        writing = [loop for loop in self.run.loops if loop.writes]
        if not writing:
            return []
        entry = entries.of_loop(self.run, writing[-1])
        return [Chosen(None, entry)] if entry is not None else []

    def plain(self) -> list[Chosen]:
        """Return the last array, list or function that a statement makes, if no def follows it."""
        run = self.run
        functions = [s for s in self.body if isinstance(s, ast.FunctionDef | ast.ClassDef)]
        read = names_read(functions)
        for name, value in reversed(run.set_on_top):
            if name is not None and run.top.names.get(name) is not value:
                continue
            if isinstance(value, Function) and value.name == name and value.node in functions:
                return []
            if isinstance(value, Function | Method):
                entry = entries.of_function(run, value)
                if entry is not None:
                    entry.value = value
                    return [Chosen(name, entry, name)]
            if name is None:
                continue
            if isinstance(value, Native) and value.name == "partial":
                asked = functools.partial(self.asked_first, value)
                return [Chosen(name, Entry(asked, ["the first value is the step"]), name)]
            if self.is_rates(value) and name not in read:
                return [Chosen(name, entries.of_array(value, name), name)]
        return []

    def asked_first(self, function: Native, step: Any) -> Any:
        """Return what a function gives whose first value is the step."""
        return self.run.called(function, [step], {}, self.body[-1])

    def is_rates(self, value: Any) -> bool:
        if isinstance(value, np.ndarray):
            return value.ndim == 1 and value.size > 1 and value.dtype.kind == "f"
        if isinstance(value, range):  # which counts
            return False
        return is_plain(value) and len(value) > 2 and any(isinstance(v, float) for v in value)

    def defined(self) -> list[Chosen]:
        """Return what the last function of the text gives."""
        run = self.run
        own = [
            (name, value)
            for name, value in run.set_on_top
            if isinstance(value, Function) and name and run.top.names.get(name) is value
        ]
        for name, function in reversed(own):
            free = parameters.free_parameters(function)
            if self.run.makes_schedule(function.node) and not any(
                map(parameters.is_step_name, free)
            ):
                return self.built(name or "", function)
            usual = any(map(parameters.is_step_name, function.parameters))
            if usual or (name, function) == own[-1]:
                entry = entries.of_function(run, function)
                if entry is not None:
                    return [Chosen(name, entry, name)]
        for name, function in reversed(own):
            found = self.built(name or "", function)
            if found:
                return found
        classes = [v for _, v in run.set_on_top if isinstance(v, Class)]
        if classes:
            name = classes[-1].name
            raise RefusalError(
                f"no instance of {name} is made; add the line that makes it: s = {name}(...)",
                classes[-1].node,
            )
        return []

    def built(self, name: str, function: Function) -> list[Chosen]:
        """Return the schedules that a function makes when it is called."""
        run = self.run
        given = {
            n: run.given.get(n, Unknown(n, (n,), path=True))
            for n in parameters.free_parameters(function)
        }
        result = run.call_function(function, [], given, function.node)
        if isinstance(result, Function | Method):
            entry = entries.of_function(run, result)
            return [Chosen(name, entry, name)] if entry is not None else []
        if isinstance(result, Unknown) and (result.why or result.names):
            raise LackingError(result, name)
        values = [(None, v) for v in self.flat(result) if self.is_strong(v)]
        if self.is_rates(result):
            return [Chosen(name, entries.of_array(result, name), name)]
        return self.joined(values)  # type: ignore[arg-type]


class LackingError(Exception):
    """That the schedule depends on what the text does not say."""

    def __init__(self, unknown: Unknown, label: str | None) -> None:
        super().__init__(unknown.text)
        self.unknown, self.label = unknown, label
