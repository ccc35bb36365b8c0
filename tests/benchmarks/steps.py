"""Print what one step costs in microseconds, asked for in a loop of training, and far from others.

python tests/benchmarks/steps.py
"""

import time
from collections.abc import Iterable

import lrviz
from lrviz.families import families

COUNT = 2048
SPECS = [
    *(kind.examples[0].spec for name, kind in families().items() if name != "ceiling"),
    "warmup:steps=500/cosine:lr=3e-4,steps=9500",
    "LambdaLR(optimizer, lambda step: 0.1 * 0.99 ** step, lr=1.0)",
]


def cost(spec: str, steps: Iterable[int]) -> float:
    """Return what a step costs, the best of some runs."""
    best = float("inf")
    for _ in range(5):
        schedule = lrviz.parse(spec)
        began = time.process_time()
        for step in steps:
            schedule(step)
        best = min(best, time.process_time() - began)
    return best / COUNT * 1e6


for spec in SPECS:
    loop, far = cost(spec, range(COUNT)), cost(spec, range(0, 300 * COUNT, 300))
    print(f"{loop:8.2f} {far:8.2f}  {spec.splitlines()[0]}")
