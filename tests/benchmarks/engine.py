"""Print what a step costs when 10 million are evaluated, beside the function that it is made of.

    python tests/benchmarks/engine.py [WORD...]     only specs that have one of the words

The function is that of numpy, of as many numbers in arrays of the same size; where a family needs
none, it is the exponential. Both run in turn, and the medians count, in time of the processor.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

import lrviz
from lrviz.families import families
from lrviz.schedules.numeric import Array
from lrviz.schedules.signal import CHUNK

COUNT = 10_000_000
SPECS = [
    "exp:lr=0.01,rate=0.9,steps=1M",
    "exp:lr=0.01,rate=0.9,steps=100,staircase",
    "cosine:lr=1,steps=10M",
    "cosine_restarts:lr=1,steps=1000",
    "cosine_restarts:lr=1,steps=1000,t_mul=1",
    "restarts:t_mul=2,m_mul=0.5/cosine:lr=1,steps=1000",
    "restarts:times=3/linear:lr=1,steps=1M",
    "cyclic:lr=0,peak=1,up=1000",
    "cyclic:lr=0,peak=1,up=1000,shrink=0.5,rate=0.9999",
    "whole_restarts:lr=1,steps=1000,t_mul=1.5",
    "whole_restarts:lr=1,steps=1000,t_mul=1",
    "noisy_linear_cosine:lr=1,steps=10M",
    "warmup:steps=500/cosine:lr=3e-4,steps=9999500",
    "multistep:lr=0.1,rate=0.1,at=3M,6M,9M",
    # Some examples of others grow past all bounds.
    *(kind.examples[0].spec for name, kind in families().items() if name != "ceiling"),
]


RANDOM = np.random.default_rng(0)


def by_chunks(function: Callable[[Array], Array]) -> Callable[[Array], None]:
    """Return a function of numpy for large arrays, evaluated as schedules are."""

    def evaluate(numbers: Array) -> None:
        found = np.empty(numbers.shape)
        for start in range(0, numbers.size, CHUNK):
            found[start : start + CHUNK] = function(numbers[start : start + CHUNK])

    return evaluate


FUNCTIONS = {
    "exp": by_chunks(np.exp),
    "cos": by_chunks(np.cos),
    "log": by_chunks(np.log),
    "power": by_chunks(lambda numbers: np.power(0.9, numbers)),
    "noise": by_chunks(
        lambda numbers: (
            np.cos(numbers) * np.power(numbers, -0.55) * RANDOM.standard_normal(numbers.size)
        )
    ),
}
"""The functions; noise is a wave that fades, and a normal number for each step."""
MADE_OF = {
    "noise": ("noisy",),
    "cos": ("cosine", "whole_restarts", "one_cycle"),
    "log": ("log:",),
    "power": ("exp", "rate=", "shrink=", "step", "power", "poly", "inverse_sqrt", "noam"),
}


def made_of(spec: str) -> str:
    """Return the name of the function that a schedule is made of."""
    return next((name for name, words in MADE_OF.items() if any(w in spec for w in words)), "exp")


def nanoseconds(function: Callable[[], object]) -> float:
    """Return how long a call takes, for each step."""
    begin = time.process_time()
    function()
    return (time.process_time() - begin) / COUNT * 1e9


def main(words: list[str]) -> None:
    """Measure schedules in turn with the function that each is made of, three times."""
    steps = np.arange(COUNT)
    numbers = (steps + 1) * 3e-6
    for spec in dict.fromkeys(SPECS):
        if words and not any(word in spec for word in words):
            continue
        schedule, name = lrviz.parse(spec), made_of(spec)
        pairs = [
            (
                nanoseconds(lambda: schedule(steps)),  # noqa: B023
                nanoseconds(lambda: FUNCTIONS[name](numbers)),  # noqa: B023
            )
            for _ in range(3)
        ]
        ours, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(
            f"{spec:70} {ours:6.1f} ns, {name:5} {other:5.1f} ns: {ours / other:5.2f}", flush=True
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:.0f} MiB, of which steps, numbers and results take 305 MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
