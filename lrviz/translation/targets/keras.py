"""Keras: keras.optimizers.schedules."""

from collections.abc import Iterator

from ...schedules.code import piece
from ..asking import Asked, Text, called
from ..functions import array_functions, modules

TITLE = "Keras"

_MODULE = "keras.optimizers.schedules"
CALLS = (
    *("ExponentialDecay", "PiecewiseConstantDecay", "CosineDecay", "PolynomialDecay"),
    *("CosineDecayRestarts", "InverseTimeDecay"),
)


def texts(asked: Asked) -> Iterator[Text]:
    """Yield a schedule, and a class of one's own."""
    if asked.level:
        rates = [float(asked.peak)] * 2
        yield _text(f"PiecewiseConstantDecay(boundaries=[0], values={rates})")
    for one in asked.found("keras", CALLS):
        yield _text(called(one))
    cast = 'step = ops.cast(step, "float32")'
    for defined in array_functions("__call__", piece(asked.code), "ops", cast):
        yield _by_class(defined)


def _text(made: str) -> Text:
    """Return the text of an expression that makes a schedule."""
    name = made.partition("(")[0]
    return Text(f"schedule = {made}", [f"from {_MODULE} import {name}"])


def _by_class(defined: str) -> Text:
    """Return a schedule of one's own, of which `__call__` is defined."""
    method = defined.replace("(step)", "(self, step)", 1).splitlines()
    body = "\n".join(f"    {line}" for line in method)
    whole = f"class Rate(keras.optimizers.schedules.LearningRateSchedule):\n{body}"
    imports = [*modules(whole), "import keras", "from keras import ops"]
    return Text("schedule = Rate()", imports, whole)
