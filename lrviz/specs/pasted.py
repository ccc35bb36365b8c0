"""Pasted Python: from the text of a program to the schedules that it makes, bound to a run."""

import ast
from typing import NamedTuple

from ..errors import LrvizError, SpecError
from ..families import family
from ..frameworks import Call, calls_named
from ..frameworks.binding import BindingError, bind
from ..programs import Clocked, Found, read_program
from ..programs.source import Source
from ..schedules.base import Schedule
from .quantities import Run

_PROGRAM = "program"
"""What a stage of a spec calls to hold a program of several lines."""


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
    """A schedule, the name that the text gives it, its made call, and notes on the reading."""

    label: str | None
    schedule: Schedule
    read: Read | None
    notes: tuple[str, ...]


def is_pasted(text: str) -> bool:
    """Return whether a text is Python, and not a spec that happens to be."""
    if not any(mark in text.strip() for mark in ("(", "[", "\n", "lambda ")):
        return False
    try:
        body = Source.of(text).tree().body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return "\n" in text.strip() and not _begins_as_spec(text)
    return bool(body) and not (len(body) == 1 and _is_spec(body[0]))


def read_pasted(text: str, run: Run) -> list[Pasted]:
    """Return the schedules of a program; SpecError with the place if it cannot be read."""
    return [_bound(found, text, run) for found in read_program(text, run, run.names)]


def last_statement(text: str) -> str:
    """Return the last statement of a program in one line."""
    source = Source.of(text)
    body = source.tree().body
    return " ".join(" ".join(source.lines[body[-1].lineno - 1 :]).split())


def read_stage(text: str, stage: str, start: int, run: Run) -> tuple[Schedule, Read | None]:
    """Return the schedule of a call that is a stage of a spec, and begins at `text[start]`.

    The call `program('...')` stands for the program that it is given.
    """
    try:
        found = read_pasted(_quoted_program(stage) or stage, run)
    except SpecError as error:
        places = start + error.start, start + error.end
        raise SpecError(error.sentence, text, *places) from None
    if len(found) != 1:
        raise SpecError(
            f"a stage is one schedule, and this makes {len(found)}; write one call",
            text,
            start,
            start + len(stage),
        )
    return found[0].schedule, found[0].read


def _bound(found: Found, text: str, run: Run) -> Pasted:
    """Return what was found with its schedule."""
    made = found.schedule
    if isinstance(made, Schedule):
        return Pasted(found.label, made, None, found.notes)
    try:
        schedule = bind(made, run)
    except BindingError as error:
        place = found.places.span(error.invocation, error.argument, error.member)
        raise SpecError(error.sentence, text, *place) from None
    except LrvizError as error:
        raise SpecError(error.sentence, text, *found.places.span(made)) from None
    if found.clock is not None:
        whole = repr(made).replace(made.call.name, made.call.path, 1)
        schedule = Clocked(of=schedule, clock=found.clock, text=whole)
    read = Read(made.call, *found.places.written(made))
    return Pasted(found.label, schedule, read, found.notes)


def _begins_as_spec(text: str) -> bool:
    """Return whether a text begins with the name of a family and its fields, or with a label."""
    head, colon, _ = text.partition(":")
    name = head.rpartition("=")[2].strip()
    return bool(colon) and name.isidentifier() and family(name) is not None


def _is_spec(statement: ast.stmt) -> bool:
    """Return whether a statement of Python is rather a spec, `A:lr=1` or `A/B`."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)):
            return family(name) is not None
        case ast.Expr(value=ast.BinOp() as value) | ast.Assign(value=ast.BinOp() as value):
            return all(_is_stage(one) for one in _divided(value))
    return False


def _divided(node: ast.expr) -> list[ast.expr]:
    """Return what is divided by one another in A / B / C."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [*_divided(node.left), node.right]
    return [node]


def _quoted_program(stage: str) -> str | None:
    """Return what `program` is given as a text; None of another call."""
    if not stage.startswith(f"{_PROGRAM}("):
        return None
    try:
        match ast.parse(stage, mode="eval").body:
            case ast.Call(args=[ast.Constant(value=str() as text)], keywords=[]):
                return text
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        pass
    return None


def _is_stage(node: ast.expr) -> bool:
    """Return whether a piece of Python may be a stage: a family's name, or a framework's call."""
    if isinstance(node, ast.Call):
        path = ast.unparse(node.func)
        return path == _PROGRAM or bool(calls_named(path))
    return isinstance(node, ast.Name) and (node.id == "end" or family(node.id) is not None)
