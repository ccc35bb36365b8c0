"""`lrviz explain`: what a family or a call is and takes, or what a schedule does."""

import inspect
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from ...errors import LrvizError, listing, printable
from ...inputs import assumptions
from ...schedules.fields import number_text
from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..candidates import name_candidates
from ..training import takes_run

if TYPE_CHECKING:
    from ...frameworks import Call
    from ...schedules.base import Schedule
    from ...schedules.fields import Parameter
    from ...schedules.numeric import Array
    from ...specs import Named

CHART_HEIGHT = 8

PICTURES = (".png", ".svg", ".pdf")
"""How the names of pictures end."""

_KINDS = {bool: "True or False", int: "a whole number", float: "a number"}

MOST_SEARCHED = 2_000_000
"""Among how many steps the first with the highest rate is looked for."""


@app.command("explain", short_help="Explain a family, a framework's call, or a whole spec.")
@takes_run
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="NAME-or-SPEC",
            help="A family, such as cosine; a call, such as StepLR; a spec, or a pasted call; "
            "or a picture that lrviz drew.",
            autocompletion=name_candidates,
            show_default=False,
        ),
    ],
    run: Run,
    no_warnings: options.NoWarnings = False,
    silence: options.Silence = "",
    colour: options.Colour = "auto",
    quiet: options.Quiet = False,
) -> None:
    """\b
    lrviz explain cosine
    lrviz explain warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5
    lrviz explain OneCycleLR
    lrviz explain 'tf.train.exponential_decay(0.01, global_step, 100, 0.9, staircase=True)'

    Explain a family: its formula, parameters, examples, and what other frameworks call it. Or a
    framework's call: what it does and takes. Or a spec or a pasted call: its canonical spec,
    formulas, what bites, phases, key steps and a small chart. Or a picture: the config that draws
    it again.
    """
    in_colour = console.wants_colour(sys.stdout, colour)
    if subject.lower().endswith(PICTURES):
        _explain_picture(subject, quiet)
        return
    lines = _name(subject, in_colour)
    if lines is None:
        from ...specs import read

        named = read([subject], run)
        for note in () if quiet else assumptions(one.read for one in named):
            console.say(note)
        show = None if no_warnings else silence
        lines = (line for one in named for line in _schedule(one, run, show, in_colour))
    console.show("".join(f"{line}\n" for line in lines))


def _explain_picture(path: str, quiet: bool) -> None:
    """Print the config that draws a picture again."""
    from ...builds.pictures import config_in

    config, whole = config_in(path)
    console.show(config)
    if not quiet:
        state = "is as it was drawn" if whole else "was changed after it was drawn"
        console.say(f"{printable(path)} {state}; as a config for lrviz build this draws it again")


def _name(subject: str, colour: bool) -> Iterator[str] | None:
    """Return the explanation of a name, None if it is not the name of a family or of a call."""
    from ...families import family

    kind = family(subject)
    if kind is not None:
        return _family(kind, colour)
    if not subject.replace(".", "_").isidentifier():
        return None
    from ...frameworks import calls_named

    found = calls_named(subject)
    return (line for call in found for line in _call(call, colour)) if found else None


def _family(kind: type["Schedule"], colour: bool) -> Iterator[str]:
    from ...specs import read

    yield from console.defined([(kind.name, (kind.summary(), kind.formula))], colour)
    yield "\nparameters"
    yield from console.defined([_parameter(field) for field in kind.parameters()], colour)
    yield "\nexamples"
    for example in kind.examples:
        rates = listing(f"{number_text(rate)} at {step}" for step, rate in example.rates.items())
        yield from console.noted(example.spec, f"{rates} ({example.source})", colour)
    if kind.elsewhere:
        yield "\nelsewhere"
        yield from console.defined([(who, (what,)) for who, what in kind.elsewhere.items()], colour)
    yield ""
    yield from _chart(read([kind.examples[0].spec], Run())[0], None, colour)


