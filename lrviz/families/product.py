"""A product of schedules."""

from typing import Annotated

import numpy as np

from ..schedules.base import Example, Schedule
from ..schedules.fields import Param
from ..schedules.several import Several


class Product(Several, name="product"):
    """Multiply the rates of several schedules, which all begin at step 0."""

    factors: Annotated[
        tuple[Schedule, ...], Param("the schedules, written product/A/B", also=("schedulers",))
    ]

    formula = "A(t) * B(t), and so on"
    examples = (
        Example(
            "product/step:lr=0.1,rate=0.1,steps=30/linear:lr=0.1,steps=10,end=1",
            {0: 0.01, 5: 0.055, 10: 0.1, 29: 0.1, 30: 0.01},
            "PyTorch 2.13 ChainedScheduler([StepLR(30), LinearLR(0.1, 1, 10)])",
        ),
        Example(
            "product/chain/const:lr=0.1,for=20/const:lr=1/end/exp_epoch:lr=0.05,rate=0.9",
            {0: 0.005, 1: 0.0045, 2: 0.00405, 20: 0.006078832730},
            "PyTorch 2.13 ChainedScheduler([ConstantLR(0.1, 20), ExponentialLR(0.9)]), recorded",
        ),
    )
    elsewhere = {
        "PyTorch": "ChainedScheduler (of such as multiply the rate)",
        "MMEngine": "a list of schedulers",
    }

    combined = np.multiply
