"""How a spec that is being typed can go on."""

from collections.abc import Iterator
from pathlib import Path


def spec_candidates(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the families, in a stage the keys of parameters, after @ files; with what they mean."""
    label, equals, rest = incomplete.partition("=")
    if not equals or ":" in label:
        label, equals, rest = "", "", incomplete
    if rest.startswith("@"):
        yield from ((f"{label}{equals}@{path}", "") for path in _paths(rest[1:]))
        return
    *stages, stage = rest.split("/")
    name, colon, items = stage.partition(":")
    head = label + equals + "".join(f"{text}/" for text in stages)
    found = _items(name, items) if colon else _families()
    yield from ((head + word, meaning) for word, meaning in found)


def name_candidates(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the families and the calls by name alone, and how a spec can go on."""
    from ..frameworks import all_calls

    yield from ((word.removesuffix(":"), meaning) for word, meaning in _families())
    calls: dict[str, list[str]] = {}
    for call in all_calls():
        calls.setdefault(call.name, []).append(call.title)
    yield from ((name, ", ".join(titles)) for name, titles in calls.items())
    yield from spec_candidates(incomplete)


def _paths(begun: str) -> Iterator[str]:
    """Yield the files and folders whose paths begin so."""
    folder, _, name = begun.rpartition("/")
    try:
        entries = sorted(Path(folder or ("/" if begun[:1] == "/" else ".")).iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(name) and (name or not entry.name.startswith(".")):
            path = begun[: len(begun) - len(name)] + entry.name
            yield f"{path}/" if entry.is_dir() else path


def _families() -> Iterator[tuple[str, str]]:
    from ..families import families

    for name, kind in families().items():
        if not kind.unnamed:
            yield f"{name}:", kind.summary()


def _items(name: str, items: str) -> Iterator[tuple[str, str]]:
    """Yield a stage with each parameter that it lacks and can have."""
    from ..families import families, family
    from ..schedules.base import Schedule
    from ..schedules.fields import Points
    from ..schedules.modifier import Modifier

    kind = family(name)
    if kind is None:
        return
    *done, last = items.split(",")
    used = {item.partition("=")[0] for item in done}
    head = f"{name}:" + "".join(f"{item}," for item in done)
    for field in kind.parameters():
        if last.partition("=")[0] == field.key and field.choices:
            yield from (
                (f"{head}{field.key}={word}", field.param.meaning) for word in field.choices
            )
        elif field.key not in used and field.item not in (Schedule, Points):
            mark = "" if field.item is bool else "="
            yield f"{head}{field.key}{mark}", field.param.meaning
    for modifier in families().values():
        if issubclass(modifier, Modifier) and modifier.name not in used and kind.inner() is None:
            yield f"{head}{modifier.name}=", modifier.number().param.meaning
