"""What curves show over the steps: what it is called, which values it may have, its columns."""

import math
from typing import NamedTuple

import numpy as np

from .numeric import Array, Bools


class Quantity(NamedTuple):
    """What has a value at a step.

    Its `name` is that of an axis, its `word` that of one value inside a sentence, its `symbol` that
    of a formula. A value is finite, and at least `at_least`. Columns of logs that hold it fit one
    of the regular expressions `columns`, the surest of them first, and not `others`; both are for
    names in small letters with `_` for spaces.
    """

    name: str
    word: str
    symbol: str
    at_least: float = -math.inf
    columns: tuple[str, ...] = ()
    others: str = r"(?!)"

    @property
    def rule(self) -> str:
        """Which values it may have, in words."""
        return "finite" if math.isinf(self.at_least) else f"finite and at least {self.at_least:g}"

    def allows(self, values: Array) -> Bools:
        """Return which values it may have, shape (n,)."""
        allowed: Bools = np.isfinite(values) & (values >= self.at_least)
        return allowed


LEARNING_RATE = Quantity(
    "learning rate",
    "rate",
    "lr",
    at_least=0,
    columns=(
        r"(.*/)?(lr|learning_?rate)s?(\d+|[-_/].*)?",
        r".*(learning_?rate|(?<![a-z])lr(?![a-z])).*",
        r"学习率|学習率|학습률|lernrate|taux_d.apprentissage|tasa_de_aprendizaje|скорость_обучения",
        r"rates?|((metric|scalar)_?)?value",
    ),
    # What describes the rate, or is logged beside it, and is none.
    others=r".*(momentum|weight_decay|betas?|scheduler?|warmup\w*|factor|ratio|mult|scale"
    r"|(lr|rate)_decay(_\w+)?|timestamp|time|step)",
)
MOMENTUM = Quantity(
    "momentum", "momentum", "m", at_least=0, columns=(r"(.*[-_/])?momentum(\d+|[-_/].*)?",)
)
WEIGHT_DECAY = Quantity(
    "weight decay",
    "weight decay",
    "wd",
    at_least=0,
    columns=(r"(.*[-_/])?(weight_?decay|wd)(\d+|[-_/].*)?",),
)
LOSS = Quantity(
    "loss",
    "loss",
    "L",
    columns=(r"(.*/)?(train(ing)?[-_/])?loss", r"(.*/)?(train(ing)?[-_/])?loss[-_/].*", r".*loss"),
    # A loss over other examples than those of the step.
    others=r"(.*[-_/])?(eval|val|valid|validation|dev|test)([-_/].*|_?loss)",
)
DIFFERENCE = Quantity("difference", "difference", "Δ")
