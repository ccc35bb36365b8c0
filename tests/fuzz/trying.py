"""What becomes of the texts that are given to a door."""

import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

from lrviz import LrvizError
from tests.fuzz.doors import Door
from tests.fuzz.mutations import Mutations

MOST_SECONDS = 5.0
"""How much time of the processor a text may take; far more than any needs, on a busy machine."""


def tried(door: Door, seed: int) -> Iterator[tuple[str, str | None]]:
    """Yield texts without end, and what is wrong with what the door does, "" for a refusal.

    None for those that it reads.
    """
    made = Mutations(door.seeds(), seed)
    while True:
        text = made.text()
        yield text, outcome(door, text)


def outcome(door: Door, text: str) -> str | None:
    """Return what is wrong with what a door does with a text: "" for a refusal, None if it reads.

    It may refuse it in one sentence, and in time; nothing else may be raised or warned of.
    """
    begin = time.process_time()
    refused = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            door.enter(text)
    except LrvizError as error:
        refused = error.message
        if (
            "\n" in refused
            or not refused.isprintable()
            or refused.removesuffix("...").endswith(".")
        ):
            return f"an error that is no sentence: {refused!r}"
    except Exception as error:  # noqa: BLE001, which is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    if time.process_time() - begin > MOST_SECONDS:
        return f"more than {MOST_SECONDS:g} seconds"
    return "" if refused else None
