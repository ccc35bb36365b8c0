"""What is mended in a log is told, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.logs import read
from lrviz.logs.points import Points

CASES = [
    ("step,lr\n0,1\n", {0: 1}, []),
    ("step,lr\n0,1\n1,\n", {0: 1}, ["1 row without a rate was passed over"]),
    ("step,lr\n0,1\n1,nan\n2,\n", {0: 1}, ["2 rows without a rate were passed over"]),
    ("step,lr\n0,1\n,2\n", {0: 1}, ["1 row without a step was passed over"]),
    (
        "step,lr\n0,1\n1,2\n2,3\n3,4\n1,5\n2,6\n",
        {0: 1, 1: 5, 2: 6},
        ["the steps go back at row 6 (a resumed run); the later rows count"],
    ),
    (
        "step,lr\n0,1\n10,2\n20,3\n30,3\n15,4\n20,5\n30,6\n16,7\n",
        {0: 1, 10: 2, 15: 4, 16: 7},
        ["the steps go back 2 times, first at row 6 (resumed runs); the later rows count"],
    ),
    ("step,lr\n0,1\n0,2\n1,3\n", {0: 2, 1: 3}, ["2 rows for one step; the last of them counts"]),
    (
        "step,lr\n0,1\n0,2\n1,3\n1,4\n",
        {0: 2, 1: 4},
        ["2 rows each for 2 steps; the last of each step counts"],
    ),
    (
        "step,lr\n0,1\n0,2\n0,3\n1,3\n1,4\n2,5\n",
        {0: 3, 1: 4, 2: 5},
        ["2 to 3 rows each for 2 steps; the last of each step counts"],
    ),
    (
        "lr,loss\n1,2\n3,4\n",
        {0: 1, 1: 3},
        ["no column is called like steps; its rows count as steps, from 0"],
    ),
    (
        "lr,epoch\n1,0\n3,1\n",
        {0: 1, 1: 3},
        ["no column is called like steps but that of the epochs; those count"],
    ),
    ("step,lr\n0,1\n1", {0: 1}, ["the last row is cut off and was passed over"]),
    ("step,lr\n0,1\n1,2e-", {0: 1}, ["the last row is cut off and was passed over"]),
    ('step,lr\n0,1\n"1","2', {0: 1}, ["the last row is cut off and was passed over"]),
    ('step,lr\n"0",1\n"1"', {0: 1}, ["the last row is cut off and was passed over"]),
    ("step,lr\n0,1\n50,1,2\n2,2\n", {0: 1, 2: 2}, ["row 3 has not 2 values and was passed over"]),
    (
        "step,lr\n0,1\n50,1,2\n5\n2,2\n",
        {0: 1, 2: 2},
        ["2 rows, first row 3, have not 2 values and were passed over"],
    ),
    (
        "step,lr\n0,1\nstep,lr\n1,2\n",
        {0: 1, 1: 2},
        ["the header stands in it again; it was passed over"],
    ),
    (
        '{"step":0,"lr":1}\nINFO\n{"step":1,"lr":2}\n',
        {0: 1, 1: 2},
        ["row 2 is no JSON object and was passed over"],
    ),
    (
        '{"step":0,"lr":1}\nINFO\n7\n{"step":1',
        {0: 1},
        [
            "the last row is cut off and was passed over",
            "2 rows, first row 2, are no JSON objects and were passed over",
        ],
    ),
    (
        '{"x": 1, "log_history": [{"step":0,"lr":1}, {"step":1,"l',
        {0: 1},
        ["it is broken or cut off after entry 1; what is before counts"],
    ),
]


@pytest.mark.parametrize(("text", "expected", "notes"), CASES)
def test_what_is_mended_is_told(
    text: str, expected: dict[int, float], notes: list[str], tmp_path: Path
) -> None:
    (tmp_path / "run.log").write_text(text)
    log = read(str(tmp_path / "run.log"))
    assert dict(zip(log.curve.steps.tolist(), log.curve.values.tolist(), strict=True)) == expected
    assert log.notes == tuple(f"run.log: {note}" for note in notes)


def test_of_many_rows_every_second_is_dropped_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrviz.logs.points.MOST_POINTS", 100)
    monkeypatch.setattr("lrviz.logs.records._PIECE", 50)
    rows = "".join(f"{step},{step}\n" for step in range(790))
    (tmp_path / "run.csv").write_text(f"step,lr\n{rows}")
    log = read(str(tmp_path / "run.csv"))
    assert log.notes == ()
    assert log.curve.steps.tolist() == [*range(0, 790, 8), 789]
    assert log.curve.values.tolist() == log.curve.steps.tolist()
    assert log.curve.whole is not None
    steps, values = (np.concatenate(each) for each in zip(*log.curve.whole.blocks(), strict=True))
    assert steps.tolist() == values.tolist() == [*range(790)]
    assert log.curve.whole.at(np.array([789, 3])).tolist() == [789, 3]
    assert np.isnan(log.curve.whole.at(np.array([790]))).all()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lrviz.logs.whole.TemporaryFile", full)
    log = read(str(tmp_path / "run.csv"))
    assert log.notes == ("run.csv: kept every 8th of 790 rows",)
    assert log.curve.whole is None


def last_of_each(steps: list[int]) -> dict[int, int]:
    """Return the places of the rows that count, by step: a run that goes back begins there anew."""
    held: dict[int, int] = {}
    for place, step in enumerate(steps):
        held = {s: p for s, p in held.items() if s < step}
        held[step] = place
    return held


@given(st.lists(st.lists(st.integers(0, 20), max_size=8), max_size=8))
def test_the_rows_that_count_do_not_depend_on_the_blocks(blocks: list[list[int]]) -> None:
    points = Points()
    place = 0
    for block in blocks:
        rows = range(place, place + len(block))
        points.add(rows, np.array(block, np.int64), np.array(rows, np.float64))
        place += len(block)
    steps, rates = points.arrays()
    expected = last_of_each([step for block in blocks for step in block])
    assert dict(zip(steps.tolist(), rates.tolist(), strict=True)) == expected


@given(st.lists(st.lists(st.integers(1, 3), max_size=30), max_size=30))
def test_thinned_points_are_evenly_apart_and_have_both_ends(gaps: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lrviz.logs.points.MOST_POINTS", 40)
        points = Points()
        all_steps: list[int] = []
        for block in gaps:
            steps = np.cumsum([all_steps[-1] if all_steps else 0, *block])[1:]
            points.add(range(len(block)), steps, steps.astype(float))
            all_steps += steps.tolist()
        kept = points.arrays()[0].tolist()
    if points.whole is not None:
        assert [step for steps, _ in points.whole.blocks() for step in steps.tolist()] == all_steps
    assert kept == sorted({*all_steps[:: points.stride], *all_steps[-1:]})
    assert len(kept) <= 41
