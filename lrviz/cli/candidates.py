"""How a spec that is being typed can go on."""

from collections.abc import Iterator


def spec_candidates(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the families, or in a stage the keys of parameters, each with what it means."""
    label, equals, rest = incomplete.partition("=")
    if not equals or ":" in label:
        label, equals, rest = "", "", incomplete
    *stages, stage = rest.split("/")
    name, colon, items = stage.partition(":")
    head = label + equals + "".join(f"{text}/" for text in stages)
    found = _items(name, items) if colon else _families()
    yield from ((head + word, meaning) for word, meaning in found)


def name_candidates(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the families and the calls by name alone, and how a spec can go on."""
    from ..frameworks import all_calls

    yield from ((word.removesuffix(":"), meaning) for word, meaning in _families())
    yield from ((call.name, call.title) for call in all_calls())
    yield from spec_candidates(incomplete)


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
    *done, _ = items.split(",")
    used = {item.partition("=")[0] for item in done}
    head = f"{name}:" + "".join(f"{item}," for item in done)
    for field in kind.parameters():
        if field.key not in used and field.item not in (Schedule, Points):
            mark = "" if field.item is bool else "="
            yield f"{head}{field.key}{mark}", field.param.meaning
    for modifier in families().values():
        if issubclass(modifier, Modifier) and modifier.name not in used and kind.inner() is None:
            yield f"{head}{modifier.name}=", modifier.number().param.meaning
