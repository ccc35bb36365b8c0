"""What others must know of a family: it says so itself, where the plain answer is wrong.

Nobody asks for a family by its name, so that a new one is looked at as all others are.
"""

from typing import ClassVar, Literal, NamedTuple


class Way(NamedTuple):
    """The rates that a curve leads from and to.

    `part` is the field that gives the last as a part of the first, if one does.
    """

    first: float
    last: float
    part: str = ""


class Growth(NamedTuple):
    """What raises the rate in every period, a factor or an exponent, and what would leave it."""

    rate: float
    neutral: float


class Division(NamedTuple):
    """By how many steps the step is divided, where the last digit of the quotient counts.

    `then` it is rounded down, or up, or a root is taken of what is left of 1.
    """

    by: float
    then: Literal["down", "up", "root"]


class Facts:
    """What is true of most families."""

    level: ClassVar[bool] = False
    """Whether the rate never changes."""
    falls: ClassVar[bool] = False
    """Whether it is meant to come down."""
    straight: ClassVar[bool] = False
    """Whether it is a straight line."""
    noisy: ClassVar[bool] = False
    """Whether chance is in it."""
    unnamed: ClassVar[bool] = False
    """Whether its parts alone are written, A/B."""
    milestone: ClassVar[str] = ""
    """What one of its milestones is called."""

    @property
    def ends(self) -> bool:
        """Whether its length is an end that it has, and not just as much as is worth showing."""
        return False

    @property
    def way(self) -> Way | None:
        """Where it leads from and to in its length, if it leads somewhere."""
        return None

    @property
    def growth(self) -> Growth | None:
        """What makes it rise, if it was meant to fall by a factor."""
        return None

    @property
    def stairs(self) -> bool:
        """Whether it is its nature to jump."""
        return False

    @property
    def period(self) -> tuple[str, float] | None:
        """The word for the length of a stair, and that, if it drops after each of equal length."""
        return None

    @property
    def division(self) -> Division | None:
        """The one that compiled code, which multiplies by a reciprocal instead, may get wrong."""
        return None

    @property
    def milestones(self) -> tuple[int, ...]:
        """Its steps, given one by one, at which the rate changes."""
        return ()

    @property
    def cycle_length(self) -> float | None:
        """The length of its cycles, if they are all alike and do not end."""
        return None

    @property
    def warm_at(self) -> int | None:
        """The step at which the full rate is reached, if it begins with a warmup."""
        return None

    @property
    def joined(self) -> bool:
        """Whether the stretch before what it wraps leads to where that begins."""
        return True

    @property
    def lowest(self) -> float | None:
        """The rate at which it cuts what it wraps off from below."""
        return None

    @property
    def highest(self) -> float | None:
        """The rate at which it cuts what it wraps off from above."""
        return None
