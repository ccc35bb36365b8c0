"""What a guess at a schedule is, and the registry of the shapes that guesses are made of."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..discover import import_all
from ..families.warmup import Warmup
from ..schedules.base import Schedule

if TYPE_CHECKING:
    from .record import Record


class Guess(NamedTuple):
    """A schedule whose numbers are nearly known.

    `make` returns it for any numbers by these names. Those in `counts` are whole ones; those in
    `stiff` too, and `make` rounds them, as their fields are whole numbers. One that `warms` takes a
    `warmup` and its `start` itself. The `note` says what no record can tell.
    """

    make: Callable[..., Schedule]
    numbers: dict[str, float]
    counts: frozenset[str] = frozenset({"steps"})
    stiff: frozenset[str] = frozenset()
    warms: bool = False
    note: str = ""

    def plan(self, numbers: dict[str, float]) -> Schedule:
        """Return the schedule with some numbers; ParameterError if it cannot have them."""
        return self.make(**numbers)

    def warmed(self, steps: int, start: float) -> "Guess":
        """Return the same schedule after a warmup."""
        make = self.make

        def warm(*, warm_start: float, **numbers: float) -> Schedule:
            if self.warms:
                return make(warmup=steps, start=warm_start, **numbers)
            return Warmup(steps=steps, start=warm_start, then=make(**numbers))

        return self._replace(make=warm, numbers=self.numbers | {"warm_start": start})


Shape = Callable[["Record"], Iterator[Guess]]

_shapes: list[Shape] = []


def shape(function: Shape) -> Shape:
    """Register a function that yields guesses at what a record is."""
    _shapes.append(function)
    return function


def shapes() -> list[Shape]:
    """Return all shapes."""
    import_all(f"{__package__}.shapes")
    return _shapes
