"""A rate that never changes."""

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import LearningRate
from ..schedules.numeric import Array


class Constant(Schedule, name="const"):
    """Keep the learning rate at `lr`."""

    lr: LearningRate

    formula = "lr"
    examples = (Example("const:lr=0.1", {0: 0.1, 1000: 0.1}, "PyTorch 2.13, a bare optimizer"),)
    elsewhere = {
        "Optax": "constant_schedule",
        "PyTorch": "no scheduler, or ConstantLR with factor 1",
        "Transformers": "constant",
    }

    level = True
    stairs = True

    def at(self, t: Array) -> Array:
        return np.full_like(t, self.lr)
