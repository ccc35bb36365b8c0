"""What a family or a framework's call is and takes, or what a schedule does."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from ..errors import LrvizError, listing, quoted
from ..frameworks import Call
from ..outputs import prose
from ..outputs.prose import Entry
from ..sampling import default_horizon, key_steps
from ..schedules.base import Schedule
from ..schedules.fields import Parameter, number_text
from ..series import Planned, read_inputs
from ..specs.quantities import Run
from .behaviour import gotchas, joints, phases, rate_text
from .mistakes import findings
from .unseen import unseen

if TYPE_CHECKING:
    from ..logs.records import Progress

_CHART_WIDTH, _CHART_HEIGHT = 80, 8
"""The most columns, and the rows, of a chart."""

_KINDS = {bool: "True or False", int: "a whole number", float: "a number"}


Body = Callable[[int, bool], Iterable[str]]
"""What stands in a section: its lines for a terminal of so many columns, in colour or not."""


def _terms(entries: Iterable[Entry]) -> Body:
    """Return terms, with what they mean beside them."""
    return partial(prose.beside, [*entries])


def _notes(entries: Iterable[Entry]) -> Body:
    """Return terms, with what they mean below them."""
    return partial(prose.below, [*entries])


def _chart(series: Planned, horizon: int) -> Body:
    """Return a chart of a series over a run."""

    def lines(width: int, colour: bool) -> Iterable[str]:
        from ..outputs.chart import chart
        from ..outputs.look import Look

        columns = min(width, _CHART_WIDTH)
        curve = series.outline(horizon, 2 * columns)
        return chart([curve], Look(steps=horizon), columns, _CHART_HEIGHT, colour).splitlines()

    return lines


class Section(NamedTuple):
    """A part of an explanation; one whose title is None goes on with the section before it."""

    title: str | None
    body: Body

    def lines(self, width: int, colour: bool) -> Iterator[str]:
        """Yield it as text for a terminal, apart from what stands above."""
        if self.title is not None:
            yield ""
        if self.title:
            yield self.title
        yield from self.body(width, colour)


@dataclass(frozen=True, eq=False)
class Explanation:
    """Sections, which are worked out when they are asked for; and notes on what was assumed."""

    worked_out: Callable[[], Iterator[Section]]
    notes: Sequence[str] = ()

    @cached_property
    def sections(self) -> list[Section]:
        """The sections; LrvizError if a schedule cannot be evaluated."""
        return list(self.worked_out())

    def text(self, width: int = 80, colour: bool = False) -> str:
        """Return it for a terminal that has so many columns."""
        lines = (line for section in self.sections for line in section.lines(width, colour))
        return "".join(f"{line}\n" for line in lines)

    def __str__(self) -> str:
        return self.text()


def explain(
    subject: str | Schedule,
    run: Run | None = None,
    *,
    silence: str | None = "",
    progress: "Progress | None" = None,
) -> Explanation:
    """Return what a family or a call is, by its name; or what schedules do, by text or config.

    `silence` names warnings that are not to be given; with None there are none. `progress` is told
    how far a log is read. LrvizError for a
    text that cannot be read.
    """
    from ..families import family
    from ..frameworks import calls_named

    run = run or Run()
    if isinstance(subject, Schedule):
        return Explanation(partial(_schedule, Planned(str(subject), subject), run, silence))
    kind = family(subject)
    if kind is not None:
        return Explanation(partial(_family, kind))
    calls = calls_named(subject) if subject.replace(".", "_").isidentifier() else []
    if calls:
        return Explanation(lambda: (section for call in calls for section in _call(call)))
    found, notes = read_inputs(subject, run, progress=progress)
    plans = [one for one in found if isinstance(one, Planned)]
    if len(plans) < len(found):
        raise LrvizError(
            f"{quoted(found[0].label)} is a recorded run, and schedules are explained; "
            "compare it with one, or draw it"
        )
    notes += [
        note
        for one in plans
        for note in unseen([one], run.horizon or default_horizon([one]), 2 * _CHART_WIDTH)
    ]
    return Explanation(
        lambda: (section for one in plans for section in _schedule(one, run, silence)), notes
    )


def _family(kind: type[Schedule]) -> Iterator[Section]:
    from ..specs import read

    yield Section(None, _terms([Entry(kind.name, (kind.summary(), kind.formula))]))
    yield Section("parameters", _terms([_parameter(field) for field in kind.parameters()]))
    examples = []
    for example in kind.examples:
        rates = listing(f"{number_text(rate)} at {step}" for step, rate in example.rates.items())
        examples.append(Entry(example.spec, [f"{rates} ({example.source})"]))
    yield Section("examples", _notes(examples))
    if kind.elsewhere:
        elsewhere = [Entry(who, [what]) for who, what in kind.elsewhere.items()]
        yield Section("elsewhere", _terms(elsewhere))
    drawn = Planned(*read([kind.examples[0].spec], Run())[0])
    yield Section("", _chart(drawn, default_horizon([drawn])))


def _parameter(field: Parameter) -> Entry:
    """Return what to write, and what it means, which values it takes and what others call it."""
    meaning = f"{field.param.meaning} ({field.values()})"
    others = f"elsewhere {', '.join(field.param.also)}"
    return Entry(field.key, (meaning, others) if field.param.also else (meaning,))


def _call(call: Call) -> Iterator[Section]:
    """Yield what a framework's call does, and the parameters that have an influence."""
    from ..frameworks.kinds import Ignored, field_of

    yield Section(None, _what_it_is(call))
    arguments = [
        _argument(field_of(p), p.default, p.kind is p.KEYWORD_ONLY)
        for p in call.parameters.values()
        if p.annotation is not Ignored
    ]
    yield Section("parameters", _terms(arguments))
    yield Section("", _notes([]))  # room before the next call


