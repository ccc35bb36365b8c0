"""Cuts when a metric stops improving."""

from collections.abc import Iterator
from typing import Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.metered import Metered


class ReduceOnPlateau(Metered, name="plateau"):
    """Multiply the learning rate by `rate` when a metric has not improved for some steps.

    The metric number i is known after step i, so that it can change the rate from step i + 1 on.
    """

    rate: Annotated[
        float,
        Param("factor at each cut", at_least=0, at_most=1, also=("factor", "decay_rate", "gamma")),
    ] = 0.1
    patience: Annotated[
        int, Param("how many bad metrics in a row are borne", at_least=0, also=("patience_t",))
    ] = 10
    threshold: Annotated[
        float,
        Param(
            "how much better than the best, as a part of it, a metric must be to be good",
            at_least=0,
        ),
    ] = 1e-4
    min: Annotated[
        float, Param("the lowest rate", at_least=0, also=("min_lr", "lr_min", "min_value"))
    ] = 0.0
    absolute: Annotated[
        bool, Param("take the threshold as it is, not as a part", also=("threshold_mode",))
    ] = False
    paddle: Annotated[
        bool, Param("do not look at metrics during the cooldown, as PaddlePaddle")
    ] = False

    formula = (
        "lr at first; after more than patience bad metrics in a row it becomes max(it * rate, "
        "min), if that lowers it by more than eps, and then cooldown metrics are not counted; one "
        "of metrics is good if below best * (1 - threshold), where best is the last good one"
    )
    examples = (
        Example(
            "plateau:lr=0.1,rate=0.5,patience=1,metrics=1,nan,0.5,nan,nan,nan,0.4,0.4,0.4,0.4",
            {0: 0.1, 4: 0.1, 5: 0.05, 8: 0.05, 9: 0.025, 10: 0.025},
            "PyTorch 2.13 ReduceLROnPlateau, recorded",
        ),
        Example(
            "plateau:lr=0.1,rate=0.3,patience=2,threshold=0.02,cooldown=3,absolute,max,"
            "metrics=0.1,0.3,0.5,0.6,0.6,0.6,0.605,0.6,0.6,0.61,0.61,0.61,0.61",
            {0: 0.1, 6: 0.1, 7: 0.03, 12: 0.03, 13: 0.009},
            "PyTorch 2.13 ReduceLROnPlateau(mode='max', threshold_mode='abs'), recorded",
        ),
    )
    elsewhere = {
        "PyTorch": "ReduceLROnPlateau",
        "Transformers": "reduce_lr_on_plateau",
        "timm": "PlateauLRScheduler (higher is better unless given)",
        "MMEngine": "ReduceOnPlateauLR",
        "fairseq": "reduce_lr_on_plateau (patience is 0 unless given)",
        "PaddlePaddle": "ReduceOnPlateau (the flag paddle)",
    }

    def followed(self) -> Iterator[float]:
        rate, best, bad, cooling = self.lr, self.worst, 0, 0
        for i, metric in enumerate(self.metrics):
            if not (self.paddle and cooling):
                good = self.is_good(metric, best) or (self.paddle and i == 0)
                best, bad = (metric, 0) if good else (best, bad + 1)
            if cooling:
                cooling, bad = cooling - 1, 0
            if bad > self.patience:
                lower = max(rate * self.rate, self.min)
                rate = lower if rate - lower > self.eps else rate
                cooling, bad = self.cooldown, 0
            yield rate

    def is_good(self, metric: float, best: float) -> bool:
        """Return whether `metric` is better than the `best` so far."""
        if not self.paddle or self.absolute:
            return self.better(metric, best, self.absolute)
        # The same, but with rounding errors at other places.
        margin = best * self.threshold
        return metric > best + margin if self.max else metric < best - margin
