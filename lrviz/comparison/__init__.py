"""Curves compared: their summary numbers, where two part, and why a log is not its plan."""

from .causes import Cause, explain_difference
from .comparing import Comparison, compare, difference, summarize
from .differences import Difference
from .gaps import gap_curve
from .grids import Source
from .summaries import Summary

__all__ = [
    "Cause",
    "Comparison",
    "Difference",
    "Source",
    "Summary",
    "compare",
    "difference",
    "explain_difference",
    "gap_curve",
    "summarize",
]
