"""No text makes anything but an answer or one sentence, at any door."""

from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz.doors import DOORS
from tests.fuzz.trying import tried


@pytest.mark.parametrize("name", DOORS)
def test_a_mutated_text_is_read_or_refused_in_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcomes = [*islice(tried(DOORS[name], 0), DOORS[name].rounds)]
    assert [(text, fault) for text, fault in outcomes if fault] == []
    assert None in (fault for _, fault in outcomes), "none of them was read"
