"""How many digits a number is written with."""

import math


def digits(number: float) -> int:
    """Return how many significant digits a number is written with, none for 0."""
    if number == 0:
        return 0
    return len(f"{number:.14e}".partition("e")[0].replace(".", "").rstrip("0-"))


def same_digits(one: float, other: float) -> bool:
    """Return whether two numbers differ by a power of ten."""
    return one > 0 and other > 0 and abs(math.log10(one / other) % 1.0 - 0.5) > 0.5 - 1e-9
