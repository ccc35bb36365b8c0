"""Print how long commands take, as ratios to something that runs at the same time.

    python tests/benchmarks/commands.py

Machines are noisy, so the two commands of a pair run in turn, and the median of the ratios counts.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LRVIZ = str(Path(sys.executable).with_name("lrviz"))
STAIRS = [
    "staircase_True=exp:lr=0.01,rate=0.9,steps=100,staircase",
    "staircase_False=exp:lr=0.01,rate=0.9,steps=100",
]
BY_HAND = """
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

steps = np.arange(1000)
figure = Figure(figsize=(8, 4.5), dpi=150)
FigureCanvasAgg(figure)
axes = figure.add_subplot()
axes.step(steps, 0.01 * 0.9 ** (steps // 100), where="post", label="staircase_True")
axes.plot(steps, 0.01 * 0.9 ** (steps / 100), label="staircase_False")
axes.set_title("exponential_decay", loc="left")
axes.set_xlabel("step")
axes.set_ylabel("learning rate")
axes.set_ylim(0)
axes.grid(axis="y")
axes.legend()
figure.savefig("by_hand.png")
"""


def seconds(words: list[str], folder: str) -> float:
    """Return how long a command takes."""
    begin = time.perf_counter()
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begin


def compare(name: str, ours: list[str], other: list[str], times: int = 20) -> None:
    """Print the ratio of two commands."""
    with tempfile.TemporaryDirectory() as folder:
        for words in (ours, other):
            seconds(words, folder)
        pairs = [(seconds(ours, folder), seconds(other, folder)) for _ in range(times)]
    ratio = statistics.median(one / two for one, two in pairs)
    medians = [statistics.median(column) for column in zip(*pairs, strict=True)]
    print(f"{name:45} {ratio:5.2f}   ({medians[0]:.3f} s against {medians[1]:.3f} s)")


def main() -> None:
    """Compare the commands that users wait for."""
    python = [sys.executable, "-c"]
    plot = [LRVIZ, "plot", *STAIRS, "--title", "exponential_decay", "-o", "x.png", "-n"]
    table = [LRVIZ, "table", "exp:lr=0.01,rate=0.9,steps=10", "--format", "csv"]
    compare("table as csv, against import numpy", table, [*python, "import numpy"])
    compare("figure, against matplotlib by hand", [*plot, "1000"], [*python, BY_HAND])
    compare("figure of 10^12 steps, against 1000", [*plot, "1e12"], [*plot, "1000"])
    compare("chart, against import numpy", [LRVIZ, "plot", *STAIRS], [*python, "import numpy"])


if __name__ == "__main__":
    main()
