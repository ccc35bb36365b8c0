"""Short names for specs and calls that stand beside one another: what they differ in.

`cosine:lr=0.1,steps=10k` beside `cosine:lr=0.3,steps=10k` is `lr=0.1`; beside `linear:...` it is
`cosine`. A call is its name, with what differs where two calls have the same name.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence

Parts = Mapping[str, str]
"""The parts of a text by what they are called, in their order, as they are written."""

_CALL = re.compile(r"([\w.]+)\(.*\)", re.DOTALL)
_LIST = re.compile(r"[-+.\d]")


def short_names(texts: Sequence[str]) -> list[str]:
    """Return a short name for each text; two texts that say the same have the same."""
    kinds = [_kind(text) for text in texts]
    names = dict.fromkeys(texts, "")
    for text, kind in zip(texts, kinds, strict=True):
        alike = [one for one, of in zip(texts, kinds, strict=True) if of == kind]
        name = _name(text, alike, kind, alone=len({*kinds}) == 1)
        names[text] = min(text, name, key=len)
    return [names[text] for text in texts]


def _kind(text: str) -> str:
    """Return the families of a spec, `warmup/cosine`, or the function of a call, `StepLR(`."""
    if "(" not in text:
        return "/".join(stage.partition(":")[0] for stage in text.split("/"))
    call = _CALL.fullmatch(text)
    return f"{call[1].rpartition('.')[2]}(" if call else text


def _name(text: str, alike: Sequence[str], kind: str, *, alone: bool) -> str:
    """Return the name of a text among those of its kind, which may be `alone` in a figure."""
    if len(alike) == 1 and alone and "(" not in text:
        return text
    is_call = kind.endswith("(")
    if "(" in text and not is_call:
        return text
    name = kind.removesuffix("(")
    said = _said(text, alike, _arguments if is_call else _items)
    if is_call:
        roots = {one.partition("(")[0].rpartition(".")[0].partition(".")[0] for one in alike}
        if len(roots) > 1 and "." in text.partition("(")[0]:
            name = f"{text.partition('.')[0]}.{name}"
        return f"{name}({said})" if said else name
    if not said:
        return name
    return said if alone else f"{name} {said}"


def _said(text: str, alike: Sequence[str], parts_of: Callable[[str], Parts]) -> str:
    """Return those parts of a text that others do not have as it has."""
    own, others = parts_of(text), [parts_of(one) for one in alike]
    differing = {name for one in others for name in one if len({o.get(name) for o in others}) > 1}
    stages = {name.partition(" ")[0] for name in differing if " " in name}
    if len(stages) <= 1:
        return ",".join(part for name, part in own.items() if name in differing)
    found: dict[str, list[str]] = {}
    for name, part in own.items():
        if name in differing:
            found.setdefault(name.partition(" ")[0], []).append(part)
    return "/".join(
        f"{stage.partition('.')[2]}:{','.join(parts)}" for stage, parts in found.items()
    )


def _items(text: str) -> Parts:
    """Return the items of the stages of a spec, a number and family before the name of each."""
    found: dict[str, str] = {}
    for number, stage in enumerate(text.split("/")):
        family, _, items = stage.partition(":")
        name = ""
        for item in items.split(",") if items else ():
            if "=" not in item and name and _LIST.match(item):
                found[name] += f",{item}"  # a list goes on
                continue
            name = f"{number}.{family} {item.partition('=')[0]}"
            found[name] = item
    return found


def _arguments(text: str) -> Parts:
    """Return the arguments of a call, by their numbers and keywords."""
    try:
        call = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return {"": text}
    if not isinstance(call, ast.Call):
        return {"": text}
    found = {str(number): ast.unparse(one) for number, one in enumerate(call.args)}
    return found | {str(one.arg): ast.unparse(one) for one in call.keywords}
