"""A command is one file in its folder."""

import subprocess
import sys
from pathlib import Path

COMMAND = '''
"""`lrviz peak`: the highest rate."""

from ...specs.quantities import Run
from .. import console, options
from ..app import app
from ..training import takes_run


@app.command("peak", short_help="Print the highest rate.")
@takes_run
def peak(specs: options.Specs, run: Run) -> None:
    """Print the highest rate of each schedule."""
    from ...answers.compare import compare

    for one in compare(specs, run).comparison.summaries:
        console.show(f"{one.label} {one.peak}\\n")
'''


def lrviz(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `lrviz` as if what is in `folder` were among its commands."""
    code = (
        "import sys\n"
        "from lrviz.cli import commands, main\n"
        f"commands.__path__.append({str(folder)!r})\n"
        f"sys.argv = ['lrviz', *{words!r}]\n"
        "main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_file_that_is_dropped_in_is_a_command(tmp_path: Path) -> None:
    (tmp_path / "peak.py").write_text(COMMAND)
    specs = "a=cosine:lr=0.3,steps=10", "warmup:steps=5/const:lr=2"
    done = lrviz(tmp_path, "peak", *specs, "-n", "5")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "a 0.3\nwarmup:steps=5/const:lr=2 1.6\n"


def test_it_is_listed_explained_and_suggested_as_the_others_are(tmp_path: Path) -> None:
    (tmp_path / "peak.py").write_text(COMMAND)
    assert "peak        Print the highest rate." in lrviz(tmp_path, "--help").stdout
    assert "--steps-per-epoch" in lrviz(tmp_path, "peak", "--help").stdout
    assert "'peak'" in lrviz(tmp_path, "peek").stderr
    assert lrviz(tmp_path, "peak").returncode == 2