def _call(call: "Call", colour: bool) -> Iterator[str]:
    """Yield what a framework's call does, and the parameters that have an influence."""
    from ...frameworks.kinds import Ignored, field_of

    yield from _what_it_is(call, colour)
    yield ""
    yield "parameters"
    yield from console.defined(
        [
            _argument(field_of(p), p.default, p.kind is p.KEYWORD_ONLY)
            for p in call.parameters.values()
            if p.annotation is not Ignored
        ],
        colour,
    )
    yield ""


def _argument(
    field: "Parameter", default: object, is_from_elsewhere: bool
) -> tuple[str, Sequence[str]]:
    """Return the name of a call's parameter, and what it means."""
    words = [field.param.meaning or _KINDS.get(field.item, "a value")]
    if field.choices:
        words = [f"{words[0]}: {listing(field.choices, 'or')}"]
    if is_from_elsewhere:
        words.append("from outside of the call, or added to it")
    if default is not inspect.Parameter.empty and default is not None:
        words.append(f"default {default!r}")
    return field.name, ("; ".join(words),)


def _what_it_is(call: "Call", colour: bool) -> Iterator[str]:
    """Yield the name of a call, what it does, and its quirks."""
    summary, _, quirks = (inspect.getdoc(call.function) or "").partition("\n\n")
    paragraphs = [" ".join(text.split()) for text in (summary, quirks) if text]
    yield f"  {console.styled(call.path, '1', colour)} ({call.title})"
    for paragraph in paragraphs:
        yield from console.wrapped(paragraph, 6)


def _parameter(field: "Parameter") -> tuple[str, Sequence[str]]:
    """Return what to write, and what it means, which values it takes and what others call it."""
    meaning = f"{field.param.meaning} ({field.values()})"
    others = f"elsewhere {', '.join(field.param.also)}"
    return field.key, (meaning, others) if field.param.also else (meaning,)


def _schedule(one: "Named", run: Run, silence: str | None, colour: bool) -> Iterator[str]:
    """Yield the explanation of a schedule, with warnings unless `silence` is None."""
    from ...sampling import default_horizon, key_steps

    schedule = one.schedule
    shown = run.horizon or default_horizon([schedule])
    if one.read:
        yield from _what_it_is(one.read.call, colour)
        yield "\nas a spec"
    yield str(schedule)
    yield ""
    for part in schedule.parts():
        yield from console.noted(part.stage(), part.formula, colour)
    if one.read:
        yield "\nwhat bites"
        yield from console.defined([*_bites(schedule, shown, one.read.call)], colour)
    if silence is not None:
        from ..mistakes import findings

        found = findings(schedule, shown, run, silence)
        if found:
            yield "\nwarnings"
            pairs: list[tuple[str, Sequence[str]]] = [(f.name, (f.message,)) for f in found]
            yield from console.defined(pairs, colour)
    yield "\nphases"
    yield from console.defined([*_phases(schedule, shown)], colour)
    joints = [*_joints(schedule, shown)]
    if joints:
        yield "\njoints"
        yield from console.defined(joints, colour)
    yield "\nkey steps"
    steps = key_steps([schedule], shown)
    yield from console.defined([(str(step), (_rate(schedule, step),)) for step in steps], False)
    yield ""
    yield from _chart(one, shown, colour)


