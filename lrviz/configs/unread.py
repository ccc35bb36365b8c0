"""Settings that speak of rates: those that nothing has read are a typing error, or a feature."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from ..errors import cut, listing

_SPEAKS_OF_RATES = re.compile(
    r"(?:^|_)(?:lr|lrs|learning_rate|warmup|warm_up|sched\w*|decay|anneal\w*|cooldown)(?=_|\d*$)"
)
_OF_OTHERS = re.compile(r"weight_decay|ema|decay_mask|momentum_decay|(?:^|_)wd(?:_|$)")


def unread(tree: Mapping[str, Any], read: AbstractSet[str]) -> list[str]:
    """Return the names in a tree that speak of rates and are not among those that were read."""
    return [
        path
        for path in _paths(tree, "")
        if _SPEAKS_OF_RATES.search(name := _snake(path.rpartition(".")[2]))
        and not _OF_OTHERS.search(name)
        and not any(path == one or path.startswith(f"{one}.") for one in read)
    ]


def some_of(names: Sequence[str], most: int) -> str:
    """Return the first of some names as a sentence has them, and how many others there are."""
    more = len(names) - most
    shown = [cut(name) for name in names[:most]]
    return listing([*shown, f"{more} more"] if more > 0 else shown)


def _snake(name: str) -> str:
    """Return a name in lower case with underscores."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-/]", "_", name).lower()


def _paths(tree: Mapping[str, Any], outer: str) -> Iterator[str]:
    """Yield the names of all values in a tree that are no mappings."""
    for key, value in tree.items():
        path = f"{outer}.{key}" if outer else key
        if isinstance(value, Mapping):
            yield from _paths(value, path)
        elif value is not None:
            yield path
