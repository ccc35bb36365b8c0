"""`lrviz predict`, whole: `snapshots/predict.txt` has what it prints; `--update` writes it anew."""

import csv
import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lrviz import LrvizError, predict
from lrviz.outputs import pictures
from lrviz.specs.quantities import Run as Training
from tests.conftest import Run

SNAPSHOT = Path(__file__).parent / "snapshots" / "predict.txt"
LOGS = Path(__file__).parent.parent / "theory" / "losscurves"
SHAPES = (
    "linear=linear:lr=3e-4,steps=10k",
    "wsd60=wsd:lr=3e-4,steps=10k,warmup=200,decay=6k",
    "wsd20=wsd:lr=3e-4,steps=10k,warmup=200,decay=2k",
    "cosine10=warmup:steps=200/cosine:lr=3e-4,steps=9800,end=3e-5",
    "constant=const:lr=3e-4",
)
COMMANDS = (
    f"predict {' '.join(SHAPES)} --tuned wsd20",
    "predict constant=const:lr=0.01 tenth=const:lr=0.001 -n 4000 --at 0,100,1k,4k",
    "predict cosine:lr=0.01,steps=1e9 --at 25M,1e9",
    "predict cosine:lr=0.01,steps=4000 --at 0:9",
    "predict cosine:lr=1,steps=4000 -n 4000 --format csv",
    "predict a=cosine:lr=1,steps=4000 b=linear:lr=1,steps=4000 --format json",
    "predict const:lr=1 --curvature 3",
    "predict const:lr=1 --momentum 0.9 --stability 0.05 -n 30k --batch 8 --dims 9 --spectrum 2",
    "predict cosine:lr=3e-4,steps=24k linear:lr=3e-4,steps=24k --fit @wsd_20000_24000.csv:loss",
    "predict a=cosine:lr=3e-4,steps=24k b=const:lr=2e-3 --fit @cosine_24000.csv",
    "predict a=const:lr=5e-4 -n 100k --fit @cosine_24000.csv --fit @constant_24000.csv",
    "predict a=const:lr=3e-4 -n 999 --fit @wsd_20000_24000.csv",
    "predict @wsd_20000_24000.csv:lr",
)


