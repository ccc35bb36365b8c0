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

_CHART_WIDTH, _CHART_HEIGHT = 80, 6
"""The most columns, and the rows, of a chart."""

_KINDS = {bool: "True or False", int: "a whole number", float: "a number"}

_BAND = "it stays in a band as long as the rate stays; lrviz predict says in which"
"""What theory says of a constant rate."""

_ELSEWHERE = ("lrviz translate", ["writes it in the words of another framework, or as a function"])

Body = Callable[[int, bool], Iterable[str]]
"""What stands in a section: its lines for a terminal of so many columns, in colour or not."""


def _terms(entries: Iterable[Entry]) -> Body:
    """Return terms, with what they mean beside them."""
    return partial(prose.beside, [*entries])


def _notes(entries: Iterable[Entry]) -> Body:
    """Return terms, with what they mean below them."""
    return partial(prose.below, [*entries])


def _paragraphs(*texts: str) -> Body:
    """Return paragraphs."""

    def lines(width: int, _: bool) -> Iterator[str]:
        for text in texts:
            yield from ("  " + line for line in prose.paragraph(text, width, 2))

    return lines


def _as_it_is(*lines: str) -> Body:
    """Return lines to be copied, which are not wrapped."""
    return lambda *_: ["  " + line for line in lines]


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
    """Sections, which are worked out when they are asked for; and notes on what was assumed.

    `more` is what there would be if everything were asked for.
    """

    worked_out: Callable[[], Iterator[Section]]
    notes: Sequence[str] = ()
    more: str = ""

    @cached_property
    def sections(self) -> list[Section]:
        """The sections; LrvizError if a schedule cannot be evaluated."""
        return list(self.worked_out())

    def text(self, width: int = 80, colour: bool = False) -> str:
        """Return it for a terminal that has so many columns."""
        lines = (line for section in self.sections for line in section.lines(width, colour))
        return "".join(f"{line}\n" for line in lines).lstrip("\n")

    def __str__(self) -> str:
        return self.text()


def explain(
    subject: str | Schedule,
    run: Run | None = None,
    *,
    silence: str | None = "",
    everything: bool = False,
    progress: "Progress | None" = None,
) -> Explanation:
    """Return what a family or a call is, by its name; or what schedules do, by text or config.

    It is short unless `everything` is asked for. `silence` names warnings that are not to be given;
    with None there are none. `progress` is told how far a log is read. LrvizError for a text that
    cannot be read.
    """
    from ..families import family
    from ..frameworks import calls_named

    run = run or Run()
    if isinstance(subject, Schedule):
        one = Planned(str(subject), subject)
        return Explanation(partial(_schedule, one, run, silence, everything))
    kind = family(subject)
    if kind is not None:
        more = "" if everything else "more examples and their sources, and what others call it"
        return Explanation(partial(_family, kind, everything), more=more)
    calls = calls_named(subject) if subject.replace(".", "_").isidentifier() else []
    if calls:
        more = "" if everything or len(calls) == 1 else "the others of that name"
        return Explanation(partial(_calls, calls, everything), more=more)
    found, notes = read_inputs(subject, run, progress=progress)
    plans = [one for one in found if isinstance(one, Planned)]
    if len(plans) < len(found):
        raise LrvizError(
            f"{quoted(found[0].label)} is a recorded run, and schedules are explained; "
            "lrviz fit finds the one behind it"
        )
    notes += [
        note
        for one in plans
        for note in unseen([one], run.horizon or default_horizon([one]), 2 * _CHART_WIDTH)
    ]
    return Explanation(
        lambda: (s for one in plans for s in _schedule(one, run, silence, everything)),
        notes,
        more="" if everything else "the rates at key steps",
    )


