"""The event files of TensorBoard, which the package tensorboard decodes."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import log_format
from ..records import Records, Source, of_objects

_HEADER = struct.Struct("<QI")
"""Before each event: its length, and a checksum of that."""

_AFTER = 4
"""How many bytes of checksum follow an event."""

_LONGEST = 1 << 27
"""An event said to have more bytes than this is none."""

_FLOATS = {1, 2, 14, 19}
"""The types of tensors that hold rates: float, double, bfloat16, half."""


def _begins_well(head: bytes) -> bool:
    return b"brain.Event:" in head[:64]


@log_format(fits=_begins_well)
def records(source: Source) -> Records:
    """Return the records of event files; what is written in a row for one step is a row."""
    try:
        from tensorboard.compat.proto.event_pb2 import Event
    except ImportError:
        raise source.refused(
            "TensorBoard's event files are read with the package tensorboard; "
            "run: pip install tensorboard"
        ) from None
    return of_objects(_rows(_events(source, Event)), source.wanted)


def _rows(events: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the scalars of events by their tags, with the step, and the number of the event."""
    number = 0
    row: dict[str, object] = {}
    for count, event in events:
        for value in event.summary.value:
            scalar = _scalar(value)
            if scalar is None or value.tag == "step":
                continue
            if row.get("step") != event.step or value.tag in row:
                if row:
                    yield number, row
                number, row = count, {"step": event.step}
            row[value.tag] = scalar
    if row:
        yield number, row


def _scalar(value: Any) -> float | None:
    """Return the number in a value of a summary, None if something else is in it."""
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return float(value.simple_value)
    if kind != "tensor" or value.tensor.dtype not in _FLOATS:
        return None
    if math.prod(dim.size for dim in value.tensor.tensor_shape.dim) != 1:
        return None
    from tensorboard.util.tensor_util import make_ndarray

    try:
        return float(make_ndarray(value.tensor).item())
    except ValueError:  # its shape promises what it does not hold
        return None


def _events(source: Source, event: Any) -> Iterator[tuple[int, Any]]:
    """Yield the events of all files, and their numbers, from 1; tell it if a file is cut off.

    The checksums are not compared: in Python that takes 100 times as long as reading.
    """
    from google.protobuf.message import DecodeError

    count = 0
    for file in source.files:
        before = count
        while header := file.read(_HEADER.size):
            length = _HEADER.unpack(header)[0] if len(header) == _HEADER.size else _LONGEST + 1
            data = file.read(length + _AFTER) if length <= _LONGEST else b""
            try:
                found = event.FromString(data[:length]) if len(data) == length + _AFTER else None
            except DecodeError:
                found = None
            if found is None:
                source.tell(
                    f"{Path(str(file.name)).name} is broken or cut off after event "
                    f"{count - before}; what is before counts"
                )
                break
            count += 1
            yield count, found
