"""Print how long 100 figures take, as ratios to a hand-written loop that draws the same.

    python tests/benchmarks/builds.py

Machines are noisy, so they run in turn, and the medians of the ratios count.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LRVIZ = str(Path(sys.executable).with_name("lrviz"))
FIGURES = 100
CONFIG = "".join(
    f"""
[figure.f{i}]
title = "exponential_decay {i}"
curves = [
    "staircase_True=exp:lr=0.01,rate=0.9,steps={100 + i},staircase",
    "staircase_False=exp:lr=0.01,rate=0.9,steps={100 + i}",
]
steps = 1000
"""
    for i in range(FIGURES)
)
BY_HAND = f"""
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

for i in range({FIGURES}):
    steps = np.arange(1000)
    figure = Figure(figsize=(8, 4.5), dpi=150)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    stairs = 0.01 * 0.9 ** (steps // (100 + i))
    axes.step(steps, stairs, where="post", label="staircase_True")
    axes.plot(steps, 0.01 * 0.9 ** (steps / (100 + i)), label="staircase_False")
    axes.set_title(f"exponential_decay {{i}}", loc="left")
    axes.set_xlabel("step")
    axes.set_ylabel("learning rate")
    axes.set_ylim(0)
    axes.grid(axis="y")
    axes.legend()
    figure.savefig(f"by_hand{{i}}.png")
"""


def seconds(words: list[str], folder: str) -> float:
    """Return how long a command takes."""
    begin = time.perf_counter()
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begin


def main(times: int = 5) -> None:
    """Compare ways to draw, and to check, 100 figures."""
    build = [LRVIZ, "build", "figures.toml"]
    ways = {
        "--jobs 1": [*build, "--force", "--jobs", "1"],
        "--jobs 2": [*build, "--force", "--jobs", "2"],
        "all up to date": build,
        "--check": [*build, "--check"],
    }
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "figures.toml").write_text(CONFIG)
        for _ in range(times):
            by_hand = seconds([sys.executable, "-c", BY_HAND], folder)
            for name, words in ways.items():
                ratios[name].append(seconds(words, folder) / by_hand)
    for name, found in ratios.items():
        print(f"{name:16} {statistics.median(found):5.2f} times the loop by hand")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
