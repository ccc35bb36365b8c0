"""Tab-separated values, with all digits."""

from collections.abc import Iterator

from . import Rows, writer
from .csv import separated


@writer("tsv")
def write(rows: Rows) -> Iterator[str]:
    """Yield lines of values between tabs."""
    return separated(rows, "\t")
