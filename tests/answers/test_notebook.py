"""A notebook shows pictures and tables: run by Jupyter itself, in a kernel of its own."""

import base64
import json
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest

pytestmark = [
    pytest.mark.installed,
    pytest.mark.skipif(
        find_spec("nbclient") is None or find_spec("ipykernel") is None,
        reason="nbclient and ipykernel are not installed: pip install -e '.[notebook]'",
    ),
]

RUN_IT = """
import json, sys
import nbformat
from nbclient import NotebookClient

cells = [nbformat.v4.new_code_cell(code) for code in json.load(sys.stdin)]
notebook = nbformat.v4.new_notebook(cells=cells)
NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
json.dump([cell.outputs for cell in cells], sys.stdout)
"""

CELLS = {
    "schedule": 'import lrviz\ns = lrviz.parse("cosine:lr=0.1,steps=100")\ns',
    "curve": 'lrviz.evaluate(s, range(100), label="a curve")',
    "figure": 'lrviz.plot(s, "linear:lr=0.1,steps=100", title="two plans")',
    "table": "lrviz.table(s, at=[0, 50])",
    "comparison": 'lrviz.compare(s, "linear:lr=0.1,steps=100")',
    "notes": 'lrviz.table("StepLR(optimizer, 30)", lr=0.1, at=0)',
    "class": "from lrviz.families import CosineDecay\nCosineDecay(lr=0.1, steps=100) == s",
    "axes": (
        "import matplotlib.pyplot as plt\n"
        "figure, axes = plt.subplots()\n"
        "lrviz.plot(s, ax=axes) is figure"
    ),
    "figure beside pyplot": "lrviz.plot(s)",
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[dict[str, Any]]]:
    """Return what each of the cells puts out."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_IT],
        input=json.dumps([*CELLS.values()]),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(CELLS, json.loads(done.stdout), strict=True))


def result(outputs: list[dict[str, Any]]) -> dict[str, str]:
    """Return the forms in which the value of a cell is shown, of which there is nothing else."""
    (only,) = outputs
    assert only["output_type"] == "execute_result"
    data: dict[str, str] = only["data"]
    return data


@pytest.mark.parametrize(
    ("cell", "says"),
    [("schedule", "lrviz.parse('cosine:lr=0.1,steps=100')"), ("curve", "Curve(label='a curve'")],
)
def test_schedules_and_curves_are_charts(
    outputs: dict[str, list[dict[str, Any]]], cell: str, says: str
) -> None:
    data = result(outputs[cell])
    assert data["text/plain"].startswith(says)
    png = data["image/png"].replace("\n", "")
    assert base64.b64decode(png).startswith(b"\x89PNG")
    assert f'src="data:image/png;base64,{png}"' in data["text/html"]


@pytest.mark.parametrize("cell", ["figure", "figure beside pyplot"])
def test_a_figure_is_a_picture(outputs: dict[str, list[dict[str, Any]]], cell: str) -> None:
    (only,) = outputs[cell]
    assert base64.b64decode(only["data"]["image/png"]).startswith(b"\x89PNG")


def test_tables_and_comparisons_are_tables(outputs: dict[str, list[dict[str, Any]]]) -> None:
    data = result(outputs["table"])
    assert "<tr><th>50</th><td>0.05" in data["text/html"]
    assert data["text/plain"].splitlines()[0].split() == ["step", "cosine:lr=0.1,steps=100"]
    data = result(outputs["comparison"])
    assert "its decay is linear in place of cosine" in data["text/plain"]
    assert data["text/html"].count("<tr>") == 9


def test_notes_stand_above_what_they_are_about(outputs: dict[str, list[dict[str, Any]]]) -> None:
    note, table = outputs["notes"]
    assert note["name"] == "stderr"
    assert note["text"].startswith("StepLR is read as PyTorch 2.13's; ")
    assert "text/html" in table["data"]


def test_a_class_makes_an_equal_schedule(outputs: dict[str, list[dict[str, Any]]]) -> None:
    assert result(outputs["class"]) == {"text/plain": "True"}


def test_axes_of_pyplot_are_shown_once(outputs: dict[str, list[dict[str, Any]]]) -> None:
    value, picture = outputs["axes"]
    assert value["data"] == {"text/plain": "True"}
    assert "image/png" in picture["data"]
