"""Programs in Python, read and never run as such: a pure subset, evaluated at all steps at once.

`read_program` returns the schedules of a pasted text.
"""

from .reading import Found, read_program
from .schedule import Clocked, ProgramFunction, ProgramSchedule

__all__ = ["Clocked", "Found", "ProgramFunction", "ProgramSchedule", "read_program"]
