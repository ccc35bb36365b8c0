"""spaCy: the .cfg whose `@schedules` names a schedule of thinc."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...errors import did_you_mean, listing, quoted, shown
from .. import stack
from ..calls import formula
from ..settings import Settings, as_number

_ADAM = 0.001
"""The rate of Adam and RAdam, where none is given."""

_RATES = ("learn_rate", "learning_rate")


@stack(
    "spaCy (thinc 9)",
    keys=("**.@schedules", "**.@optimizers"),
    programs=("spacy", "spacy *"),
)
def spacy(settings: Settings) -> str:
    """Return the spec of the schedule of the learning rate."""
    if "training" in settings or settings.program:
        most = settings.whole("training.max_steps", default=20_000, option="horizon")
        settings.steps = most or None
        settings.sums.append(f"max_steps {most}" if most else "max_steps 0, which sets no end")
    path, value = _found(settings)
    settings.take(*settings.tree)
    value = settings.resolved(value, path)
    if "lr" in settings.known:
        if not isinstance(value, Mapping):
            return f"const:lr={settings.number(option='lr')!r}"
        settings.notes.append("the rate of the options is not used, as the schedule says all rates")
    return _spec(settings, path, value)


def _found(settings: Settings) -> tuple[str, Any]:
    """Return where the learning rate stands, and what is said of it."""
    tree = settings.tree
    if "@schedules" in tree:
        return "the schedule", tree
    rates = [*_places(tree, "", lambda key, _: key in _RATES)]
    chosen = [one for one in rates if one[0].startswith("training.")] or rates
    if len(chosen) > 1:
        places = listing([path for path, _ in chosen], "or")
        settings.fail(f"it has {len(chosen)} learning rates, {places}; keep one")
    if chosen:
        return chosen[0]
    names = [str(one) for _, one in _places(tree, "", lambda key, _: key == "@optimizers")]
    if names and all("Adam" in name for name in names):
        settings.notes.append(f"no learn_rate is given, and {_ADAM:g} with {names[0]}")
        return "learn_rate", _ADAM
    return settings.lack("training.optimizer.learn_rate")


def _places(
    tree: Mapping[str, Any], outer: str, fits: Callable[[str, Any], bool]
) -> Iterator[tuple[str, Any]]:
    """Yield what stands in a tree and fits, and where it is."""
    for key, value in tree.items():
        path = f"{outer}.{key}" if outer else key
        if fits(key, value):
            yield path, value
        elif isinstance(value, Mapping):
            yield from _places(value, path, fits)


def _spec(settings: Settings, path: str, value: Any) -> str:
    """Return the spec of a schedule, or of a rate that stays."""
    if value is None:
        settings.lack(path)
    number = as_number(value)
    if isinstance(number, int | float) and not isinstance(number, bool):
        return f"const:lr={float(number)!r}"
    if not isinstance(value, Mapping) or "@schedules" not in value:
        settings.refuse(path, f"is a number or a schedule, not {shown(value)}")
    name = str(value["@schedules"])
    known = name.removesuffix(".v1")
    if known == "plateau":
        settings.refuse(path, "is plateau.v1, which follows the scores of the run")
    if known not in _SPECS:
        near = did_you_mean(known, _SPECS)
        settings.refuse(path, f"is {listing(_SPECS, 'or')}, not {quoted(name)}{near}")
    return _SPECS[known](_Arguments(settings, path, value))


class _Arguments:
    """The arguments of a schedule, which are taken one by one."""

    def __init__(self, settings: Settings, path: str, given: Mapping[str, Any]) -> None:
        self.settings, self.path, self.given = settings, path, given

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number; LrvizError if it is none, or not given and without a default."""
        value = as_number(self.given.get(name, default))
        if value is None:
            self.settings.lack(f"{self.path}.{name}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.settings.refuse(f"{self.path}.{name}", f"is a number, not {shown(value)}")
        return value

    def whole(self, name: str) -> int:
        """Return a whole number of steps."""
        value = self.number(name)
        if value != int(value) or value < 0:
            rule = f"is a whole number of steps, not {value:g}"
            self.settings.refuse(f"{self.path}.{name}", rule)
        return int(value)

    def schedule(self) -> str:
        """Return the spec of the schedule inside of it."""
        return _spec(self.settings, f"{self.path}.schedule", self.given.get("schedule"))


def _constant(given: _Arguments) -> str:
    """Return the spec of a rate that stays."""
    return f"const:lr={float(given.number('rate'))!r}"


def _constant_then(given: _Arguments) -> str:
    """Return the spec; what follows has run all the time."""
    steps = given.whole("steps")
    first = f"const:lr={float(given.number('rate'))!r}"
    return f"resume:at={steps}/{first}/{given.schedule()}" if steps else given.schedule()


def _decaying(given: _Arguments) -> str:
    """Return the spec, with what has passed before step 0 in its two numbers."""
    rate = given.number("decay")
    passed = 1 + rate * given.number("t", 0.0)
    return f"inverse_time:lr={given.number('base_rate') / passed!r},rate={rate / passed!r},steps=1"


def _compounding(given: _Arguments) -> str:
    """Return the spec of a factor a step, up or down to where it stops."""
    start, stop = given.number("start"), given.number("stop")
    compound = given.number("compound")
    first = start * compound ** given.number("t", 0.0)
    text = f"exp:lr={first!r},rate={compound!r},steps=1"
    if start > stop:
        return f"{text},floor={stop!r}"
    if compound > 1 and 0 < first < stop:  # so that it does not grow beyond all bounds
        text += f",hold={math.ceil(math.log(stop / first) / math.log(compound)) + 1}"
    return f"{text},ceiling={stop!r}"


def _slanted_triangular(given: _Arguments) -> str:
    """Return a formula: it goes on in a line past its end."""
    part, ratio = given.number("cut_frac", 0.1), given.number("ratio", 32)
    cut = int(given.whole("num_steps") * part)
    if cut < 1:
        given.settings.refuse(f"{given.path}.cut_frac", "makes a rise of less than 1 step")
    step = f"(t + {given.number('t', 0.0) + 1!r})"
    fall = f"1 - ({step} - {cut}) / {cut * (1 / part - 1)!r}"
    passed = f"({step} / {cut} if {step} < {cut} else {fall})"
    return formula(f"(1 + {passed} * {ratio - 1!r}) / {ratio!r}", given.number("max_rate"))


def _warmup_linear(given: _Arguments) -> str:
    """Return the spec of a warmup and a line to 0."""
    lr, warm, total = (
        given.number("initial_rate"),
        given.whole("warmup_steps"),
        given.whole("total_steps"),
    )
    if warm >= total:
        return f"warmup:steps={max(warm, 1)},end={lr!r}/const:lr=0"
    fall = f"linear:lr={lr!r},steps={total - warm}"
    return f"warmup:steps={warm}/{fall}" if warm else fall


def _cyclic_triangular(given: _Arguments) -> str:
    """Return the spec; it is one step ahead."""
    low, high = given.number("min_lr"), given.number("max_lr")
    return f"cyclic:lr={low!r},peak={high!r},up={given.whole('period')},shift=-1"


_SPECS: dict[str, Callable[[_Arguments], str]] = {
    "constant": _constant,
    "constant_then": _constant_then,
    "decaying": _decaying,
    "compounding": _compounding,
    "slanted_triangular": _slanted_triangular,
    "warmup_linear": _warmup_linear,
    "cyclic_triangular": _cyclic_triangular,
}