def test_what_it_prints(
    run: Run, snapshot: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(LOGS)
    said = []
    for command in COMMANDS:
        result = run(*shlex.split(command))
        assert result.status == 0, result.err
        said.append(f"$ lrviz {command}\n{result.out}{result.err}")
    snapshot(SNAPSHOT, "\n".join(said))


def test_csv_and_json_have_the_same_numbers_as_python(run: Run) -> None:
    words = ("predict", *SHAPES, "--tuned", "wsd20", "--at", "1k,10k")
    rows = [*csv.DictReader(io.StringIO(run(*words, "--format", "csv").out))]
    objects = json.loads(run(*words, "--format", "json").out)
    found = predict(SHAPES, at="1k,10k", tuned="wsd20").objects()
    assert objects == found
    assert [{k: str(v) for k, v in one.items()} for one in found] == rows
    assert len(rows) == 2 * len(SHAPES)


def test_the_peak_to_try_follows_the_shapes_and_not_the_rates() -> None:
    """Of the tuned schedule its own; and twice the rate of another makes no difference."""
    one = predict(["a=linear:lr=1,steps=500", "b=const:lr=1"])
    other = predict(["a=linear:lr=1,steps=500", "b=const:lr=2"])
    assert one.peaks == pytest.approx(other.peaks)
    assert one.peaks[0] == 1
    assert one.same_peak_costs[0] == 0
    ratio = one.ratios[1]
    assert one.same_peak_costs[1] == pytest.approx((ratio + 1 / ratio) / 2 - 1)


def test_nothing_is_claimed_that_was_not_found() -> None:
    """No gap below 2 % in kappa is told as a number, nor are losses in one another's interval."""
    said = str(predict(["a=linear:lr=1,steps=10k", "b=wsd:lr=1,steps=10k,warmup=0,decay=9k"]))
    best, second = said.splitlines()[2:4]
    assert best.split()[:2] == ["a", "2.001"]
    assert second.split()[:5] == ["b", "2.001", "under", "2", "%"]
    fit = [f"@{LOGS}/wsd_20000_24000.csv"]
    said = str(predict(["a=linear:lr=3e-4,steps=24k", "b=cosine:lr=3e-4,steps=24k"], fit=fit))
    assert "nearer to each other than that, and so not ranked" in said
    assert "Adam" not in said


def test_the_fit_needs_no_rates_where_a_schedule_is_given(tmp_path: Path) -> None:
    """With the schedule as published, in place of its logged rates."""
    rows = [line.split(",") for line in (LOGS / "cosine_24000.csv").read_text().splitlines()]
    log = tmp_path / "loss.csv"
    log.write_text("".join(f"{step},{loss}\n" for step, _, loss in rows if step != "24000"))
    schedule = "warmup:steps=2160/cosine:lr=3e-4,steps=21840,end=3e-5"
    spec = "const:lr=3e-4"
    found = predict(spec, Training(horizon=24_000), fit=f"@{log}", fit_schedule=schedule)
    true = predict(spec, Training(horizon=24_000), fit=f"@{LOGS / 'cosine_24000.csv'}")
    assert found.fit is not None
    assert true.fit is not None
    ours, theirs = (one.objects()[0]["fitted_loss"] for one in (found, true))
    assert ours == pytest.approx(theirs, abs=0.01)
    with pytest.raises(LrvizError) as error:
        predict(spec, fit=f"@{log}")
    assert error.value.message == (
        "'loss.csv' has losses, and no rates that can be read; give its schedule with "
        "fit_schedule=SPEC"
    )


def log_of(steps: range, rates: list[float], losses: list[float]) -> str:
    rows = zip(steps, rates, losses, strict=True)
    return "step,lr,loss\n" + "".join(f"{t},{rate},{loss}\n" for t, rate, loss in rows)


TENS = range(0, 1310, 10)
FALL = np.linspace(1, 0.1, len(TENS)).tolist()


@pytest.mark.parametrize(
    ("log", "message"),
    [
        (
            log_of(TENS, [0.1] * 131, [1.5] * 131),
            (
                "the rate of 'x.csv' never changes after its warmup, so that it tells nothing of "
                "what a change does; fit a log with a fall, or add one"
            ),
        ),
        (
            log_of(TENS[:31], FALL[:31], [1.5] * 31),
            (
                "'x.csv' goes on for 301 steps and 31 points after its warmup, and the law needs "
                "1000 and 20; name a longer log"
            ),
        ),
        (
            log_of(TENS[:5], FALL[:5], [1.5] * 5),
            (
                "'x.csv' has 5 points of the loss, and the law is fitted to at least 20; name a "
                "log that has more"
            ),
        ),
        (
            log_of(TENS, FALL, [-1.5] * 131),
            "'x.csv' has the loss -1.5, and the law is about losses above 0; name another column",
        ),
        (
            log_of(TENS, [0.0] * 131, [1.5] * 131),
            "'x.csv' has no rate above 0; name a log of a run that moved",
        ),
        (
            log_of(range(0, 131 * 10**6, 10**6), FALL, [1.5] * 131),
            (
                "'x.csv' goes on to step 130000000, and logs of up to 10000000 steps are fitted; "
                "name a shorter one"
            ),
        ),
    ],
)
def test_logs_that_cannot_tell_are_refused(log: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(log)
    with pytest.raises(LrvizError) as error:
        predict("const:lr=1", fit=f"@{path}")
    assert error.value.message == message


def test_one_schedule_is_that_of_a_log(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(log_of(TENS, FALL, [1.5] * 131))
    with pytest.raises(LrvizError) as error:
        predict("const:lr=1", fit=f"@{path}", fit_schedule="const:lr={1,2}")
    assert error.value.message == "fit_schedule is one schedule; name one"


def test_settings_that_there_are_not() -> None:
    with pytest.raises(LrvizError) as error:
        predict("const:lr=1", dim=3)
    assert error.value.message == "quadratic has no setting 'dim'; did you mean 'dims'?"


def test_a_law_that_made_a_log_is_found_again(tmp_path: Path) -> None:
    """From a run with a plateau and a fall, all four numbers to the log's digits."""
    rates = np.asarray([3e-4 * min(1.0, (20_000 - t) / 5000) for t in range(20_000)])
    below = 0.0
    s2 = []
    for rate in rates:
        below = 0.999 * below + (rates[0] - rate)
        s2.append(below)
    losses = 2.5 + 0.5 * np.cumsum(rates) ** -0.6 - 0.4 * np.array(s2)
    path = tmp_path / "x.csv"
    steps = range(0, 20_000, 50)
    path.write_text(log_of(steps, rates[::50].tolist(), losses[::50].tolist()))
    found = predict("linear:lr=3e-4,steps=20k", fit=f"@{path}").fit
    assert found is not None
    assert found.law[:4] == pytest.approx((2.5, 0.5, 0.6, 0.4), rel=1e-3)
    assert found.tells
    assert found.within == 0.03


def test_the_figure_says_how_to_draw_it_again(run: Run, tmp_path: Path) -> None:
    specs = ("a=const:lr=0.01", "b=cosine:lr=0.01,steps=300")
    files = [tmp_path / name for name in ("a.png", "b.png", "c.svg", "d.png")]
    for file in files[:3]:
        result = run("predict", *specs, "-n", "300", "--batch", "8", "-o", str(file), "-q")
        assert (result.status, result.err) == (0, "")
    assert files[0].read_bytes() == files[1].read_bytes()
    said = pictures.read(files[0].read_bytes())
    assert said is not None
    assert said.whole
    assert "quadratic = { batch = 8.0 }" in said.about
    config = tmp_path / "again.toml"
    config.write_text(said.about.partition("\n\n")[2].replace('[figure.""]', "[figure.d]"))
    assert run("build", str(config)).status == 0
    again = pictures.read(files[3].read_bytes())
    assert again is not None
    assert again.about == said.about


def test_many_lines_below_one_another_keep_their_bands(run: Run, tmp_path: Path) -> None:
    """Runs of one step, with epochs, on a logarithmic axis, zoomed: all can be drawn."""
    config = tmp_path / "x.toml"
    settings = (
        "steps = 1",
        "steps = 300\nlog = true\nrates = [1e-3, 1]",
        'steps = 300\nzoom = "100:200"\nsteps_per_epoch = 50',
        'steps = 300\nannotations = { 30 = "here" }\nquadratic = { dims = 3, momentum = 0.9 }',
    )
    for i, setting in enumerate(settings):
        more = "" if "quadratic" in setting else "quadratic = true\n"
        config.write_text(
            f"[figure.x{i}]\n{more}{setting}\n"
            'curves = ["const:lr=0.1", "exp:lr=1,rate=0.9,steps=9"]\n'
        )
        assert run("build", str(config)).status == 0
