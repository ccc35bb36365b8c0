"""Finding things by their names: what is called `cosine` is in the module `cosine` of its folder.

So no folder needs a list of what is in it, and only what is asked for is imported.
"""

import importlib
import keyword


def import_named(package: str, name: str) -> None:
    """Import the module of `package` for `name` (`for_` for the keyword `for`), if there is one."""
    if not name.isidentifier():
        return
    module = f"{package}.{name}{'_' if keyword.iskeyword(name) else ''}"
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise


def import_all(package: str) -> None:
    """Import all modules of `package`, in alphabetical order."""
    import pkgutil  # only needed where everything is

    folders = importlib.import_module(package).__path__
    for found in sorted(pkgutil.iter_modules(folders), key=lambda module: module.name):
        importlib.import_module(f"{package}.{found.name}")
