"""Binding: from a call with plain values to its schedule, as the framework binds them.

Whoever read the call, from Python, YAML or a command line, makes an Invocation of it. What is wrong
with a value is a BindingError that says of which parameter, so that the reader can point at it.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from ..errors import (
    LrvizError,
    ParameterError,
    Sentence,
    did_you_mean,
    listing,
    option,
    quoted,
    say_of_run,
    sentence,
)
from ..families import family
from ..schedules.base import Schedule
from ..schedules.fields import Parameter, parameter
from ..schedules.run import Run
from . import call_of, unknown_call
from .kinds import (
    BaseRate,
    EpochLength,
    Horizon,
    Ignored,
    Member,
    Metrics,
    NotResumed,
    Optimizer,
    Raw,
    field_of,
)
from .values import Function, Invocation, OptimizerValue, Unknown, Value, unknown_in

FROM_RUN = {
    name: parameter(name, kind, None)._replace(optional=True)
    for name, kind in (
        ("lr", BaseRate),
        ("metrics", Metrics),
        ("steps_per_epoch", EpochLength),
        ("horizon", Horizon),
    )
}
"""What may be given to any call, and then holds for the calls within it too."""


class BindingError(ParameterError):
    """What an invocation is refused for: a value of its `parameter`, in a list or dict a `member`.

    `argument` is where that value stands among those that were given, its index or its keyword;
    with `of_name` it is the keyword itself that is wrong. Without an argument the whole call is.
    """

    def __init__(
        self,
        invocation: Invocation,
        refused: ParameterError,
        argument: int | str | None,
        *,
        of_name: bool = False,
    ) -> None:
        super().__init__(*refused.args)
        self.invocation, self.argument, self.of_name = invocation, argument, of_name


class MissingError(BindingError):
    """What an invocation is refused for: it lacks the values of parameters."""

    def __init__(
        self, invocation: Invocation, refused: ParameterError, missing: Sequence[str]
    ) -> None:
        super().__init__(invocation, refused, None)
        self.missing = missing


def bind(invocation: Invocation, run: Run) -> Schedule:
    """Return the schedule of an invocation in a run.

    Invocations within it get what the run does not say and this one does: the optimizer's rate, the
    length of an epoch and of the run, metrics. BindingError if a value is refused.
    """
    return _Binding(invocation, run).bound().schedule


def made(function: Callable[..., Schedule], run: Run, /, **given: Value) -> Schedule:
    """Return what a call makes of values, by the function of a framework's file that it is."""
    return bind(Invocation(call_of(function), kwargs=given), run)


def _places(invocation: Invocation) -> dict[str, int | str]:
    """Return where the value of each parameter stands among those that are given."""
    parameters = invocation.call.parameters
    positional = _positional(parameters)
    optimizer = next((n for n, p in parameters.items() if p.annotation is Optimizer), None)
    places: dict[str, int | str] = {}
    indices = list(range(len(invocation.args)))
    if indices and optimizer and optimizer != positional[0] and _is_optimizer(invocation.args[0]):
        places[optimizer] = indices.pop(0)  # wherever its place is, it is passed over
    places.update(zip(positional, indices, strict=False))
    return {name: name for name in invocation.kwargs if name in parameters} | places


def _positional(parameters: Mapping[str, inspect.Parameter]) -> list[str]:
    return [n for n, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]


def _is_optimizer(value: Value) -> bool:
    """Return whether a value is an optimizer, or a variable that is called like one."""
    if isinstance(value, Unknown):
        return value.text.rpartition(".")[2].lower().startswith("opt")
    return isinstance(value, OptimizerValue)


