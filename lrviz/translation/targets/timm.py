"""timm: timm.scheduler."""

from collections.abc import Iterator

from ..asking import Asked, Text, called
from . import torch

TITLE = "timm"

CALLS = (
    *("CosineLRScheduler", "StepLRScheduler", "MultiStepLRScheduler", "PolyLRScheduler"),
    *("TanhLRScheduler", "WSDLRScheduler"),
)
_CLOCK = "its steps are what scheduler.step(n) counts: n is 1 after the first"


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a scheduler of timm, and then what PyTorch has."""
    for one in asked.found("timm", CALLS):
        imports = [f"from timm.scheduler import {one.call.name}"]
        yield Text(f"scheduler = {called(one)}", imports, lr=one.lr, notes=[_CLOCK])
    for text in torch.texts(asked):
        yield text._replace(notes=["timm has none of this kind; this is PyTorch's"])
