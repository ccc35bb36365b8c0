"""Transformers: the functions of transformers.optimization."""

from collections.abc import Iterator

from ..asking import Asked, Text, called
from . import torch

TITLE = "Transformers"

CALLS = (
    *("get_constant_schedule", "get_constant_schedule_with_warmup"),
    *("get_linear_schedule_with_warmup", "get_cosine_schedule_with_warmup"),
    *("get_cosine_with_min_lr_schedule_with_warmup",),
    *("get_cosine_with_hard_restarts_schedule_with_warmup",),
    *("get_polynomial_decay_schedule_with_warmup", "get_inverse_sqrt_schedule"),
    *("get_cosine_with_min_lr_schedule_with_warmup_lr_rate", "get_wsd_schedule"),
)


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a function of Transformers, and then what PyTorch has."""
    for one in asked.found("transformers", CALLS):
        imports = [f"from transformers import {one.call.name}"]
        yield Text(f"scheduler = {called(one)}", imports, lr=one.lr)
    for text in torch.texts(asked):
        yield text._replace(notes=["Transformers has none of this kind; this is PyTorch's"])
