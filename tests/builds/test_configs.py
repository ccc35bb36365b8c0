"""Config files: what is wrong in them is said whole, and what is right comes back as it was."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz.builds.pictures import figures_of
from lrviz.errors import LrvizError

BAD = Path(__file__).parent / "bad_configs.txt"


def bad_configs() -> list[tuple[str, str]]:
    """Return texts of config files, and what is said of each."""
    blocks = BAD.read_text(encoding="utf-8").split("====\n")
    pairs = (block.partition("----\n") for block in blocks)
    return [(config, said) for config, _, said in pairs]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draw() -> None:
    figures, _ = figures_of(["figures.toml"], None)
    for picture in figures[0].pictures:
        picture.draw()


def test_every_fault_is_said_as_written_down(
    here: Path, snapshot: Callable[[Path, str], None]
) -> None:
    """`bad_configs.txt` has the faults and what is said; `pytest --update` writes it anew."""
    blocks = []
    for config, _ in bad_configs():
        Path("figures.toml").write_text(config, encoding="utf-8")
        with pytest.raises(LrvizError) as error:
            draw()
        blocks.append(f"{config}----\n{error.value}\n")
        assert [file.name for file in here.iterdir()] == ["figures.toml"]
    snapshot(BAD, "====\n".join(blocks))


@pytest.mark.parametrize("said", [said for _, said in bad_configs()])
def test_a_fault_is_one_sentence_that_names_the_file_and_the_line(said: str) -> None:
    first, *place = said.splitlines()
    assert re.match(r"figures\.toml(, line \d+(, column \d+)?:)? \S", first)
    assert not first.endswith(".")
    assert len(place) in (0, 2)