def _family(kind: type[Schedule], everything: bool) -> Iterator[Section]:
    """Yield what a family is and takes."""
    from ..specs import read

    drawn = Planned(*read([kind.examples[0].spec], Run())[0])
    yield Section(None, _terms([Entry(kind.name, [kind.summary()])]))
    yield Section("", _chart(drawn, default_horizon([drawn])))
    yield Section("formula", _paragraphs(kind.formula))
    fields = [_parameter(field, everything) for field in kind.parameters()]
    yield Section("parameters", _terms(fields))
    if not everything:
        return
    examples = []
    for example in kind.examples:
        rates = listing(f"{number_text(rate)} at {step}" for step, rate in example.rates.items())
        examples.append(Entry(example.spec, [f"{rates} ({example.source})"]))
    yield Section("examples", _notes(examples))
    if kind.elsewhere:
        elsewhere = [Entry(who, [what]) for who, what in kind.elsewhere.items()]
        yield Section("elsewhere", _terms(elsewhere))


def _parameter(field: Parameter, everything: bool) -> Entry:
    """Return what to write, and what it means, which values it takes and what others call it."""
    meaning = f"{field.param.meaning} ({field.values()})"
    others = f"elsewhere {', '.join(field.param.also)}"
    return Entry(field.key, (meaning, others) if everything and field.param.also else (meaning,))


def _calls(calls: Sequence[Call], everything: bool) -> Iterator[Section]:
    """Yield what the best known of some calls does, and where the others are, or those in turn."""
    first, *others = calls
    for call in calls if everything else [first]:
        yield from _call(call)
    if others and not everything:
        yield Section("elsewhere", _terms([Entry(call.path, [call.title]) for call in others]))


def _call(call: Call) -> Iterator[Section]:
    """Yield what a framework's call does, an example, and the parameters that have an influence."""
    from ..frameworks.examples import example
    from ..frameworks.kinds import Ignored, field_of

    text = example(call)
    (drawn,) = (one for one in read_inputs(text, Run())[0] if isinstance(one, Planned))
    yield Section("", _what_it_is(call))
    yield Section("example, and as a spec", _as_it_is(text, str(drawn.plan)))
    short = Planned(call.name, drawn.plan)
    yield Section("", _chart(short, default_horizon([drawn])))
    arguments = [
        _argument(field_of(p), p.default, p.kind is p.KEYWORD_ONLY)
        for p in call.parameters.values()
        if p.annotation is not Ignored
    ]
    yield Section("parameters", _terms(arguments))


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


def _schedule(one: Planned, run: Run, silence: str | None, everything: bool) -> Iterator[Section]:
    """Yield the explanation of a schedule, with warnings unless `silence` is None."""
    plan = one.plan
    horizon = run.horizon or default_horizon([one])
    if one.config:
        yield Section("", _notes([Entry(one.config.text, one.config.sums)]))
    if one.read:
        yield Section("", _what_it_is(one.read.call))
    text = str(plan)
    is_spec = not (one.read or one.config or "\n" in text)
    if not is_spec:
        yield Section("as a spec", _as_it_is(*text.splitlines()))
    yield Section("", _chart(Planned(text, plan) if is_spec else one, horizon))
    yield Section("formula", _notes([Entry(_headed(p), [p.formula]) for p in plan.parts()]))
    if one.read:
        yield Section("worth knowing", _terms(gotchas(plan, horizon, one.read.call)))
    found = [] if silence is None else findings(plan, horizon, run, silence)
    if found:
        yield Section("warnings", _terms([Entry(f.name, [f.message]) for f in found]))
    yield Section("phases", _terms(phases(plan, horizon)))
    met = [*joints(plan, horizon)]
    if met:
        yield Section("joints", _terms(met))
    if plan.level:
        yield Section("the loss", lambda *_: [f"  {_BAND}"])
    if everything:
        steps = key_steps([plan], horizon)
        rates = [Entry(str(step), [rate_text(plan, step)]) for step in steps]
        yield Section("key steps", lambda width, _: prose.beside(rates, width, colour=False))
    if one.read:
        yield Section("elsewhere", _terms([Entry(*_ELSEWHERE)]))
