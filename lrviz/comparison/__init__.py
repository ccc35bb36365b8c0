"""Series compared: their summary numbers, where two part, and why a log is not its plan."""

from .cause import Cause
from .comparing import Comparison, Progress, compare
from .differences import Difference
from .explaining import explain_difference
from .gaps import gap_curve
from .summaries import Summary

__all__ = [
    "Cause",
    "Comparison",
    "Difference",
    "Progress",
    "Summary",
    "compare",
    "explain_difference",
    "gap_curve",
]
