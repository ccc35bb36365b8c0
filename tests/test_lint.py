"""Each warning fires on the mistake that it names, in these words, and not on what is right."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.families import families
from lrviz.lint import Finding, lint, lint_recorded, names
from lrviz.sampling import default_horizon
from lrviz.schedules.base import Schedule
from tests.recorded import Case, cases
from tests.strategies import schedules

FIRED = [
    (
        "a warmup that leads elsewhere",
        ("linear:lr=0.001,steps=100,end=0.01/cosine:lr=0.1,steps=900", 1000),
        "cliff",
        (
            "the rate jumps up from 0.00991 to 0.1 at step 100, where linear ends and cosine "
            "begins; let the one end at the rate where the other begins"
        ),
    ),
    (
        "a warmup that is cut off at a milestone",
        (
            (
                "SequentialLR(opt, [LinearLR(opt, 0.1, total_iters=10), ExponentialLR(opt, 0.9)], "
                "milestones=[5], lr=0.1)"
            ),
            40,
        ),
        "cliff",
        (
            "the rate jumps up from 0.046 to 0.1 at step 5, where linear ends and exp begins; give"
            " linear all of its 10 steps, and not 5"
        ),
    ),
    (
        "a warmup with an end of its own",
        ("warmup:steps=10,start=0.1,end=1/cosine:lr=0.2,steps=90", 100),
        "cliff",
        (
            "the rate jumps down from 0.91 to 0.2 at step 10, where warmup ends and cosine begins;"
            " leave out the end of the warmup, and it leads to where the next stage begins"
        ),
    ),
    (
        "a cosine that has run during the warmup, Swin-Transformer #277",
        ("warmup:steps=40,start=0.001,end=0.1/cosine:lr=0.1,steps=300,shift=-40", 300),
        "cliff",
        (
            "the rate jumps down from 0.09753 to 0.09568 at step 40, where warmup ends and cosine "
            "begins; take shift=-40 away, so that the stage after the warmup begins at its own "
            "step 0 (warmup_prefix=True in timm)"
        ),
    ),
    (
        "several cliffs",
        (
            (
                "cosine:lr=1,steps=10/linear:lr=1,steps=10/exp:lr=1,rate=0.9,steps=1,for=5/cosine"
                ":lr=1,steps=10"
            ),
            35,
        ),
        "cliff",
        (
            "the rate jumps up from 0.02447 to 1 at step 10 (and at 2 more), where cosine ends and"
            " linear begins; let the one end at the rate where the other begins"
        ),
    ),
    (
        "PyTorch's cosine past its end",
        ("CosineAnnealingLR(optimizer, T_max=50, lr=0.1)", 90),
        "climbs",
        (
            "the rate climbs again from 0 at step 50 to 0.08853 at step 89, because this cosine "
            "goes on past its end; give it a length (T_max in PyTorch) of 90 steps, or take "
            "unclamped away"
        ),
    ),
    (
        "Transformers' cosine past its end",
        ("get_cosine_schedule_with_warmup(optimizer, 500, 10_000, lr=5e-5)", 40_000),
        "climbs",
        (
            "the rate climbs again from 0 at step 10000 to 5e-5 at step 19500, because this cosine"
            " goes on past its end; give it a length (T_max in PyTorch) of 39500 steps, or take "
            "unclamped away"
        ),
    ),
    (
        "a decay that ends far too early",
        ("get_linear_schedule_with_warmup(optimizer, 500, 10_000, lr=5e-5)", 40_000),
        "dead",
        (
            "from step 10000 on, 75 % of the run, the rate is 0, which trains nothing; let it fall"
            " more slowly, or end the run there"
        ),
    ),
    (
        "a decay that falls far too deep",
        ("exp:lr=0.1,rate=0.5,steps=1", 90),
        "dead",
        (
            "from step 27 on, 70 % of the run, the rate is 7.451e-10 or less, which trains "
            "nothing; let it fall more slowly, or end the run there"
        ),
    ),
    (
        "no rate at all",
        ("const:lr=0", None),
        "dead",
        "the rate is 0 at every step, so nothing is trained; give it a higher lr",
    ),
    (
        "a stretch without a rate",
        ("piecewise:0=0.1,10=0,80=0.1", 100),
        "dead",
        (
            "the rate is 0, or next to it, for more than half of the 100 steps, which train "
            "nothing; make those stretches shorter"
        ),
    ),
    (
        "a cosine that is clipped, GPT-NeoX PR 1008",
        ("warmup:steps=500,start=1e-6/cosine:lr=3e-4,steps=9500,floor=3e-5", 10_000),
        "floor",
        (
            "the floor 3e-5 is reached at step 8055, and the rate stays there for the last 19 % of"
            " the run; to land on it at the end, write end=3e-5 in its place"
        ),
    ),
    (
        "a decay that is clipped for most of the run",
        ("exp:lr=0.01,rate=0.9,steps=100,floor=0.001", 10_000),
        "floor",
        (
            "the floor 0.001 is reached at step 2186, and the rate stays there for the last 78 % "
            "of the run; lower the floor, or let the rate fall more slowly"
        ),
    ),
    (
        "a floor above everything",
        ("exp:lr=0.1,rate=0.9,steps=10,floor=0.3", 100),
        "floor",
        "the floor 0.3 is above the whole schedule, so that the rate never changes; lower it",
    ),
    (
        "a warmup of most of the run",
        ("warmup:steps=600,start=0.1/cosine:lr=1,steps=400", None),
        "long_warmup",
        "the warmup takes 600 of the run's 1000 steps, 60 %; make it shorter, or the run longer",
    ),
    (
        "a warmup of more than the run",
        ("linear:lr=0.1,steps=6000,end=1/const:lr=1", 5000),
        "long_warmup",
        (
            "the warmup by linear would end at step 6000, but the run ends after 5000, short of "
            "the full rate; make it shorter, or the run longer"
        ),
    ),
    (
        "boundaries in a run that is too short, handson-ml3 PR 206",
        ("piecewise:0=0.1,50000=0.01,80000=0.001", 17_000),
        "milestone",
        (
            "the boundaries at steps 50000 and 80000 are never reached, because the run ends after"
            " 17000 steps; bring them forward, or let it go on for longer"
        ),
    ),
    (
        "a milestone at the very end",
        ("multistep:lr=0.1,rate=0.1,at=30,60,90", 90),
        "milestone",
        (
            "the drop at step 90 is never reached, because the run ends after 90 steps; bring it "
            "forward, or let it go on for longer"
        ),
    ),
    (
        "points beyond the end",
        ("interpolate:0=1,10=0.5,200=0.4,300=0.3,400=0.2,500=0.1", 100),
        "milestone",
        (
            "the points at steps 200, 300 and 400 (and 1 more) are never reached, because the run "
            "ends after 100 steps; bring them forward, or let it go on for longer"
        ),
    ),
    (
        "a stage that never begins",
        ("const:lr=0.1,for=30/const:lr=0.01,for=30/exp:lr=0.001,rate=0.9,steps=10", 50),
        "milestone",
        (
            "the stage exp at step 60 is never reached, because the run ends after 50 steps; bring"
            " it forward, or let it go on for longer"
        ),
    ),
    (
        "a milestone that a stage does not come to",
        ("multistep:lr=0.1,rate=0.1,at=30,90,for=50/const:lr=0.01", None),
        "milestone",
        (
            "the drop at step 90 is never reached, because it is followed only up to step 50; "
            "bring it forward, or let it go on for longer"
        ),
    ),
    (
        "a rate that is held before a milestone",
        ("multistep:lr=0.1,rate=0.1,at=30,90,hold=49", None),
        "milestone",
        (
            "the drop at step 90 is never reached, because it ends at step 50; bring it forward, "
            "or let it go on for longer"
        ),
    ),
    (
        "an end above the start, keras #18747",
        ("poly:lr=0.0003,steps=37,end=0.001", None),
        "rises",
        (
            "poly raises the rate from 0.0003 to 0.001, which it reaches at step 37; swap lr and "
            "end, or let a stage follow if it is a warmup"
        ),
    ),
    (
        "an end above the start, after a warmup",
        ("warmup:steps=10,start=0.1/cosine:lr=0.2,steps=90,end=0.3", 100),
        "rises",
        "cosine raises the rate from 0.2 to 0.3, which it reaches at step 100; swap lr and end",
    ),
    (
        "a rate for alpha, keras #21772",
        ("cosine:lr=1e-5,steps=100,alpha=10", None),
        "rises",
        (
            "cosine raises the rate from 1e-5 to 0.0001, which it reaches at step 100; alpha=10 is"
            " a part of lr, so give one below 1, or end=RATE"
        ),
    ),
    (
        "a growing factor",
        ("exp:lr=0.1,rate=1.05,steps=10", None),
        "rises",
        (
            "exp raises the rate with every period, because its rate is 1.05; give it a rate below"
            " 1 to decay, or a ceiling if it is to rise"
        ),
    ),
    (
        "a negative exponent",
        ("natural_exp:lr=0.1,rate=-0.5,steps=10", None),
        "rises",
        (
            "natural_exp raises the rate with every period, because its rate is -0.5; give it a "
            "rate above 0 to decay, or a ceiling if it is to rise"
        ),
    ),
    (
        "stairs that are longer than the run",
        ("tf.train.exponential_decay(0.01, global_step, 100000, 0.9, staircase=True)", 20_000),
        "staircase",
        (
            "the first drop of exp would come at step 100000, but the run ends after 20000 steps, "
            "so that the rate never changes; lower steps, or let it go on for longer"
        ),
    ),
    (
        "stairs that are longer than their stage",
        ("exp_epoch:lr=0.1,rate=0.9,epoch=100,for=50/const:lr=0.1", None),
        "staircase",
        (
            "the first drop of exp_epoch would come at step 100, but it is followed only up to "
            "step 50, so that the rate never changes; lower epoch, or let it go on for longer"
        ),
    ),
    (
        "a decay that is ten times too long, tensorflow/models #9776",
        ("cosine:lr=0.1,steps=300k", 30_000),
        "unfinished",
        (
            "cosine ends at step 300000, but the run ends after 30000 steps, at the rate 0.09755, "
            "and never comes down to 0; make it shorter (30000 steps), or the run longer"
        ),
    ),
    (
        "a run that stops before the decay",
        ("warmup:steps=100,start=1e-5/wsd:lr=0.001,steps=9900,warmup=0,decay=2000", 8000),
        "unfinished",
        (
            "wsd ends at step 10000, but the run ends after 8000 steps, at the rate 0.001, and "
            "never comes down to 0; make it shorter (7900 steps), or the run longer"
        ),
    ),
    (
        "one cycle that has hardly begun",
        ("OneCycleLR(optimizer, 0.1, total_steps=1000)", 100),
        "unfinished",
        (
            "one_cycle ends at step 1000, but the run ends after 100 steps, at the rate 0.02771, "
            "and never comes down to 9.035e-7; make it shorter (100 steps), or the run longer"
        ),
    ),
    (
        "epochs for steps",
        ("StepLR(optimizer, 30, lr=0.1)", 100_000),
        "units",
        (
            "the rate falls from 0.1 to 0.001 within the first 60 of 100000 steps, and then "
            "hardly changes; if epochs are meant, write steps=30ep, or stretch it over the run"
        ),
    ),
    (
        "a list of epochs for steps",
        ("MultiStepLR(optimizer, [30, 60], lr=0.1)", 100_000),
        "units",
        (
            "the rate falls from 0.1 to 0.001 within the first 60 of 100000 steps, and then hardly"
            " changes; if its steps are meant as epochs, write them as 30ep, or stretch it over "
            "the run"
        ),
    ),
    (
        "too many steps for epochs",
        ("linear:lr=0.1,steps=10k", 1_000_000),
        "units",
        (
            "the rate falls from 0.1 to 0.001 within the first 9900 of 1000000 steps, and then "
            "hardly changes; stretch it over the run"
        ),
    ),
    (
        "a wave for every epoch",
        ("CosineAnnealingLR(optimizer, T_max=50, lr=0.1)", 100_000),
        "units",
        (
            "cosine goes through 1000 cycles in 100000 steps; if epochs are meant, write "
            "steps=50ep, or stretch it over the run"
        ),
    ),
    (
        "an update that changes nothing",
        ("get_constant_schedule_with_warmup(optimizer, 10, lr=1)", 1000),
        "zero_first",
        (
            "step 0 has the rate 0, so that the first update changes nothing, as in Transformers; "
            "to begin higher, add start=RATE"
        ),
    ),
    (
        "an update that changes nothing, of a family without a start",
        ("noam:lr=1,warmup=10", None),
        "zero_first",
        (
            "step 0 has the rate 0, so that the first update changes nothing, as in Transformers; "
            "to begin higher, add shift=-1"
        ),
    ),
    (
        "a whole epoch that changes nothing",
        ("stepped:every=391/warmup:steps=5/cosine:lr=0.1,steps=85", 35_190),
        "zero_first",
        "the first 391 updates have the rate 0 and change nothing; begin above 0",
    ),
]
"""What is wrong, the schedule and the run, and the warning."""

SILENT = [
    ("warmup:steps=500,start=1e-6/cosine:lr=3e-4,steps=9500,end=3e-5", 10_000),
    ("warmup:steps=500,start=1e-6/cosine:lr=3e-4,steps=10k,end=3e-5", 10_000),
    ("linear:lr=0.001,steps=100,end=0.1/cosine:lr=0.1,steps=900", 1000),
    ("linear:lr=0.001,steps=99,end=0.1,for=100/cosine:lr=0.1,steps=900", 1000),
    ("poly:lr=0.001,steps=5,end=0.1,power=0.5/const:lr=0.1", 100),
    ("stepped:every=391/linear:lr=0.02,steps=5,end=0.1/cosine:lr=0.1,steps=85", 35_190),
    ("const:lr=0.1,for=100/exp:lr=0.1,rate=0.9,steps=100", None),
    ("const:lr=0.01,for=400/step:lr=0.1,rate=0.1,steps=32k", 64_000),
    ("const:lr=0.1,for=30/const:lr=0.01,for=30/const:lr=0.001", 90),
    ("const:lr=0.1,for=30/cosine:lr=0.01,steps=60", 90),
    ("cosine:lr=1,steps=10/cosine:lr=0.5,steps=20/cosine:lr=0.25,steps=40", None),
    ("piecewise:0=1,10=0.1,for=20/piecewise:0=1,10=0.1", None),
    ("piecewise:0=0.01,20=0.1,for=20/exp:lr=0.1,rate=0.9,steps=10", None),
    ("cosine:lr=1,steps=100,end=0.1/const:lr=0.1", 100),
    ("cosine:lr=1,steps=100,end=0.1/const:lr=0.1", 1000),
    ("noisy_linear_cosine:lr=1,steps=100,alpha=1,for=50/const:lr=0.1", None),
    ("CosineAnnealingLR(optimizer, T_max=100, lr=0.1)", 100),
    ("CosineAnnealingLR(optimizer, T_max=100, lr=0.1)", 101),
    ("OneCycleLR(optimizer, 0.1, total_steps=1000)", 1000),
    ("exp:lr=0.01,rate=0.9,steps=100,staircase", None),
    ("exp:lr=0.01,rate=0.9,steps=100,staircase", 101),
    ("exp:lr=0.1,rate=0.96,steps=1000,floor=1e-5", 100_000),
    ("exp:lr=0.1,rate=0.5,steps=10,floor=0.02", None),
    ("exp:lr=0.1,rate=0.001,steps=10", None),
    ("cosine:lr=1,steps=100,floor=0.01", None),
    ("exp:lr=0.01,rate=1.5,steps=10,ceiling=0.1", None),
    ("exp:lr=0.001,rate=1.5,steps=10,for=100/cosine:lr=0.0577,steps=900", None),
    ("range_test:lr=1e-5,rate=2,steps=10", None),
    ("LinearLR(optimizer, 0.1, total_iters=5, lr=0.1)", 100),
    ("ExponentialLR(optimizer, 0.9999, lr=0.1)", 100_000),
    ("step:lr=0.1,rate=0.1,steps=30", 90),
    ("step:lr=0.1,rate=0.1,steps=30ep", 90 * 391),
    ("stepped:every=391/step:lr=0.1,rate=0.1,steps=30", 90 * 391),
    ("step:lr=0.1,rate=1,steps=30", 10),
    ("multistep:lr=0.1,rate=0.1,at=30,60,80", 90),
    ("interpolate:0=0.1,30=1,100=0.001", 100),
    ("cyclic:lr=0.001,peak=0.1,up=2000", 100_000),
    ("cosine_restarts:lr=0.1,steps=10,t_mul=2", 100_000),
    ("restarts:times=3/cosine:lr=1,steps=100", 300),
    ("wsd:lr=0.001,steps=10k,warmup=100,decay=2k,start=1e-6", 10_000),
    ("warmup:steps=20k,start=0.1/const:lr=1", None),
    ("inverse_sqrt:lr=0.1,steps=10000", 100_000),
    ("shift:steps=-1/noam:lr=1,warmup=4000", 100_000),
    ("product/step:lr=0.1,rate=0.1,steps=30/linear:lr=0.1,steps=10,end=1", 90),
    ("resume:at=60/multistep:lr=0.1,rate=0.1,at=30,90/linear:lr=0.1,steps=200", 200),
    ("cosine:lr=0.1,steps=100,hold=50", 51),
    ("LambdaLR(optimizer, lambda t: 0.99 ** t, lr=0.1)", 300),
]
"""Schedules that are right, and their runs."""


ODD = {
    "mmengine-MultiStepLR-2": "milestone",  # its end is before its last milestone
    "optax-warmup_cosine_decay_schedule-4": "dead",  # its peak is 0
    "paddle-LinearWarmup-2": "cliff",  # end_lr is not the rate that follows
    "paddle-LinearWarmup-5": "cliff",
    "timm-PolyLRScheduler-2": "cliff",  # without warmup_prefix
    "torch-SequentialLR-3": "cliff",  # each scheduler begins at the optimizer's rate
    "torch-SequentialLR-4": "cliff",
    "torch-SequentialLR-6": "cliff",
    "torchtitan-LRSchedulersContainer-6": "long_warmup",  # and the decay is as long as it can be
    "transformers-linear-5": "cliff",  # a warmup that is longer than the training
    "transformers-warmup_stable_decay-11": "climbs",  # three half waves
}
"""The recorded calls that were made to be odd, and what is said about them."""


def warnings(text: str, horizon: int | None) -> list[Finding]:
    """Return what is said about a schedule; its own length is shown unless another is given."""
    schedule = parse(text, horizon=horizon, steps_per_epoch=391)
    shown = horizon or default_horizon([schedule])
    return lint(schedule, shown, given_horizon=horizon is not None)


@pytest.mark.parametrize(("run", "name", "message"), [pytest.param(*c, id=i) for i, *c in FIRED])
def test_a_mistake_is_named_alone_and_in_these_words(
    run: tuple[str, int | None], name: str, message: str
) -> None:
    found = [one for one in warnings(*run) if one.name == name or not one.mild]
    assert [(one.name, one.message) for one in found] == [(name, message)]


@pytest.mark.parametrize("run", SILENT, ids=lambda run: f"{run[0]} for {run[1]}")
def test_a_right_schedule_is_let_pass(run: tuple[str, int | None]) -> None:
    assert warnings(*run) == []


def test_each_warning_has_a_sentence_and_a_case_that_fires_it() -> None:
    assert list(names()) == sorted({name for _, _, name, _ in FIRED})
    for sentence in names().values():
        assert sentence[0].islower()
        assert not sentence.endswith(".")


def test_epochs_are_counted_where_their_length_is_known() -> None:
    (found,) = lint(parse("step:lr=0.1,rate=0.1,steps=30"), 35_190, steps_per_epoch=391)
    assert found.message.endswith("; if epochs are meant, write steps=30ep, which is 11730 steps")


def test_what_is_often_meant_is_mild() -> None:
    (line,) = warnings("linear:lr=0.01,steps=10,end=0.1", None)
    (one,) = warnings("warmup:steps=10/cosine:lr=0.1,steps=90", None)
    (many,) = warnings("stepped:every=10/warmup:steps=10/cosine:lr=0.1,steps=90", None)
    assert (line.name, line.mild) == ("rises", True)
    assert (one.name, one.mild) == ("zero_first", True)
    assert (many.name, many.mild) == ("zero_first", False)


def test_a_schedule_that_is_compared_with_a_longer_one_is_held_to_its_own_length() -> None:
    assert lint(parse("linear:lr=1,steps=100"), 1000, given_horizon=False) == []


def test_a_rate_that_cannot_be_had_is_no_mistake() -> None:
    assert lint(parse("linear:lr=1,steps=100,unclamped"), 1000) == []


def examples() -> list[str]:
    return [e.spec for kind in families().values() for e in kind.examples]


@pytest.mark.parametrize("spec", examples())
def test_an_example_has_no_mistakes(spec: str) -> None:
    assert [found for found in warnings(spec, None) if not found.mild] == []


SOUND = [case for case in cases() if all(0 <= value < math.inf for value in case.values)]
"""The recorded calls that are read; what a framework turns into nonsense is refused."""


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.id)
def test_of_the_recorded_calls_only_odd_ones_are_warned_of(case: Case) -> None:
    """What frameworks' own docs and tests use is right, at its own length."""
    schedule = parse(case.call(), **case.run())
    found = lint(schedule, default_horizon([schedule]), given_horizon=False)
    # Many are recorded just because they rise, or begin at 0.
    named = {one.name for one in found if not one.mild} - {"rises", "zero_first"}
    assert named == ({ODD[case.id]} if case.id in ODD else set())


