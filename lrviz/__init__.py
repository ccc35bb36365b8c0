"""Plot, tabulate and compare learning-rate schedules, without a deep-learning framework."""

from .curves import Curve, evaluate
from .errors import LrvizError
from .schedules.base import Schedule
from .specs import parse

__version__ = "0.1.0"

__all__ = ["Curve", "LrvizError", "Schedule", "__version__", "evaluate", "parse"]
