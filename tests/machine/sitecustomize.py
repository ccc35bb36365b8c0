"""Give matplotlib the fonts in `fonts` of XDG_DATA_HOME, and none that this machine has.

With this folder on PYTHONPATH every Python imports this as it starts, and waits for matplotlib.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType


def fonts() -> list[str]:
    """Return the files of the fonts that there are."""
    return sorted(map(str, Path(os.environ["XDG_DATA_HOME"], "fonts").glob("*.ttf")))


class FontManager(PathFinder):
    """Finds matplotlib's module of fonts, and changes what it finds of the system's."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how that module is loaded and changed."""
        if fullname != "matplotlib.font_manager":
            return None
        spec = super().find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                load(module)
                vars(module)["findSystemFonts"] = fonts

            vars(spec.loader)["exec_module"] = exec_module
        return spec


sys.meta_path.insert(0, FontManager)
