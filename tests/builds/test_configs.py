"""Config files: what is wrong in them is said whole, and what is right comes back as it was."""

import os
import re
import zlib
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


def said_of_a_picture(path: str) -> str:
    """Return why a file is no picture that says what it shows."""
    with pytest.raises(LrvizError) as error:
        config_in(path)
    return error.value.message


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "about",
    [
        None,
        "figure = 1",
        '[figure]\n"" = [1, 2]',
        '[figure]\n"" = "x"',
        '[figure.""]\nx = ' + "9" * 5000,
        '[figure.""]\nx = ' + "[" * 20_000 + "]" * 20_000,
        "x" * 100_000,
    ],
)
@pytest.mark.parametrize("form", ["png", "pdf"])
def test_a_picture_that_says_nothing(form: str, about: str | None) -> None:
    stamp = "" if about is None else f'{about}\npicture = "{"0" * 64}"'
    if form == "png":
        chunk = b"tEXt" + b"lrviz\0" + stamp.encode()
        length, check = len(chunk) - 4, zlib.crc32(chunk)
        data = b"\x89PNG\r\n\x1a\n" + length.to_bytes(4) + chunk + check.to_bytes(4)
    else:
        data = b"%PDF-1.4\n/Keywords (" + stamp.replace("\n", "\\n").encode() + b")"
    Path("x").write_bytes(data)
    assert said_of_a_picture("x") == (
        "'x' does not say what it shows; name a picture that lrviz drew"
    )


@pytest.mark.usefixtures("here")
def test_what_is_no_file_of_a_picture() -> None:
    os.mkfifo("pipe.png")
    Path("device.png").symlink_to(os.devnull)
    for name in ("pipe.png", "device.png", "."):
        assert said_of_a_picture(name) == (
            f"'{name}' cannot be read (it is a folder, a device or a pipe); name a picture that "
            "lrviz drew"
        )
    with Path("large.png").open("wb") as file:
        file.truncate(30_000_001)
    assert said_of_a_picture("large.png") == (
        "'large.png' cannot be read (it is larger than 30 MB); name a picture that lrviz drew"
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
