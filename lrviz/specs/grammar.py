"""The grammar of specs: text with positions to a schedule.

    schedule = stage { "/" stage }
    stage    = family [ ":" item { "," item } ]
    item     = key "=" value | flag | value     a bare number goes on with the list before it

Stages follow one another. The stage of a wrapper, such as warmup, wraps all stages after it, up to
the stage `end` if there is one; that of a wrapper of several, such as product, takes each of them
for one. An item may also be a modifier, such as `floor=0.1`, which wraps its own stage alone. A
stage with a `(` is a framework's call, which calls.py reads.
"""

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ..errors import (
    LrvizError,
    ParameterError,
    Sentence,
    SpecError,
    did_you_mean,
    listing,
    quoted,
)
from ..families import family
from ..schedules.base import Schedule
from ..schedules.fields import NOT_FINITE, Parameter, Points
from .lengths import Unfinished
from .quantities import Part, Run, percent, quantity, starts_as_number
from .slips import meant_by

if TYPE_CHECKING:
    from ..schedules.modifier import Modifier
    from .pasted import Read

LONGEST = 10_000
"""How many characters a spec may have."""

_DEEPEST = 50
_FLAG_WORDS = {"true": True, "false": False}


class Piece(NamedTuple):
    """A part of a text, without blanks around it, and where it begins there."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def cut(self, start: int, stop: int | None = None) -> "Piece":
        inner = self.text[start:stop]
        blanks = len(inner) - len(inner.lstrip())
        return Piece(inner.strip(), self.start + start + blanks)

    def split(self, mark: str) -> list["Piece"]:
        pieces, start = [], 0
        for part in self.text.split(mark):
            pieces.append(self.cut(start, start + len(part)))
            start += len(part) + len(mark)
        return pieces

    def split_outside(self, mark: str) -> list["Piece"]:
        """Split where `mark` does not stand between parentheses."""
        if "(" not in self.text:
            return self.split(mark)
        pieces, start, depth = [], 0, 0
        for i, c in enumerate(self.text):
            depth += (c in "([{") - (c in ")]}")
            if c == mark and depth <= 0:
                pieces.append(self.cut(start, i))
                start = i + 1
        return [*pieces, self.cut(start)]

    def partition(self, mark: str) -> tuple["Piece", "Piece | None"]:
        """Return what stands before the first `mark`, and what after it, None if there is none."""
        at = self.text.find(mark)
        return (self, None) if at < 0 else (self.cut(0, at), self.cut(at + len(mark)))


class Reader:
    """Reads one schedule; `text` is the whole text that errors point into."""

    def __init__(self, text: str, schedule: Piece, run: Run) -> None:
        self.text = text
        self.run = run
        self.stages = schedule.split_outside("/")
        self.at = 0
        self.call: Read | None = None
        self.left: float | None = None
        self.notes: tuple[str, ...] = ()

    def read(self) -> Schedule:
        """Return the schedule; SpecError if the text is not one.

        If its last stage lacks nothing but its length, it lasts to the end of the run.
        """
        try:
            return self.sequence(depth=0)
        except Unfinished as stage:
            found, note = stage.finished(self.again)
            self.notes = (note,)
            return found

    def again(self, left: float) -> Schedule:
        """Read all again, with so many steps for the last stage."""
        self.at, self.left = 0, left
        return self.sequence(depth=0)

    def fail(self, message: str | Sentence, at: Piece) -> NoReturn:
        raise SpecError(message, self.text, at.start, at.end) from None

    def sequence(self, depth: int) -> Schedule:
        """Read stages that follow one another."""
        starts, found = self.members(depth)
        if len(found) == 1:
            return found[0]
        from ..families.chain import Chain

        try:
            return Chain(stages=tuple(found))
        except ParameterError as error:
            self.fail(error.sentence, starts[error.member or 0])

    def members(self, depth: int) -> tuple[list[Piece], list[Schedule]]:
        """Read stages up to the end of the text, or to the `end` of the wrapper that is open."""
        first = self.at
        starts: list[Piece] = []
        found: list[Schedule] = []
        while self.at < len(self.stages):
            piece = self.stages[self.at]
            if piece.text == "end" and depth:
                self.at += 1
                break
            starts.append(piece)
            found.append(self.stage(piece, depth))
        if not found:
            wrapper = self.stages[first - 1]
            self.fail(
                f"{wrapper.partition(':')[0].text} needs a schedule after it; add one, "
                f"{wrapper.text}/cosine:lr=0.1,steps=1000",
                wrapper,
            )
        return starts, found

    def stage(self, piece: Piece, depth: int) -> Schedule:
        """Read the stage `piece`, and if it is a wrapper also what it wraps."""
        self.at += 1
        if "(" in piece.text:
            from .pasted import read_stage

            schedule, call = read_stage(self.text, piece.text, piece.start, self.run)
            self.call = self.call or call
            return schedule
        name, items = piece.partition(":")
        kind = self.family(name)
        stage = StageReader(self, kind, name)
        for item in items.split(",") if items else ():
            stage.item(item)
        inner = kind.inner()
        if inner is None:
            return stage.build()
        if depth == _DEEPEST:
            self.fail(f"wrappers are nested more than {_DEEPEST} deep; take some away", name)
        if stage.modifiers:
            modifier, _, word = stage.modifiers[0]
            self.fail(
                f"{name.text} wraps what follows it, so {modifier.name} is not one of its items; "
                f"put it on a stage of its own before {name.text}, or on the stage it changes",
                word,
            )
        if inner.many:
            return stage.build({inner.name: tuple(self.members(depth + 1)[1])})
        return stage.build({inner.name: self.sequence(depth + 1)})

    def family(self, name: Piece) -> type[Schedule]:
        """Return the family called `name`."""
        if not name.text:
            where = "an empty stage" if len(self.stages) > 1 else "an empty spec"
            self.fail(f"{where}; write one such as exp:lr=0.01,rate=0.9,steps=100", name)
        kind = family(name.text)
        if kind is None:
            self.unknown(name)
        return kind

    def unknown(self, name: Piece) -> NoReturn:
        """Refuse a name that no family has."""
        if name.text == "end":
            self.fail("'end' closes a wrapper such as warmup, and none is open; take it away", name)
        from .slips import nearest_family

        self.fail(f"unknown family {quoted(name.text)}{nearest_family(name.text)}", name)


class StageReader:
    """Reads the items of one stage and builds its schedule."""

    def __init__(self, reader: Reader, kind: type[Schedule], name: Piece) -> None:
        self.reader, self.kind, self.name = reader, kind, name
        self.fields = {field.key: field for field in kind.parameters()}
        self.values: dict[str, list[Any]] = {}
        self.places: dict[str, list[Piece]] = {}
        self.modifiers: list[tuple[type[Modifier], float | Part, Piece]] = []
        self.list_field: Parameter | None = None

    def item(self, item: Piece) -> None:
        """Read one item."""
        key, word = item.partition("=")
        if word is not None and word.text:
            self.pair(item, key, word)
        elif word is not None:
            self.fail(f"{key.text} has no value; write {key.text}=VALUE, or take it away", item)
        elif not item.text:
            self.fail("an item is missing here; write KEY=VALUE, or take the mark away", item)
        elif starts_as_number(item.text) or self.is_infinite(self.list_field, item):
            self.member(item)
        else:
            self.flag(item)

    def pair(self, item: Piece, key: Piece, word: Piece) -> None:
        """Read KEY=VALUE."""
        if " " in word.text.strip() and "=" in word.text:
            parts = ",".join(item.text.split())
            self.fail(f"commas divide items, and here is a space; write {parts}", item)
        if starts_as_number(key.text):
            self.point(item, key, word)
            return
        field = self.fields.get(key.text)
        if field is None or field.item is Points:
            self.modifier(item, key, word)
            return
        if field.item is Schedule:
            self.fail(
                f"{key.text} of {self.name.text} is what follows the slash; "
                f"write {self.name.text}:.../{word.text}",
                item,
            )
        if field.name in self.values:
            self.fail(f"{key.text} is given twice; keep one", item)
        self.list_field = field if field.many else None
        self.add(field, self.value(field, item, word), word)

    def member(self, item: Piece) -> None:
        """Read a bare number: one more of the list before it."""
        field = self.list_field
        if field is None:
            keys = [key for key, own in self.fields.items() if own.item is not Schedule]
            cure = f"write KEY={item.text} with {listing(keys, 'or')}" if keys else "take it away"
            self.fail(f"{item.text} has no key; {cure}", item)
        self.add(field, self.value(field, item, item), item)

    def point(self, item: Piece, step: Piece, rate: Piece) -> None:
        """Read STEP=RATE."""
        field = next((f for f in self.fields.values() if f.item is Points), None)
        if field is None:
            self.fail(
                f"{quoted(item.text)} gives the rate at a step, which {self.name.text} does not "
                "take; write KEY=VALUE, or use piecewise",
                item,
            )
        pair = (self.number(item, step, "steps"), self.number(item, rate))
        self.add(field, pair, item)

    def flag(self, item: Piece) -> None:
        """Read a word that stands alone."""
        field = self.fields.get(item.text)
        if field is None:
            self.unknown(item)
        if field.item is not bool:
            self.fail(f"{item.text} has no value; write {item.text}=VALUE", item)
        if field.name in self.values:
            self.fail(f"{item.text} is given twice; keep one", item)
        self.add(field, True, item)

    def modifier(self, item: Piece, key: Piece, word: Piece) -> None:
        """Read an item that wraps its stage."""
        from ..schedules.modifier import Modifier

        kind = family(key.text)
        if kind is None or not issubclass(kind, Modifier):
            self.unknown(key)
        if any(kind is other for other, _, _ in self.modifiers):
            self.fail(f"{key.text} is given twice; keep one", item)
        number = self.number(item, word, kind.number().param.unit)
        self.modifiers.append((kind, number, word))

    def is_infinite(self, field: Parameter | None, word: Piece) -> bool:
        """Return whether `word` is nan or inf, and the field takes those."""
        return field is not None and not field.param.finite and word.text in NOT_FINITE

    def add(self, field: Parameter, value: Any, place: Piece) -> None:
        self.values.setdefault(field.name, []).append(value)
        self.places.setdefault(field.name, []).append(place)

    def value(self, field: Parameter, item: Piece, word: Piece) -> Any:
        if field.item is bool:
            if word.text.lower() not in _FLAG_WORDS:
                self.fail(
                    f"{self.name.text}: {item.text} must be true or false; write {field.key}", word
                )
            return _FLAG_WORDS[word.text.lower()]
        if field.choices:
            return word.text
        if self.is_infinite(field, word):
            return float(word.text)
        return self.number(item, word, field.param.unit)

    def number(self, item: Piece, word: Piece, unit: str = "") -> float | Part:
        """Return the number that a word says; of a rate in percent, the part of `lr` that it is."""
        try:
            if word.text.endswith("%") and unit in ("rate", "share"):
                part = percent(word.text)
                return part if unit == "rate" else part.of(1.0)
            return quantity(word.text, self.reader.run, unit == "steps")
        except LrvizError as error:
            self.fail(f"{self.name.text}: {quoted(item.text)} " + error.sentence, word)

    def build(self, wrapped: dict[str, Any] | None = None) -> Schedule:
        """Return the schedule, with the fields that wrap others in `wrapped`."""
        given = wrapped or {}
        for field in self.kind.parameters():
            if field.name in self.values:
                values = self.values[field.name]
                is_list = field.many or field.item is Points
                given[field.name] = tuple(values) if is_list else values[0]
        self.check_missing(given)
        given = {name: self.settled(value, given) for name, value in given.items()}
        try:
            schedule = self.kind(**given)
        except ParameterError as error:
            places = self.places.get(error.parameter, [self.name])
            self.fail(error.sentence, places[error.member or 0])
        if (
            given.get("steps") is self.reader.left is not None
            and schedule.length != self.reader.left
        ):
            self.fail("", self.name)  # its steps are not its length
        for kind, value, place in self.modifiers:
            try:
                schedule = kind.around(schedule, self.settled(value, given))
            except ParameterError as error:
                self.fail(error.sentence, place)
        return schedule

    def settled(self, value: Any, given: dict[str, Any]) -> Any:
        """Return a value; one that is a part of `lr`, as that part of it."""
        if not isinstance(value, Part):
            return value
        rate = given.get("lr")
        if not isinstance(rate, float | int):
            self.fail(
                f"{value.text} is a part of lr, which {self.name.text} does not have; "
                "write the rate itself",
                self.name,
            )
        return value.of(float(rate))

    def check_missing(self, given: dict[str, Any]) -> None:
        """Raise SpecError if a field is missing, unless it may be the length that is left."""
        missing = [f for f in self.kind.parameters() if f.required and f.name not in given]
        if not missing:
            return
        reader = self.reader
        is_last = reader.at == len(reader.stages) and self.kind.inner() is None
        may_be_left = is_last and len(missing) == 1 and missing[0].param.unit == "steps"
        if may_be_left and reader.left is not None:
            given[missing[0].name] = reader.left
            return
        needs = listing(f"{field.key} ({field.param.meaning})" for field in missing)
        whole = f"{self.name.text} lacks {needs}; a whole one is {self.kind.examples[0].spec}"
        lacking = SpecError(whole, reader.text, self.name.start, self.name.end)
        run = reader.run.horizon
        if may_be_left and reader.left is None and run is not None:
            raise Unfinished(self.name.text, missing[0].key, run, lacking)
        raise lacking from None

    def unknown(self, key: Piece) -> NoReturn:
        """Refuse a key that the family does not have, and name the nearest that it has."""
        keys = [k for k, f in self.fields.items() if f.item is not Schedule]
        own = {key: self.fields[key] for key in keys}
        near = meant_by(key.text, self.name.text, own) or did_you_mean(key.text, keys)
        takes = listing(keys) if keys else "nothing"
        self.fail(
            f"{self.name.text} has no parameter {quoted(key.text)}{near or f'; it takes {takes}'}",
            key,
        )

    def fail(self, message: str | Sentence, at: Piece) -> NoReturn:
        self.reader.fail(message, at)