def _argument(field: Parameter, default: object, is_from_elsewhere: bool) -> Entry:
    """Return the name of a call's parameter, and what it means."""
    words = [field.param.meaning or _KINDS.get(field.item, "a value")]
    if field.choices:
        words = [f"{words[0]}: {listing(field.choices, 'or')}"]
    if is_from_elsewhere:
        words.append("from outside of the call, or added to it")
    if default is not inspect.Parameter.empty and default is not None:
        words.append(f"default {default!r}")
    return Entry(field.name, ["; ".join(words)])


def _what_it_is(call: Call) -> Body:
    """Return the name of a call, what it does, and its quirks."""
    summary, _, quirks = (inspect.getdoc(call.function) or "").partition("\n\n")
    paragraphs = [" ".join(text.split()) for text in (summary, quirks) if text]
    return _notes([Entry(call.path, paragraphs, f" ({call.title})")])


def _headed(part: Schedule) -> str:
    """Return the stage of a part; of a program, which stands above as a whole, its first line."""
    first, lines, _ = part.stage().partition("\n")
    return f"{first} …" if lines else first


def _schedule(one: Planned, run: Run, silence: str | None) -> Iterator[Section]:
    """Yield the explanation of a schedule, with warnings unless `silence` is None."""
    plan = one.plan
    horizon = run.horizon or default_horizon([one])
    if one.config:
        yield Section(None, _notes([Entry(one.config.text, one.config.sums)]))
        yield Section("", _notes([]))
    if one.read:
        yield Section(None, _what_it_is(one.read.call))
    yield Section("as a spec" if one.read else None, lambda *_: [str(plan)])
    yield Section("", _notes([Entry(_headed(part), [part.formula]) for part in plan.parts()]))
    if one.read:
        yield Section("what bites", _terms(gotchas(plan, horizon, one.read.call)))
    found = [] if silence is None else findings(plan, horizon, run, silence)
    if found:
        yield Section("warnings", _terms([Entry(f.name, [f.message]) for f in found]))
    yield Section("phases", _terms(phases(plan, horizon)))
    met = [*joints(plan, horizon)]
    if met:
        yield Section("joints", _terms(met))
    steps = key_steps([plan], horizon)
    rates = [Entry(str(step), [rate_text(plan, step)]) for step in steps]
    yield Section("key steps", lambda width, _: prose.beside(rates, width, colour=False))
    yield Section("", _chart(one, horizon))
