"""Try one door for long, or all of them in turn: `python -m tests.fuzz DOOR SECONDS [SEED]`."""

import os
import sys
import tempfile
import time

from tests.fuzz.doors import DOORS
from tests.fuzz.trying import tried


def main(name: str, seconds: float, seed: int) -> None:
    """Print the faults of a door, or of `all`, and how many texts were tried."""
    os.chdir(tempfile.mkdtemp(prefix="lrviz-fuzz-"))
    for each in DOORS if name == "all" else [name]:
        tries = accepted = 0
        faults: dict[str, str] = {}
        end = time.monotonic() + seconds
        for text, fault in tried(DOORS[each], seed):
            tries += 1
            accepted += fault is None
            if fault and fault not in faults:
                faults[fault] = text
                print(f"{each}: {fault}\n  {text!r}", flush=True)
            if time.monotonic() > end:
                break
        print(f"{each}: {tries:,} tried, {accepted:,} read, {len(faults)} faults", flush=True)


main(sys.argv[1], float(sys.argv[2]), int((sys.argv[3:] or ["0"])[0]))
