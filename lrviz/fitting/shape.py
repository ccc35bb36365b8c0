"""What a guess at a schedule is, and the registry of the shapes that guesses are made of."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..discover import import_all
from ..schedules.base import Schedule

if TYPE_CHECKING:
    from .record import Record


class Guess(NamedTuple):
    """A schedule whose numbers are nearly known.

    `make` returns it for any numbers by these names. Those in `counts` are whole ones; those in
    `stiff` too, and `make` rounds them, as their fields are whole numbers. One that `warms` takes a
    `warmup` and its `start` itself. The `note` says what no record can tell. What
    is `rare` costs more.
    """

    make: Callable[..., Schedule]
    numbers: dict[str, float]
    counts: frozenset[str] = frozenset({"steps"})
    stiff: frozenset[str] = frozenset()
    warms: bool = False
    note: str = ""
    rare: float = 0.0

    def plan(self, numbers: dict[str, float]) -> Schedule:
        """Return the schedule with some numbers; ParameterError if it cannot have them."""
        return self.make(**numbers)


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
