"""Starts that are out of the way: Python's options, other locales, settings of other programs."""

from pathlib import Path

import pytest

from tests.conftest import Run

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""What makes Python take all names for ASCII."""


@pytest.mark.parametrize("words", ["", "list", "explain cosine", "plot --help", "table -h"])
def test_without_docstrings_nothing_is_explained(words: str, installed: Run) -> None:
    said = (
        "lrviz: error: what lrviz explains is missing, as Python leaves such texts out with -OO; "
        "run it without, or with PYTHONOPTIMIZE=1\n"
    )
    assert installed(*words.split(), env={"PYTHONOPTIMIZE": "2"}) == (2, "", said)


def test_without_docstrings_all_else_works(installed: Run) -> None:
    table = installed("table", "const:lr=1", "-n", "1", env={"PYTHONOPTIMIZE": "2"})
    assert table == (0, "step\tconst:lr=1\n0\t1.0\n", "")


@pytest.mark.parametrize("place", ["folder", "settings"])
def test_settings_of_matplotlib_that_are_no_text(
    place: str, installed: Run, tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_bytes(b"# \xff\xfe\nfont.family: x\xff\n")
    cwd, env = (tmp_path, {}) if place == "folder" else (None, {"MPLCONFIGDIR": str(tmp_path)})
    said = (
        "lrviz: error: the file matplotlibrc, in this folder or among the user's settings, is not "
        "in UTF-8; save it in that, or remove it\n"
    )
    to = str(tmp_path / "x.png")
    assert installed("plot", "const:lr=1", "-o", to, cwd=cwd, env=env) == (2, "", said)
    assert not Path(to).exists()


def test_labels_and_names_are_read_as_utf8_where_all_is_ascii(
    installed: Run, tmp_path: Path
) -> None:
    table = installed("table", "学=const:lr=1", "-n", "1", "--format", "csv", env=ASCII)
    assert table == (0, "step,学\n0,1.0\n", "")
    (tmp_path / "figures.toml").write_text(
        '[figure.a]\noutput = "学.png"\ncurves = ["const:lr=1"]\n', encoding="utf-8"
    )
    built = installed("build", "figures.toml", cwd=tmp_path, env=ASCII)
    assert built.status == 0, built.err
    assert built.err.startswith("lrviz: wrote \\u5b66.png\n")
    assert (tmp_path / "学.png").exists()


def test_a_name_that_the_locale_has_no_letters_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        "学.png".encode("latin-1")

    monkeypatch.setattr("lrviz.cli.commands.table.inputs_of", refuse)
    said = (
        "lrviz: error: '学.png' cannot be written in the latin-1 of this locale; name it "
        "otherwise, or set LC_ALL=C.UTF-8\n"
    )
    assert run("table", "const:lr=1") == (2, "", said)
