"""Print what a step costs when 10 million are evaluated, beside numpy's exp of as many numbers.

python tests/benchmarks/engine.py
"""

import resource
import statistics
import time
from collections.abc import Callable

import numpy as np

import lrviz

COUNT = 10_000_000
SPECS = [
    "exp:lr=0.01,rate=0.9,steps=100",
    "exp:lr=0.01,rate=0.9,steps=1M",
    "exp:lr=0.01,rate=0.9,steps=100,staircase",
    "cosine:lr=1,steps=10M",
    "warmup:steps=500/cosine:lr=3e-4,steps=9999500",
    "multistep:lr=0.1,rate=0.1,at=3M,6M,9M",
]


def nanoseconds(function: Callable[[], object]) -> float:
    """Return how long a call takes, for each step."""
    begin = time.perf_counter()
    function()
    return (time.perf_counter() - begin) / COUNT * 1e9


def main() -> None:
    """Measure some schedules in turn with numpy's exp, seven times each."""
    steps = np.arange(COUNT)
    numbers = steps * -1e-6
    for spec in SPECS:
        schedule = lrviz.parse(spec)
        pairs = [
            (nanoseconds(lambda: schedule(steps)), nanoseconds(lambda: np.exp(numbers)))  # noqa: B023
            for _ in range(7)
        ]
        ours, numpy = (statistics.median(column) for column in zip(*pairs, strict=True))
        least = min(one for one, _ in pairs)
        print(f"{spec:48} {ours:5.1f} ns (least {least:.1f}), np.exp {numpy:5.1f} ns")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:.0f} MiB, of which steps, numbers and results take 305 MiB")


if __name__ == "__main__":
    main()