def _bites(schedule: "Schedule", horizon: int, call: "Call") -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what people get wrong about a call: its first and last rates, jumps, precision."""
    yield "step 0", (_rate(schedule, 0),)
    rates = schedule(np.arange(min(horizon, MOST_SEARCHED)))
    highest = float(rates.max())
    first = int(np.argmax(rates >= highest * (1 - 1e-12)))
    yield "highest rate", (f"{number_text(float(f'{highest:.8g}'))}, first at step {first}",)
    for knots in (knots for knots in schedule.knots if knots.jump):
        for step in knots.step(np.arange(min(knots.total(horizon), 1))).tolist():
            before, after = _rate(schedule, step - 1), _rate(schedule, step)
            if before != after:
                yield "first jump", (f"{before} at step {step - 1}, {after} at step {step}",)
    yield "last step", (f"{horizon - 1}: {_rate(schedule, horizon - 1)}",)
    if schedule.length is not None:
        yield "past the end", (_after(schedule, schedule.length),)
    if call.counts != "float64":
        yield (
            "precision",
            (f"{call.title} counts in {call.counts}; --dtype {call.counts} gives its very digits",),
        )
    if call.compiled:
        for what in (what for part in schedule.parts() for what in _compiled(part, horizon)):
            yield "compiled", (f"under {call.compiled} {what}",)


def _compiled(schedule: "Schedule", horizon: int) -> Iterator[str]:
    """Yield where compiled code gives other rates than the formula.

    It multiplies by the reciprocal of the period, rounded to float32, instead of dividing, and so
    may miss a whole number of periods on either side. Where it takes that from 1 in the same
    instruction, the product itself is not rounded, and what is left may be below 0.
    """
    if schedule.division is None:
        return
    period, then = schedule.division
    periods = np.arange(1, min(horizon / period + 1, 1000), dtype=np.float64)
    steps = periods * period
    reciprocal = np.float32(1 / period)
    product = steps.astype(np.float32) * reciprocal
    whole = steps == np.floor(steps)
    late, early = (steps[whole & miss] for miss in (product < periods, product > periods))
    if then == "down" and late.size:
        yield f"a drop comes one step late: the old rate still holds at {_some(late)}"
    if then == "up" and early.size:
        yield f"a cycle begins one step early, at {_some(early)}"
    if then == "root" and period * float(reciprocal) > 1:
        yield f"the rate is NaN from step {period:.0f} on"


def _some(steps: "Array") -> str:
    return listing(f"{step:.0f}" for step in steps[:5])


def _phases(schedule: "Schedule", horizon: int) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the name of each phase, with its steps and rates, and what comes after the last."""
    for phase in schedule.phases:
        last = (horizon if phase.stop is None else phase.stop) - 1
        if last < phase.start:
            continue
        rates = f"{_rate(schedule, phase.start)} to {_rate(schedule, last)}"
        yield phase.name, (f"steps {phase.start} to {last}, rates {rates}",)
    end = schedule.length
    if end is not None:
        yield "after", (f"from step {end} on it {_after(schedule, end)}",)


def _joints(schedule: "Schedule", horizon: int) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield where stages join, and how the rate changes there."""
    for phase in schedule.phases[1:]:
        if phase.start >= horizon:
            break
        before, after = (float(schedule(phase.start + i)) for i in (-1, 0))
        part = f", {100 * (after / before - 1):+.3g} %" if before else ""
        rates = f"{_rate(schedule, phase.start - 1)} to {_rate(schedule, phase.start)}"
        yield f"step {phase.start}", (f"{rates}{part}",)


def _after(schedule: "Schedule", end: int) -> str:
    """Return in words what a schedule does from its end on."""
    later = []
    for more in (0, 1, 2, end + 3, 10 * end + 7):
        try:
            later.append(schedule(end + more))
        except LrvizError:
            return (
                f"goes on to {_rate(schedule, end)}, then there is no rate"
                if later
                else ("has no rate")
            )
    if len({f"{rate:.8g}" for rate in later}) == 1:
        return f"stays at {_rate(schedule, end)}"
    return "climbs again" if later[2] > later[1] > later[0] else "goes on"


def _rate(schedule: "Schedule", step: int) -> str:
    return number_text(float(f"{schedule(step):.8g}"))


def _chart(one: "Named", horizon: int | None, colour: bool) -> list[str]:
    from ...outputs.chart import chart
    from ...outputs.look import Look
    from ...sampling import default_horizon, outline

    shown = horizon or default_horizon([one.schedule])
    width = min(console.size()[0], 80)
    curve = outline(one.schedule, shown, 2 * width, one.label)
    return chart([curve], Look(shown), width, CHART_HEIGHT, colour).splitlines()
