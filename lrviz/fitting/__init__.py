"""The schedule behind recorded rates: shapes are guessed, polished, rounded, and held to all."""

from .doubts import doubts
from .record import Record, rates_of
from .search import Fit, Found, find

__all__ = ["Fit", "Found", "Record", "doubts", "find", "rates_of"]
