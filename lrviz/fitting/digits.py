"""How many digits a number is written with, and which rates are said as parts of another."""

PARTS = (0.1, 0.01, 0.05, 0.001, 0.2, 0.02, 0.5, 0.04, 0.25, 1 / 3)
"""Rates that an end or a start often is, as parts of the full one."""

MOST_DIGITS = 6
"""Numbers with more digits were not chosen by anybody."""


def digits(number: float) -> int:
    """Return how many significant digits a number is written with, none for 0."""
    if number == 0:
        return 0
    return len(f"{number:.14e}".partition("e")[0].replace(".", "").rstrip("0-"))


def parts_of(full: float) -> list[float]:
    """Return the rates that are usual parts of a full one."""
    return [float(f"{part * full:.12g}") for part in PARTS]


def digits_of_low(number: float, full: float) -> int:
    """Return the same of a rate that an end or a start is, where a usual part is as one digit."""
    return 1 if number in parts_of(full) else digits(number)
