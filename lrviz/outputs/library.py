"""matplotlib, undisturbed by what the user has set for other programs."""

import importlib
import logging
import os
import sys
from contextlib import suppress
from types import ModuleType

from ..errors import LrvizError


def matplotlib_undisturbed() -> ModuleType:
    """Import matplotlib; LrvizError if a file of settings that it reads first is not in UTF-8."""
    # It speaks of its cache and of the user's matplotlibrc, which is none of our affair.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    if "matplotlib" in sys.modules:
        return sys.modules["matplotlib"]
    backend = os.environ.pop("MPLBACKEND", None)  # one that it does not know stops the import
    try:
        matplotlib = importlib.import_module("matplotlib")
    except UnicodeDecodeError:  # it reads one even where another is named
        raise LrvizError(
            "the file matplotlibrc, in this folder or among the user's settings, is not in UTF-8; "
            "save it in that, or remove it"
        ) from None
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend is not None:
        with suppress(ValueError):  # a notebook's pyplot is to find the one that shows in it
            matplotlib.rcParams["backend"] = backend
    return matplotlib
