"""matplotlib, undisturbed by what the user has set for other programs."""

import importlib
import logging
import os
from types import ModuleType

from ..errors import LrvizError


def matplotlib_undisturbed() -> ModuleType:
    """Import matplotlib; LrvizError if a file of settings that it reads first is not in UTF-8."""
    # It speaks of its cache and of the user's matplotlibrc, which is none of our affair.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    backend = os.environ.pop("MPLBACKEND", None)  # one that it does not know stops the import
    try:
        return importlib.import_module("matplotlib")
    except UnicodeDecodeError:  # it reads one even where another is named
        raise LrvizError(
            "the file matplotlibrc, in this folder or among the user's settings, is not in UTF-8; "
            "save it in that, or remove it"
        ) from None
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
