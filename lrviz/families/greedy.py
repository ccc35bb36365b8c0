"""A rate that rises while a metric improves, and falls while it does not."""

from collections import deque
from collections.abc import Iterator
from typing import Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.metered import Metered


class Greedy(Metered, name="greedy"):
    """Raise the learning rate while a metric improves step after step, and cut it while not.

    The metric number i is known after step i, so that it can change the rate from step i + 1 on.
    """

    rate: Annotated[
        float,
        Param(
            "factor at each cut, and divisor at each raise", above=0, at_most=1, also=("factor",)
        ),
    ] = 0.95
    patience: Annotated[
        int, Param("how many good, or bad, metrics in a row change nothing", at_least=0)
    ] = 10
    threshold: Annotated[
        float, Param("how much better than the best a metric must be to be good", at_least=0)
    ] = 1e-6
    min: Annotated[float, Param("the lowest rate of a cut", at_least=0, also=("min_lr",))] = 1e-3
    warmup: Annotated[int, Param("how many metrics after a raise do not count", at_least=0)] = 0
    peak: Annotated[float, Param("the highest rate of a raise", at_least=0, also=("max_lr",))] = 1.0
    reset: Annotated[
        int,
        Param(
            "how many cuts in a row at the lowest rate until all starts anew",
            at_least=0,
            also=("reset_start",),
        ),
    ] = 500
    window: Annotated[
        int, Param("how many metrics are averaged with smooth", at_least=1, also=("window_size",))
    ] = 50
    smooth: Annotated[bool, Param("look at the mean of the last metrics, not at each")] = False
    relative: Annotated[
        bool, Param("take the threshold as a part of the best", also=("threshold_mode",))
    ] = False

    formula = (
        "lr at first; after more than patience good metrics in a row it becomes min(it / rate, "
        "peak), after more than patience bad ones max(it * rate, min), if that changes it by more "
        "than eps, and then warmup or cooldown metrics are not looked at; one of metrics, or with "
        "smooth the mean of the last window of them, is good if below best - threshold; after "
        "reset cuts in a row that leave it at min, all starts anew"
    )
    examples = (
        Example(
            "greedy:lr=0.1,rate=0.9,patience=2,metrics=1,0.9,0.8,0.7,0.6,0.6,0.6,0.6,0.6,0.6",
            {0: 0.1, 2: 0.1, 3: 0.1111111111, 7: 0.1111111111, 8: 0.1, 10: 0.1},
            "Transformers 5.23 greedy, recorded",
        ),
    )
    elsewhere = {"Transformers": "greedy, GreedyLR"}

    def followed(self) -> Iterator[float]:
        rate, best, good, bad, waiting, left = self.lr, self.worst, 0, 0, 0, self.reset
        mean = Mean(self.window)
        for number in self.metrics:
            metric = mean.of_last(number) if self.smooth else number
            if waiting:
                waiting -= 1
            elif self.better(metric, best, absolute=not self.relative):
                best, good, bad = metric, good + 1, 0
            else:
                good, bad = 0, bad + 1
            if good > self.patience:
                higher = min(rate / self.rate, self.peak)
                rate = higher if higher - rate > self.eps else rate
                good, waiting, left = 0, self.warmup, self.reset
            elif bad > self.patience:
                lower = max(rate * self.rate, self.min)
                rate = lower if rate - lower > self.eps else rate
                bad, waiting = 0, self.cooldown
                left -= rate <= self.min
                if rate <= self.min and left <= 0:
                    rate, best, left = self.lr, self.worst, self.reset
                    mean = Mean(self.window)
            yield rate


class Mean:
    """The mean of the last numbers, summed as Transformers does."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.numbers: deque[float] = deque()
        self.sum = 0.0

    def of_last(self, number: float) -> float:
        """Take one more number, and return the mean of the last `window` ones."""
        self.numbers.append(number)
        self.sum += number
        if len(self.numbers) > self.window:
            self.sum -= self.numbers.popleft()
        return self.sum / len(self.numbers)
