"""`lrviz explain`: what a family is and takes, or what a schedule does."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import listing
from ..schedules.fields import number_text
from ..specs.quantities import Run
from . import console, options
from .app import app
from .candidates import name_candidates

if TYPE_CHECKING:
    from ..schedules.base import Schedule
    from ..schedules.fields import Parameter
    from ..specs import Named

CHART_HEIGHT = 8


@app.command("explain", short_help="Explain a family, or a whole spec.")
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="NAME-or-SPEC",
            help="A family, such as cosine, or a spec.",
            autocompletion=name_candidates,
            show_default=False,
        ),
    ],
    steps: options.Steps = None,
    steps_per_epoch: options.StepsPerEpoch = None,
    colour: options.Colour = "auto",
) -> None:
    """\b
    lrviz explain cosine
    lrviz explain warmup:steps=500/cosine:lr=3e-4,steps=9500,end=3e-5

    Explain a family: its formula, parameters, examples, and what other frameworks call it. Or a
    spec: its canonical form, formulas, phases, key steps and a small chart.
    """
    from ..schedules import family
    from ..specs import read

    in_colour = console.wants_colour(sys.stdout, colour)
    kind = family(subject)
    if kind is not None:
        lines = _family(kind, in_colour)
    else:
        run = options.run_of(steps, steps_per_epoch)
        lines = (
            line for one in read([subject], run) for line in _schedule(one, run.horizon, in_colour)
        )
    console.show("".join(f"{line}\n" for line in lines))


def _family(kind: type["Schedule"], colour: bool) -> Iterator[str]:
    from ..specs import read

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


def _parameter(field: "Parameter") -> tuple[str, Sequence[str]]:
    """Return what to write, and what it means, which values it takes and what others call it."""
    meaning = f"{field.param.meaning} ({field.values()})"
    others = f"elsewhere {', '.join(field.param.also)}"
    return field.key, (meaning, others) if field.param.also else (meaning,)


def _schedule(one: "Named", horizon: int | None, colour: bool) -> Iterator[str]:
    from ..sampling import default_horizon, key_steps

    schedule = one.schedule
    shown = horizon or default_horizon([schedule])
    yield str(schedule)
    yield ""
    for part in schedule.parts():
        yield from console.noted(part.stage(), part.formula, colour)
    yield "\nphases"
    yield from console.defined([*_phases(schedule, shown)], colour)
    yield "\nkey steps"
    steps = key_steps([schedule], shown)
    yield from console.defined([(str(step), (_rate(schedule, step),)) for step in steps], False)
    yield ""
    yield from _chart(one, shown, colour)


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
        later = {_rate(schedule, end + more) for more in (0, 1, 2, end + 3, 10 * end + 7)}
        what = "goes on" if len(later) > 1 else f"stays at {later.pop()}"
        yield "after", (f"from step {end} on it {what}",)


def _rate(schedule: "Schedule", step: int) -> str:
    return number_text(float(f"{schedule(step):.8g}"))


def _chart(one: "Named", horizon: int | None, colour: bool) -> list[str]:
    from ..outputs.chart import chart
    from ..outputs.look import Look
    from ..sampling import default_horizon, outline

    shown = horizon or default_horizon([one.schedule])
    width = min(console.size()[0], 80)
    curve = outline(one.schedule, shown, 2 * width, one.label)
    return chart([curve], Look(shown), width, CHART_HEIGHT, colour).splitlines()
