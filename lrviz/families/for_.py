"""A length of one's own choice."""

from typing import Annotated

from ..schedules.base import Example
from ..schedules.fields import Param
from ..schedules.modifier import Modifier
from ..schedules.placed import Phase, Placed


class For(Modifier, name="for"):
    """Give a schedule a length of `steps` steps, after which the next stage follows."""

    steps: Annotated[int, Param("how long it lasts", unit="steps", at_least=1)]

    formula = "the same rates"
    examples = (
        Example(
            "const:lr=0.1,for=2/const:lr=0.01",
            {0: 0.1, 1: 0.1, 2: 0.01},
            "Optax 0.2.8 join_schedules(boundaries=[2])",
        ),
    )
    elsewhere = {
        "Optax": "boundaries of join_schedules",
        "PyTorch": "milestones of SequentialLR",
    }

    @property
    def length(self) -> int:
        return self.steps

    @property
    def phases(self) -> tuple[Phase, ...]:
        return tuple(Placed(self.of, stop=self.steps).phases(self.steps))
