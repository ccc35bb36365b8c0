"""Configs and command lines give the rates that their stacks used, recorded by running them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Run

CASES = [
    pytest.param(case, id=case["id"])
    for file in sorted((Path(__file__).parent / "recorded").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]
SINGLE = ("keras", "maxtext")
"""Stacks that count in float32."""


@pytest.mark.parametrize("case", CASES)
def test_the_rates_are_as_recorded(
    case: dict[str, Any], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in case["files"].items():
        Path(name).write_text(text, encoding="utf-8")
    steps = ",".join(map(str, case["steps"]))
    result = run("table", *case["words"], "--at", steps, "--format", "csv")
    assert result.status == 0, result.err
    rates = [float(line.rpartition(",")[2]) for line in result.out.splitlines()[1:]]
    tolerance = 2e-6 if case["by"].startswith(SINGLE) else 1e-9
    peak = max(map(abs, case["values"]))
    np.testing.assert_allclose(rates, case["values"], rtol=0, atol=tolerance * peak)
    if "count" in case:
        rows = run("table", *case["words"], "--every", "1", "--format", "csv", "-q").out
        assert rows.count("\n") == 1 + case["count"]
