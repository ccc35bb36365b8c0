"""YAML as configs need it: nothing is made but plain values, and unknown tags are kept."""

import re
from typing import Any

import yaml

from .documents import Exponent, note_repeated

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)[eE][-+]?[0-9]+\Z")
"""What YAML 1.2 and all others take for a number, and YAML 1.1 in part for text."""

_EXPONENT = "tag:lrviz,exponent"


class _Loader(_Base):  # type: ignore[misc]  # which of the two it is shows where it runs
    """A safe loader that reads 1e-4 as a number and keeps what unknown tags hold."""

    def __init__(self, text: str, most_values: int, notes: list[str]) -> None:
        super().__init__(text)
        self.most_values, self.notes = most_values, notes
        self._flattened: set[int] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge in what `<<` names, which must not grow without bounds."""
        if id(node) not in self._flattened:  # then it has its own names alone
            self._flattened.add(id(node))
            note_repeated((key.value for key, _ in node.value if _is_name(key)), self.notes)
        super().flatten_mapping(node)
        if len(node.value) > self.most_values:
            raise ValueError("its merged keys are too many")


def _is_name(key: yaml.Node) -> bool:
    """Return whether a key is a name, and not what is merged in."""
    return isinstance(key, yaml.ScalarNode) and key.value != "<<"


def _exponent(_: _Loader, node: yaml.ScalarNode) -> float:
    return Exponent(node.value.replace("_", ""))


def _tagged(loader: Any, tag: str, node: yaml.Node) -> object:
    """Return what an unknown tag holds; a mapping says its tag as the key `_tag_`."""
    if isinstance(node, yaml.MappingNode):
        return {"_tag_": tag} | loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_implicit_resolver(_EXPONENT, _NUMBER, list("-+.0123456789"))
_Loader.add_constructor(_EXPONENT, _exponent)
_Loader.add_multi_constructor("!", _tagged)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _tagged)


def load(text: str, most_values: int, notes: list[str]) -> list[object]:
    """Return what the documents of a text say that say something; their keys are texts.

    What is to be said is added to `notes`. yaml.YAMLError or ValueError if it is no YAML.
    """
    loader = _Loader(text, most_values, notes)
    found: list[object] = []
    try:
        while loader.check_data():
            found.append(_with_texts_as_keys(loader.get_data(), {}))
    finally:
        loader.dispose()
    return [one for one in found if one is not None]


def _with_texts_as_keys(value: object, done: dict[int, object]) -> object:
    """Return a value with the keys of its mappings as texts; what is repeated stays the same."""
    if not isinstance(value, dict | list):
        return value
    if id(value) not in done:
        if isinstance(value, list):
            members: list[object] = []
            done[id(value)] = members
            members += [_with_texts_as_keys(inner, done) for inner in value]
        else:
            named: dict[str, object] = {}
            done[id(value)] = named
            named |= {str(key): _with_texts_as_keys(inner, done) for key, inner in value.items()}
    return done[id(value)]
