"""Slips of who writes a spec: what was meant, as one sentence or its end."""

import re
from collections.abc import Sequence

from ..errors import LrvizError, SpecError, did_you_mean, quoted
from ..families import families, family
from ..schedules.base import Schedule
from ..schedules.fields import Parameter

_ITEM = re.compile(r"(\w+)=[-+.\d][^:/(]*")

_MEANT = {
    **dict.fromkeys(("peak", "max_lr", "initial_lr", "learning_rate"), "lr"),
    **dict.fromkeys(("total", "total_steps", "length", "duration", "max_steps"), "steps"),
}
"""Words for lr and steps that anybody understands, unless a family has others for them."""


def check_joined(texts: Sequence[object]) -> None:
    """Raise LrvizError if items of a spec were typed as words of their own, after a space."""
    for number, text in enumerate(texts[:-1]):
        if not isinstance(text, str) or "(" in text or text.startswith("@"):
            continue
        stage = text.rpartition("/")[2]
        name, colon, _ = stage.partition(":")
        kind = family(name.rpartition("=")[2])
        keys = {field.key for field in kind.parameters()} if kind else set()
        items: list[str] = []
        for other in texts[number + 1 :]:
            item = _ITEM.fullmatch(other) if isinstance(other, str) else None
            if item is None or item[1] not in keys:
                break
            items.append(item[0])
        if items:
            joined = f"{text}{',' if colon else ':'}{','.join(items)}"
            raise LrvizError(
                f"{quoted(items[0])} is an item of {quoted(text)}, and stands apart from it; "
                f"write {joined}"
            )


def check_label(text: str, label: str, rest: str) -> None:
    """Raise SpecError if what stands as a label is meant as a family, as in warmup=500/..."""
    kind, head = family(label), rest.partition("/")[0]
    if kind is not None and _ITEM.fullmatch(f"x={head}"):
        steps = next((f.key for f in kind.parameters() if f.param.unit == "steps"), "KEY")
        raise SpecError(
            f"{quoted(f'{label}=')} is read as a label, and {quoted(head)} is no schedule; "
            f"write {label}:{steps}={head}",
            text,
            0,
            len(label) + 1 + len(head),
        )


def meant_by(key: str, name: str, fields: dict[str, Parameter]) -> str:
    """Return the cure for a key that the family of that name does not have, "" if none is known."""
    same = next((k for k, field in fields.items() if key in field.param.also), _MEANT.get(key))
    if same in fields:
        return f"; here it is called {quoted(same)}"
    wrapper = family(key)
    if wrapper is not None and wrapper.inner() is not None:
        first = next((f.key for f in wrapper.parameters() if f.param.unit == "steps"), "KEY")
        return f"; it is a stage of its own: put {key}:{first}=VALUE/ before {name}"
    return ""


def nearest_family(word: str) -> str:
    """Return the cure for an unknown family: what is meant by it, or the nearest."""
    kinds = families()
    for name, kind in kinds.items():
        calls = (text.partition(" (")[0].split(".")[-1] for text in kind.elsewhere.values())
        if word in calls:
            return f"; that is {quoted(name)} here"
    parts = [kinds.get(part) for part in re.split("[_+-]", word)]
    stages = [_stage(kind) for kind in parts if kind is not None]
    if len(stages) == len(parts) > 1:
        return f"; stages are joined by a slash: write {'/'.join(stages)}"
    if re.search(r"[*+/]|\bif\b", word):
        return "; a formula is a function of the step: write lambda step: ..., with it"
    return did_you_mean(word, kinds) or "; 'lrviz list' shows them all"


def _stage(kind: type[Schedule]) -> str:
    """Return a stage with what it must be given."""
    keys = [f.key for f in kind.parameters() if f.required and f.item is not Schedule]
    return f"{kind.name}:{','.join(f'{key}=VALUE' for key in keys)}".rstrip(":")
