"""Config files: what is wrong in them is said whole, and what is right comes back as it was."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz.builds.pictures import config_in, figures_of
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


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"#" * 10_000_001,
            "'figures.toml' is larger than 10 MB; name a config file in TOML",
        ),
        (
            b'title = "x"\n\xff = 1\n',
            "figures.toml, line 2: this is not UTF-8; save the file as that",
        ),
        (
            b"a = " + b"[" * 5000 + b"]" * 5000,
            "figures.toml is nested too deep; make it flatter",
        ),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_is_no_text_to_be_read(data: bytes, said: str) -> None:
    Path("figures.toml").write_bytes(data)
    with pytest.raises(LrvizError) as error:
        draw()
    assert error.value.message == said


@pytest.mark.usefixtures("here")
def test_a_picture_that_says_nothing() -> None:
    Path("x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(LrvizError) as error:
        config_in("x.png")
    assert error.value.message == (
        "'x.png' does not say what it shows; name a picture that lrviz drew"
    )


@pytest.mark.usefixtures("here")
def test_a_recorded_run_that_is_not_where_the_figure_looks() -> None:
    Path("run.csv").write_text("step,lr\n500,0.1\n600,0.2\n")
    Path("figures.toml").write_text(
        '[figure.a]\nsteps = 1000\nzoom = "0:99"\ncurves = ["@run.csv"]\n'
    )
    with pytest.raises(LrvizError) as error:
        draw()
    assert error.value.message == (
        "figures.toml, line 1: 'run.csv' has no rates from step 0 to 99; its steps are 500 to 600"
    )
