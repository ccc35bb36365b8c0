"""The models held to recorded reference values."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrviz import parse, predict
from lrviz.schedules.numeric import Array
from lrviz.specs.quantities import Run
from lrviz.theory import annealing
from lrviz.theory.annealing import Law, Log, fit, log_of
from lrviz.theory.convex import bound
from lrviz.theory.quadratic import Quadratic
from lrviz.theory.sums import Cells, cells_of

GOLDEN = Path(__file__).parent.parent / "golden"
CURVES = Path(__file__).parent / "losscurves"
CLOSE = 1e-9


def cases(name: str, key: str = "cases") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((GOLDEN / f"theory_{name}.json").read_text())[key]
    return found


def rates_of(case: dict[str, Any]) -> Array:
    """Return the rates of a case, which are held to the checks that it has."""
    steps, kind = case["T"], case["id"].split("-")[0]
    i = np.arange(steps)
    cooldown = int(0.2 * steps)
    passed = np.clip((i - (steps - cooldown)) / cooldown, 0, 1)
    shapes = {
        "constant": np.ones(steps),
        "cosine": (1 + np.cos(np.pi * i / steps)) / 2,
        "linear": 1 - i / steps,
        "wsd_linear": 1 - passed,
        "wsd_1msqrt": 1 - np.sqrt(passed),
        "step": np.where(i < steps / 2, 1, np.where(i < 0.75 * steps, 0.1, 0.01)),
    }
    rates: Array = case["peak"] * shapes[kind]
    for step, rate in case["lr_checks"].items():
        assert rates[int(step) - 1] == pytest.approx(rate, rel=1e-12, abs=1e-18)
    return rates


@pytest.mark.parametrize("case", cases("convex"), ids=lambda case: case["id"])
def test_the_bound(case: dict[str, Any]) -> None:
    rates, params = rates_of(case), case["params"]
    for step, value in zip(case["steps"], case["values"], strict=True):
        found = bound(Cells.of_rates(rates[:step]), step)
        assert found is not None
        assert found.value(params["D"], params["G"]) == pytest.approx(value, rel=CLOSE)
    shape = bound(Cells.of_rates(rates / case["peak"]), case["T"])
    assert shape is not None
    assert shape.kappa == pytest.approx(case["tuned"]["kappa"], rel=CLOSE)
    assert shape.gamma_star == pytest.approx(case["tuned"]["gamma_star"], rel=CLOSE)


@pytest.mark.parametrize("case", cases("nqm"), ids=lambda case: case["id"])
def test_the_noisy_quadratic(case: dict[str, Any]) -> None:
    params = case["params"]
    assumed = Quadratic(params["d"], params["batch"], momentum=params["momentum"])
    found = assumed.course_of(Cells.of_rates(rates_of(case)), case["steps"], 1.0)
    np.testing.assert_allclose(found.mean, case["values"], rtol=CLOSE)
    np.testing.assert_allclose(found.sd, case["sd"], rtol=CLOSE)


@pytest.mark.parametrize("case", cases("annealing"), ids=lambda case: case["id"])
def test_the_annealing_law(case: dict[str, Any]) -> None:
    params, at = case["params"], np.array(case["steps"]) - 1
    log = log_of(at, np.ones(len(at)), rates_of(case), params["lambda"])
    law = Law(params["L0"], params["A"], params["alpha"], params["C"])
    np.testing.assert_allclose(law.loss(log.s1, log.s2), case["values"], rtol=CLOSE)


@pytest.mark.parametrize(
    "case", cases("predict", "convex"), ids=lambda case: f"{case['spec']}-{case['steps']}"
)
def test_shapes_at_any_horizon(case: dict[str, Any]) -> None:
    found = bound(cells_of(parse(case["spec"]), case["steps"]), case["steps"])
    assert found is not None
    ours = found.area, found.rest, found.kappa, found.gamma_star
    true = [case[name] for name in ("P", "R", "kappa", "gamma_star")]
    np.testing.assert_allclose(ours, true, rtol=CLOSE)


@pytest.mark.parametrize("case", cases("predict", "quadratic"), ids=lambda case: case["spec"])
def test_predictions_of_the_quadratic(case: dict[str, Any]) -> None:
    assumed = {name: case[name] for name in ("dims", "batch", "stability", "spectrum")}
    at = ",".join(map(str, case["at"]))
    found = predict(case["spec"], Run(horizon=case["steps"]), at=at, **assumed)
    np.testing.assert_allclose(found.courses[0].mean, case["loss"], rtol=CLOSE)
    np.testing.assert_allclose(found.courses[0].sd, case["sd"], rtol=CLOSE)
    assert [row["loss"] for row in found.objects()] == found.courses[0].mean.tolist()


@pytest.mark.parametrize("case", cases("predict", "annealing"), ids=lambda case: case["spec"])
def test_the_sums_of_the_annealing_law(case: dict[str, Any]) -> None:
    s1, s2 = annealing.sums(parse(case["spec"]), case["at"], case["lambda"])
    np.testing.assert_allclose(s1, case["S1"], rtol=CLOSE)
    np.testing.assert_allclose(s2, case["S2"], rtol=CLOSE, atol=CLOSE * s1[0])


@pytest.mark.parametrize(("shape", "name"), [("linear", "linear"), ("sqrt", "sqrt")])
def test_cooldowns_of_all_lengths(shape: str, name: str) -> None:
    recorded = json.loads((GOLDEN / "theory_predict.json").read_text())["cooldown_kappa_T20000"]
    for share, kappa in recorded[name].items():
        decay = round(float(share) * 20_000)
        schedule = parse(f"wsd:lr=1,steps=20000,warmup=0,decay={decay},shape={shape}")
        found = bound(cells_of(schedule, 20_000), 20_000)
        assert found is not None
        assert found.kappa == pytest.approx(kappa, rel=CLOSE)


def logged(name: str) -> Log:
    """Return a run of a language model with 25 million parameters, as it was published."""
    with (CURVES / f"{name}.csv").open() as file:
        rows = [(int(r["step"]), float(r["lr"]), float(r["loss"])) for r in csv.DictReader(file)]
    last = int(name.rpartition("_")[2])
    steps, rates, losses = map(np.array, zip(*rows, strict=True))
    kept = steps < last if last >= 24_000 else steps >= 0
    steps, rates, losses = steps[kept], rates[kept], losses[kept]
    return log_of(steps, losses, np.interp(np.arange(steps[-1] + 1), steps, rates))


@pytest.mark.parametrize(
    "case",
    [case for case in cases("fit_annealing") if case["id"].startswith("25M")],
    ids=lambda case: case["id"],
)
def test_fits_to_published_runs(case: dict[str, Any]) -> None:
    """Held to the tolerances that go with the reference; rates are those of the logs, joined."""
    logs = {name: logged(name) for name in case["curves"]}
    law = fit([logs[name] for name in case["train"]])
    assert law[:4] == pytest.approx(
        [case["params"][name] for name in ("L0", "A", "alpha", "C")], rel=1e-3
    )
    for name, expected in case["curves"].items():
        predicted = law.loss(logs[name].s1, logs[name].s2)
        error = np.abs(predicted - logs[name].losses).mean()
        assert error == pytest.approx(expected["mae"], abs=0.001)
        assert predicted[-8:].mean() == pytest.approx(expected["final8_pred"], abs=0.004)


def test_what_a_log_shows_of_the_rate() -> None:
    """A plateau and a gradual fall together tell the two terms of the law apart."""
    shown = {
        "wsd_20000_24000": (True, True, False),
        "wsdld_20000_24000": (True, True, False),
        "cosine_24000": (False, True, False),
        "constant_24000": (True, False, True),
        "wsdcon_9": (True, False, False),
    }
    for name, expected in shown.items():
        log = logged(name)
        assert (log.rests, log.falls, log.constant) == expected, name
