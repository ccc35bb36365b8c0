"""Numbers that are likely to have been chosen, and how they are said."""

from ..schedules.fields import number_text, rounded_text
from ..schedules.numeric import LAST_STEP


def roundest(low: float, high: float, upside_down: bool = False) -> float:
    """Return the number from `low` to `high`, both above 0, that is written with fewest digits.

    With `upside_down`, so may be its reciprocal: a third is 1/3.
    """
    middle = (low + high) / 2
    for digits in range(1, 17):
        plain = rounded(middle, digits)
        turned = 1 / rounded(1 / middle, digits) if upside_down else plain
        for number in (plain, turned):
            if low <= number <= high:
                return number
    return middle


def rounded(number: float, digits: int) -> float:
    """Return a number with so many digits."""
    return float(f"{number:.{digits - 1}e}")


def has_digits(number: float, digits: int) -> bool:
    """Return whether a number is written with at most so many digits."""
    return abs(rounded(number, digits) - number) <= 1e-12 * abs(number)


def factor_text(factor: float) -> str:
    """Return a factor in words, a third as 1/3."""
    if not has_digits(factor, 6) and has_digits(1 / factor, 6):
        return f"1/{rate_text(1 / factor)}"
    return rate_text(factor)


def rate_text(rate: float) -> str:
    """Return a rate to six digits."""
    return rounded_text(rate, 6)


def span(low: int, high: int) -> dict[str, float]:
    """Return the ends of a range by name, of one number nothing."""
    return {} if low == high else {"from": low, "to": high}


def steps_text(low: float, high: float | None = None) -> str:
    """Return a number of steps, which may be known only as a range."""
    if high is not None and high > LAST_STEP // 2:
        return f"at least {number_text(low)} steps"
    many = number_text(low) if high in (None, low) else f"{number_text(low)} to {high}"
    return f"{many} step{'s' * (many != '1')}"