@given(schedules, st.integers(1, 2000) | st.sampled_from([10**6, 10**12, 2**53]), st.booleans())
def test_any_schedule_can_be_looked_at(schedule: Schedule, horizon: int, is_given: bool) -> None:
    for found in lint(schedule, horizon, given_horizon=is_given, steps_per_epoch=7.5):
        assert found.name in names()
        assert not found.message.endswith(".")
        assert not re.search(r"\b(nan|inf|None|True)\b", found.message)


@pytest.mark.parametrize(
    ("steps", "rates", "said"),
    [
        (
            range(0, 200, 50),
            [0.0] * 4,
            (
                "the rate is 0 at all 4 logged steps, so nothing was trained; "
                "look for what sets it, or name another column (dead)"
            ),
        ),
        (
            range(10),
            [0.1] * 4 + [0.0] * 6,
            "the rate is 0, or next to it, from step 4 on, which trained nothing (dead)",
        ),
        (
            range(10),
            [0.0] * 4 + [0.1, 0.0, 0.1, 0.0, 0.1, 0.0],
            "the rate is 0, or next to it, at 7 of 10 logged steps, which trained nothing (dead)",
        ),
        (
            range(4),
            [0.0, 0.1, 0.2, 0.1],
            (
                "step 0 has the rate 0, so that the update changed nothing, "
                "as in Transformers (zero_first)"
            ),
        ),
        (
            range(10),
            [0.0, 0.0, *[0.1] * 8],
            (
                "the rate is 0 up to step 1, and those updates changed nothing; "
                "begin above 0 (zero_first)"
            ),
        ),
        (range(5, 15), [0.0, *[0.1] * 9], None),
        (range(2), [0.0, 0.0], None),
        (range(4), [0.1, 0.05, 0.01, 0.0], None),
    ],
)
def test_a_recorded_run_is_warned_of_too(
    steps: range, rates: list[float], said: str | None
) -> None:
    found = lint_recorded(np.array(steps), np.array(rates))
    messages = [f"{one.message} ({one.name})" for one in found]
    assert messages[:1] == ([] if said is None else [said])
