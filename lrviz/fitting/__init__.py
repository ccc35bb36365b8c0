"""The schedule behind recorded rates: shapes are guessed, polished, rounded, and held to all."""

from .search import Fit, Found, find

__all__ = ["Fit", "Found", "find"]