class _Binding:
    """What is known while one invocation is bound."""

    def __init__(self, invocation: Invocation, run: Run) -> None:
        self.invocation, self.call = invocation, invocation.call
        self.parameters = self.call.parameters
        self.places = _places(invocation)
        self._check_names()
        self.given = {
            name: invocation.kwargs[place] if isinstance(place, str) else invocation.args[place]
            for name, place in self.places.items()
        }
        self.run = self._run_within(run)

    def refuse(
        self,
        key: str,
        rule: str | Sentence,
        parameter: str = "",
        member: int | None = None,
        *,
        alone: bool = False,
        of_name: bool = False,
    ) -> NoReturn:
        """Raise the error about a value; a rule that stands `alone` is the whole sentence."""
        whose = "" if alone else self.call.name
        refused = ParameterError(whose, key, rule, parameter, member)
        place = parameter if of_name else self.places.get(refused.parameter)
        if place is None and refused.parameter in self.invocation.kwargs:
            place = refused.parameter
        raise BindingError(self.invocation, refused, place, of_name=of_name) from None

    def bound(self) -> Member:
        """Return the call with all of its arguments and its schedule."""
        arguments = {}
        for name, what in self.parameters.items():
            if name in self.given:
                arguments[name] = self._argument(name, self.given[name])
            elif what.kind is what.KEYWORD_ONLY and self._known(name) is not None:
                arguments[name] = self._accepted(field_of(what), self._known(name))
            elif what.annotation in (Ignored, Optimizer):
                arguments[name] = None
            elif what.default is not what.empty:
                arguments[name] = what.default
        self._check_missing(arguments)
        return Member(self.call.name, arguments, self._made(arguments))

    def _check_names(self) -> None:
        """Refuse values for which there is no parameter, or that a parameter has already."""
        name, positional = self.call.name, _positional(self.parameters)
        taken = {place: parameter for parameter, place in self.places.items()}
        for i in range(len(self.invocation.args)):
            if i not in taken:
                takes = listing(positional) if positional else "none"
                most = f"{len(positional)} value{'s' * (len(positional) != 1)}"
                rule = f"{name} takes at most {most} without a name: {takes}"
                raise BindingError(self.invocation, ParameterError("", "", rule), i)
        for keyword in self.invocation.kwargs:
            if isinstance(self.places.get(keyword), int):
                self.refuse(keyword, "is given twice; keep one", keyword, of_name=True)
            if keyword not in self.parameters and keyword not in FROM_RUN:
                near = did_you_mean(keyword, self.parameters)
                near = near or f"; it takes {listing(self.parameters)}"
                rule = f"{name} has no parameter {quoted(keyword)}{near}"
                self.refuse("", rule, keyword, alone=True, of_name=True)

    def _known(self, name: str) -> Any:
        """Return what the run says of a parameter."""
        return getattr(self.run, name) if name in FROM_RUN else None

    def _run_within(self, run: Run) -> Run:
        """Return what is known of the run in here: what is known outside, and what is said here."""
        self.run = run
        said: dict[str, Any] = {}
        for name, value in self.given.items():
            is_optimizer = self.parameters[name].annotation is Optimizer
            if is_optimizer and isinstance(value, OptimizerValue) and run.lr is None:
                said["lr"] = value.lr
        for name, field in FROM_RUN.items():
            own = self.parameters.get(name)
            is_theirs = own is not None and own.kind is not own.KEYWORD_ONLY
            if name in self.invocation.kwargs and not is_theirs:
                value = self._value(name, self.invocation.kwargs[name])
                said[name] = self._accepted(field, value)
        return run._replace(**said)

    def _value(self, name: str, value: Value) -> Value:
        """Return a value that is wholly known, from the run if it is not given."""
        unknown, member = unknown_in(value)
        if unknown is None:
            return value
        known = self._known(name)
        if known is None:
            rule = f"is {quoted(unknown.text)}, which has no value here; " + _given(unknown)
            self.refuse(name, rule, name, member)
        return known

    def _argument(self, name: str, value: Value) -> Any:
        """Return the value of an argument, in the type of its parameter."""
        kind, field = self.parameters[name].annotation, field_of(self.parameters[name])
        if kind in (Ignored, Optimizer):
            return None
        if value is None and field.optional:
            return None
        if field.item is Function:
            return self._function(name, value)
        if field.item in (Schedule, Member):
            if not field.many:
                return self._schedule(value, name)
            if not isinstance(value, list | tuple):
                self.refuse(name, "must be a list of calls", name)
            read = self._schedule if field.item is Schedule else self._member
            return tuple(read(one, name, i) for i, one in enumerate(value))
        if isinstance(value, Unknown):  # perhaps an enum's member, SchedulerType.COSINE
            _, dot, word = value.text.lower().rpartition(".")
            if dot and word in field.choices:
                return word
        if kind is Raw and isinstance(value, list | tuple | dict):
            return value
        value = self._value(name, value)
        if kind is NotResumed and value != -1:
            self.refuse(
                name,
                "continues a run, and its rates depend on how it was saved; "
                "take it away, and move the whole schedule with a spec: shift:steps=-100/SPEC",
                name,
            )
        return value if kind is Raw else self._accepted(field, value)

    def _accepted(self, field: Parameter, value: Value) -> Any:
        """Return a value in the type of its parameter."""
        try:
            return field.accept(value, self.call.name)
        except ParameterError as error:
            self.refuse(error.key, error.rule, error.parameter, error.member)

    def _function(self, name: str, value: Value) -> Function:
        """Return the function of an argument; of a list of them the first."""
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Function):
            rule = "is not a formula; write it in its place, as in lambda t: 0.95 ** t"
            self.refuse("", f"{quoted(repr(value))} {rule}", name, alone=True)
        return value

    def _schedule(self, value: Value, name: str, member: int | None = None) -> Schedule:
        """Return the schedule of a value: of an invocation, a number or a function."""
        if isinstance(value, Schedule):
            return value
        if isinstance(value, Invocation):
            return self._member(value, name, member).schedule
        if isinstance(value, Function):
            from .formulas import Formula

            return Formula(lr=1.0, f=value)
        if isinstance(value, Unknown) and not value.calls:
            lacks = f"{quoted(value.text)} has no value here; " + _given(value)
            self.refuse("", lacks, name, member, alone=True)
        if isinstance(value, bool) or not isinstance(value, int | float):
            rule = f"{quoted(repr(value))} is not a schedule; write a call"
            self.refuse("", _unread(value) or rule, name, member, alone=True)
        from ..families.const import Constant

        try:
            return Constant(lr=value)
        except ParameterError as error:
            self.refuse("", "a rate " + error.rule, name, member, alone=True)

    def _member(self, value: Value, name: str, member: int | None = None) -> Member:
        """Return a call that is an argument, or inside of a list that is one."""
        if isinstance(value, Schedule):
            return Member(value.name, {}, value)
        if not isinstance(value, Invocation):
            rule = f"{quoted(repr(value))} is not a call; write one"
            self.refuse("", _unread(value) or rule, name, member, alone=True)
        return _Binding(value, self.run).bound()

    def _check_missing(self, arguments: Mapping[str, Any]) -> None:
        missing = [name for name in self.parameters if name not in arguments]
        if not missing:
            return
        name, call = missing[0], self.call.name
        cures: dict[str, str | Sentence] = {
            "lr": f"{call} takes its rate from the optimizer; " + say_of_run("lr", 0.1),
            "metrics": f"{call} follows a metric; write metrics=[0.9, 0.8, ...] inside the call",
        }
        what = self.parameters[name]
        if what.kind is what.KEYWORD_ONLY and name in cures:
            rule = cures[name]
        else:
            rule = f"{call} lacks {listing(missing)}; add {name}=VALUE"
        raise MissingError(self.invocation, ParameterError("", "", rule, name), missing)

    def _made(self, arguments: Mapping[str, Any]) -> Schedule:
        """Return what the call makes; what is refused is said in the words of the call."""
        try:
            return self.call.function(**arguments)
        except BindingError:
            raise
        except ParameterError as error:
            kind = family(error.family)
            fields = {field.name: field for field in kind.parameters()} if kind else {}
            field = fields.get(error.parameter)
            own = {error.parameter, *(field.param.also if field else ())}
            argument = next((name for name in self.given if name in own), "")
            if error.family == self.call.name:
                self.refuse(error.key, error.rule, argument or error.parameter, error.member)
            if argument and field is not None:
                self.refuse(argument if error.key else "", error.rule, argument)
            self.refuse("", error.sentence, argument)
        except LrvizError as error:
            self.refuse("", error.sentence)


def _given(value: Unknown | OptimizerValue) -> Sentence:
    """Return how to give a value to what has none."""
    said = sentence("write its value in its place")
    is_name = value.text.replace(".", "_").isidentifier() and isinstance(value, Unknown)
    return said + ", or add " + option("names", (value.text,)) if is_name else said


def _unread(value: Value) -> str:
    """Return what is wrong with the call of something that no framework has."""
    return unknown_call(value.calls) if isinstance(value, Unknown) and value.calls else ""
