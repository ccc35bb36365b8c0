"""Tables in long form, with a row for each value of a quantity or of a run, made wide."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from ..errors import quoted
from .columns import is_step, places
from .records import Records, Source, of_objects

_KEYS = {"key", "metric", "metric_name", "metricname", "metric_key", "metrickey", "tag"}
_KEYS |= {"variable", "name", "field", "scalar_name"}
_VALUES = {"value", "values", "metric_value", "metricvalue", "scalar", "scalar_value"}
_RUNS = {"run", "run_id", "run_name", "run_uuid", "runid", "experiment", "experiment_name", "trial"}
_RUNS |= {"trial_id", "trial_name", "job_id", "run_hash", "experimentkey", "experiment_key"}

_LOOKED_AT = 1000
"""How many rows are looked at to tell a table of runs."""


def widened(source: Source, records: Records) -> Records:
    """Return records with a column for each quantity, of each run where a column says whose it is.

    LrvizError for a table that has a row for each run.
    """
    names = [re.sub(r"[ .]+", "_", name.strip().lower()) for name in records.names]
    key, value, run = (_first(names, known) for known in (_KEYS, _VALUES, _RUNS))
    if run is None and "state" in names:
        run = _first(names, {"name", "number", "id"})
    counters = [i for i, name in enumerate(names) if is_step(name)]
    if key is not None and value is not None and value != key and counters:
        kept = [value]
    else:
        key, kept = None, _wanted(records.names, source)
    if source.wanted.step is not None:
        counters += [i for i, name in enumerate(names) if name == source.wanted.step.lower()]
    named = [column for column in source.wanted.columns.values() if column in records.names]
    if named or not kept or (key is None and run is None):
        return records
    columns = [i for i in (run, key) if i is not None]
    rows = _rows(records, columns, [*dict.fromkeys([*counters, *kept])])
    head = list(islice(rows, _LOOKED_AT))
    if key is None and run is not None:
        runs = [who[0] for _, who, _ in head]
        if len({*runs}) == len(runs) and (len(runs) > 1 or not counters):
            raise source.refused(
                f"it is a table of runs, one to each row, by column {quoted(records.names[run])}, "
                "and says no rates by step; name the log of one run"
            )
        if not counters and len({*runs}) > 1:
            raise source.refused(
                f"it holds several runs in column {quoted(records.names[run])}, and no column is "
                "called like steps; split it into a file for each run"
            )
    wide = (
        (row, _wide(records.names, who, cells, counters, value if key is not None else None))
        for row, who, cells in chain(head, rows)
    )
    return of_objects(wide, source.wanted)


def _first(names: Sequence[str], known: set[str]) -> int | None:
    return next((i for i, name in enumerate(names) if name in known), None)


def _wanted(names: Sequence[str], source: Source) -> list[int]:
    """Return the places of all columns that may hold what is wanted."""
    found = (places(names, *each) for each in source.wanted.columns.items())
    return [*dict.fromkeys(chain.from_iterable(found))]


Row = tuple[int, list[str], dict[int, object]]


def _rows(records: Records, who: Sequence[int], what: Sequence[int]) -> Iterator[Row]:
    """Yield the number of each row, whose it is, and its other cells by their places."""
    for block in records.take([*who, *what]):
        for row, *cells in zip(block.rows, *block.columns, strict=True):
            names = [str(cell).strip() for cell in cells[: len(who)]]
            yield row, names, dict(zip(what, cells[len(who) :], strict=True))


def _wide(
    names: Sequence[str],
    who: Sequence[str],
    cells: dict[int, object],
    counters: Sequence[int],
    value: int | None,
) -> dict[str, object]:
    """Return a row as an object: the counters, and what is left by the run and the quantity."""
    wide = {names[i]: cells[i] for i in counters}
    whose = " - ".join(who)
    for place, cell in cells.items():
        if place not in counters:
            wide[whose if place == value else f"{whose} - {names[place]}"] = cell
    return wide
