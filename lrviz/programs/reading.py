"""From the text of a program to its schedules."""

import ast
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..errors import Sentence, SpecError, listing, option, sentence
from ..frameworks import values as plain
from ..frameworks.kinds import Ignored
from .canonical import texts_of
from .entries import Entry
from .evaluation import Evaluation, FaultError, MissingError
from .faults import RaisedError, RefusalError, SplitError
from .interpreter import Interpreter
from .outside import framework_calls
from .parameters import is_step_name
from .schedule import ProgramFunction, ProgramSchedule, Read
from .selection import Choice, Chosen, LackingError
from .source import Source
from .values import (
    RATE,
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

_MOST_ASKED = 30
"""How many names without a value are listed."""
_SAMPLE = np.unique(np.concatenate([np.arange(24), np.geomspace(24, 3000, 24).astype(np.int64)]))
"""The steps at which a reduced program is held against the whole."""


@dataclass
class Places:
    """Where the pieces of framework's calls stand in the text."""

    source: Source
    nodes: dict[int, tuple[Any, ast.Call]] = field(default_factory=dict)

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


class Found(NamedTuple):
    """A schedule of a program: its label, what it is, what was assumed, and where it stands.

    It is a schedule, or the call of a framework that makes it, which is still to be bound. Several
    that step one optimizer are one, PyTorch's ChainedScheduler.
    """

    label: str | None
    schedule: ProgramSchedule | plain.Invocation
    notes: tuple[str, ...]
    places: Places
    clock: ProgramFunction | None = None
    """The step that the schedule is asked for, where the text computes it from its own step."""


def is_program(text: str) -> bool:
    """Return whether a text is Python with at least one statement."""
    try:
        return bool(Source.of(text).tree().body)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def read_program(text: str, run: Any, names: Mapping[str, Any] | None = None) -> list[Found]:
    """Return the schedules of a program; `names` gives values to pieces that the text lacks.

    SpecError with the place if it cannot be read, or lacks something.
    """
    source = Source.of(text)
    given = {_normal(name): value for name, value in (names or {}).items()}
    try:
        tree = source.tree()
    except SyntaxError as error:
        at = source.place(error.lineno or 1, max((error.offset or 1) - 1, 0))
        why = error.msg.partition(" (")[0]
        raise SpecError(f"this is not Python: {why}; mend it", text, at, at + 1) from None
    except (ValueError, MemoryError, RecursionError):
        raise SpecError(
            "this program is too long or nested too deep; shorten it", text, 0, 0
        ) from None
    reader = Reader(source, tree, given, getattr(run, "lr", None))
    try:
        return reader.found()
    except (LackingError, MissingError) as missing:
        raise _lacking(missing, text, source, tree, given, getattr(run, "lr", None)) from None
    except (RefusalError, RaisedError) as fault:
        says = f"{fault.kind}: {fault.message}" if isinstance(fault, RaisedError) else fault.message
        raise SpecError(says, text, *source.span(fault.node)) from None
    except (RecursionError, SplitError):
        raise SpecError("this program is nested too deep; shorten it", text, 0, 0) from None


def reread(text: str) -> Read:
    """Return a reduced program as it is evaluated."""
    source = Source.of(text)
    reader = Reader(source, source.tree(), {}, None)
    (chosen,) = reader.choose()
    assert isinstance(chosen.what, Entry)
    return reader.read(chosen.what, chosen.name)


def _normal(name: str) -> str:
    """Return a name as `ast` writes it."""
    try:
        return ast.unparse(ast.parse(name.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return name.strip()


def _lacking(
    missing: Any,
    text: str,
    source: Source,
    tree: ast.Module,
    given: dict[str, Any],
    lr: float | None,
) -> SpecError:
    """Return the error that lists all that the schedule lacks.

    What is missing behind what is missing is found by reading on with a number in its place.
    """
    first: Unknown = missing.unknown
    if first.why and not first.names:
        return SpecError(first.why, text, *source.span(first.node))
    asked: dict[str, None] = {}
    label = getattr(missing, "label", None)
    tried = dict(given)
    while len(asked) < _MOST_ASKED:
        new = [n for n in missing.unknown.names if n not in asked]
        if not new:
            break
        asked |= dict.fromkeys(new)
        tried |= dict.fromkeys((n for n in new if n != RATE), 1)
        lr = 0.1 if RATE in asked else lr
        try:
            Reader(source, tree, tried, lr).found()
        except (LackingError, MissingError) as more:
            missing = more
            continue
        except (RefusalError, RaisedError, RecursionError, SplitError):
            pass
        break
    subject = label or "this"
    says = f"{subject} needs {listing(asked)}, which the text does not give" + cure(asked)
    return SpecError(says, text, *source.span(first.node))


def cure(names: Iterable[str]) -> Sentence:
    """Return what to add for names without a value."""
    said = sentence("; add")
    for name in names:
        said += " " + (option("lr", 0.1) if name == RATE else option("set", _in_shell(name)))
    return said


def _in_shell(name: str) -> str:
    """Return what gives a name its value, in quotes where a shell would not take it as it is."""
    is_plain = name.replace(".", "").replace("_", "").isalnum()
    return f"{name}=VALUE" if is_plain else shlex.quote(f"{name}=VALUE")


class Reader:
    """Reads one program."""

    def __init__(
        self, source: Source, tree: ast.Module, given: Mapping[str, Any], lr: float | None
    ) -> None:
        self.source, self.tree, self.given, self.lr = source, tree, dict(given), lr
        self.run = Interpreter(self.given, lr)
        self.places = Places(source)
        self.group = 0
        """Of which parameter group the rate is asked."""

    def choose(self) -> list[Chosen]:
        """Run the text, and return what in it are schedules."""
        self.run.read_text(self.tree.body)
        return Choice(self.run, self.tree.body).chosen()

    def found(self) -> list[Found]:
        """Return the schedules of the text."""
        result = []
        for chosen in self.choose():
            notes = list(self.run.notes)
            what: Any
            if isinstance(chosen.what, Entry):
                notes = [*chosen.what.notes, *notes]
                what = self.schedule(chosen.what, chosen.name)
                result.append(Found(chosen.label, what, tuple(dict.fromkeys(notes)), self.places))
                continue
            for label, group in self.groups(chosen):
                self.group = group
                what = self.together(chosen.what)
                clock = self.clock(chosen.what[0]) if len(chosen.what) == 1 else None
                said = tuple(dict.fromkeys(notes))
                result.append(Found(label, what, said, self.places, clock))
        return result

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
        found = plain.Invocation(chained, (calls,))
        self.places.nodes[id(found)] = (found, made[0].node)
        return found

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

    def schedule(self, entry: Entry, name: str | None) -> ProgramSchedule:
        """Return the schedule of an entry, with a text that was seen to read back as the same."""
        return ProgramSchedule(text=self.reduced(self.read(entry, name), entry, name))

    def reduced(self, read: Read, entry: Entry, name: str | None) -> str:
        """Return the shortest text of the program that gives the same rates."""
        expected = read.evaluation.sample(_SAMPLE)
        for text in texts_of(self.run, self.tree.body, self.given, entry, name):
            try:
                again = reread(text)
            except (
                RefusalError,
                RaisedError,
                LackingError,
                MissingError,
                SyntaxError,
                ValueError,
                RecursionError,
                FaultError,
            ):
                continue
            if repr(again.evaluation.sample(_SAMPLE)) == repr(expected):
                return text
        raise RefusalError(
            "the program cannot be reduced to what its rates need; shorten it", entry.node
        )

    # For the binding of frameworks' calls

    def invocation(self, made: Scheduled) -> plain.Invocation:
        """Return a framework's call with plain values."""
        of = self.run.optimizer_in(made.args[0] if made.args else made.kwargs.get("optimizer"))
        if of is not None and repr(made.rates) != repr([group["lr"] for group in of.groups]):
            raise RefusalError(
                "the rate of its optimizer is set after this is made; set it before", made.node
            )
        args = tuple(self.plain(value) for value in made.args)
        kwargs = {name: self.plain(value) for name, value in made.kwargs.items()}
        found = plain.Invocation(made.call, args, kwargs)
        self.places.nodes[id(found)] = (found, made.node)
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
        text = next(texts, ast.unparse(self.tree))
        (*_, last) = ast.parse(text).body
        if isinstance(last, ast.Expr):
            return ProgramFunction(text, "", read)
        own = last.name if isinstance(last, ast.FunctionDef) else name or read.title
        return ProgramFunction(own, text, read)


__all__ = ["Found", "is_program", "read_program", "reread"]
