"""Every error, whole: what is said, and that nothing else happens.

`errors.txt` has the commands and what each prints; `pytest --update` writes it anew.
"""

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import lrviz
from lrviz import Curve, LrvizError, parse
from lrviz.comparison import compare
from lrviz.families.chain import Chain
from lrviz.families.const import Constant
from lrviz.families.exp import ExponentialDecay
from lrviz.families.interpolate import Interpolation
from lrviz.families.multistep import MultiStepDecay
from lrviz.families.piecewise import PiecewiseConstant
from lrviz.families.plateau import ReduceOnPlateau
from lrviz.families.warmup import Warmup
from lrviz.series import key_steps_of
from tests.conftest import Run
from tests.series import series

ERRORS = Path(__file__).parent / "errors.txt"
PACKAGE = Path(lrviz.__file__).parent
HERE = Path(__file__)
OTHERS = [
    HERE.parent / name
    for name in (
        *(
            "test_errors.py",
            "logs/test_bad_logs.py",
            "logs/test_shapes.py",
            "logs/test_text.py",
            "builds/bad_configs.txt",
        ),
        *("cli/test_build.py", "cli/test_fit.py", "cli/test_plot.py", "cli/test_predict.py"),
        "builds/test_configs.py",
        *(
            "answers/test_plot.py",
            "answers/test_python.py",
            "programs/test_reading.py",
            "programs/test_files.py",
        ),
        *("specs/test_names.py", "configs/test_bad_configs.py"),
        *("outputs/test_files.py", "cli/test_starts.py", "translation/test_translation.py"),
    )
] + sorted((HERE.parent / "configs" / "bad").glob("*.txt"))
"""Where errors are pinned too."""


def entries() -> dict[str, str]:
    """Return the commands of the file and what they print."""
    blocks = ERRORS.read_text(encoding="utf-8").strip("\n").split("\n\n")
    return {words[2:]: message for words, _, message in (b.partition("\n") for b in blocks)}


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_error_is_said_as_written_down(
    run: Run, snapshot: Callable[[Path, str], None], nowhere: Path
) -> None:
    said = []
    for command in entries():
        result = run(*shlex.split(command))
        assert (command, result.status, result.out) == (command, 2, "")
        said.append(f"$ {command}\n{result.err}")
        assert not os.listdir(nowhere)  # noqa: PTH208
    snapshot(ERRORS, "\n".join(said))


@pytest.mark.parametrize("message", entries().values(), ids=entries().keys())
def test_an_error_is_one_sentence_and_perhaps_its_place(message: str) -> None:
    first, *place = message.splitlines()
    assert first.startswith("lrviz: error: ")
    assert not first.endswith(".")
    assert "Traceback" not in message
    assert len(place) in (0, 2)
    if place:
        assert re.fullmatch(r"  .*", place[0])
        assert re.fullmatch(r" +\^+", place[1])


def test_a_spec_that_is_too_long() -> None:
    with pytest.raises(LrvizError) as error:
        parse("const:lr=" + "1" * 9992)
    assert error.value.message == (
        "a spec has at most 10000 characters, and this has 10001; shorten it"
    )


def test_wrappers_that_are_nested_too_deep() -> None:
    with pytest.raises(LrvizError) as error:
        parse("warmup:steps=1/" * 51 + "const:lr=1")
    assert error.value.message == "wrappers are nested more than 50 deep; take some away"


def test_braces_that_are_nested_too_deep() -> None:
    with pytest.raises(LrvizError) as error:
        parse("{a," * 21)
    assert error.value.message == "braces are nested more than 20 deep; take some away"


def test_several_schedules_where_one_is_asked_for() -> None:
    with pytest.raises(LrvizError) as error:
        parse("const:lr={1,2}")
    assert str(error.value) == (
        "braces make 2 schedules of this spec, and one is asked for; take them away\n"
        "  const:lr={1,2}\n"
        "           ^^^^^"
    )


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (-1, "a step is a whole number from 0 to 2^53, not -1"),
        (2**53 + 1, "a step is a whole number from 0 to 2^53, not 9007199254740993"),
        (0.5, "a step is a whole number from 0 on, not 0.5"),
        ([0, 1.5], "a step is a whole number from 0 on, not 1.5"),
        (float("nan"), "a step is a whole number from 0 to 2^53, not nan"),
        ("5", "a step is a whole number from 0 on, not '5'"),
        (True, "a step is a whole number from 0 on, not True"),
        (None, "a step is a whole number from 0 on, not None"),
    ],
)
def test_steps_that_are_none(steps: Any, message: str) -> None:
    with pytest.raises(LrvizError) as error:
        Constant(lr=1)(steps)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Constant(lr="1"), "const: lr must be a number, not '1'"),  # type: ignore[arg-type]
        (lambda: Constant(lr=True), "const: lr must be a number, not True"),
        (lambda: Constant(lr=np.inf), "const: lr must be finite, not inf"),
        (lambda: Constant(lr=np.nan), "const: lr must be finite, not nan"),
        (
            lambda: ExponentialDecay(lr=1, rate=1, steps=1, staircase=1),  # type: ignore[arg-type]
            "exp: staircase must be true or false, not 1",
        ),
        (
            lambda: MultiStepDecay(lr=1, rate=1, drops=5),  # type: ignore[arg-type]
            "multistep: at must be a list, not 5",
        ),
        (
            lambda: MultiStepDecay(lr=1, rate=1, drops=()),
            "multistep: at must name at least one step",
        ),
        (
            lambda: PiecewiseConstant(points=(1, 2)),  # type: ignore[arg-type]
            "piecewise: points must be pairs of a step and a rate, not 1",
        ),
        (
            lambda: PiecewiseConstant(points=()),
            "piecewise: a rate for step 0 must be given, but there is none; begin with 0=RATE",
        ),
        (
            lambda: ReduceOnPlateau(lr=1, metrics=()),
            "plateau: metrics must hold at least one number",
        ),
        (
            lambda: Interpolation(points=()),
            "interpolate: a rate for step 0 must be given, but there is none; begin with 0=RATE",
        ),
        (
            lambda: Warmup(steps=1, then="exp"),  # type: ignore[arg-type]
            "warmup: then must be a schedule, not 'exp'",
        ),
        (
            lambda: Chain(stages=(Constant(lr=1), "exp")),  # type: ignore[arg-type]
            "chain: stages must be a schedule, not 'exp'",
        ),
    ],
)
def test_values_that_only_python_can_give(make: Callable[[], object], message: str) -> None:
    with pytest.raises(LrvizError) as error:
        make()
    assert error.value.message == message


def test_answers_name_their_own_arguments() -> None:
    with pytest.raises(LrvizError) as error:
        lrviz.table("const:lr=1", at="5", every="2")
    assert error.value.message == "at and every both say which steps; keep one of them"
    with pytest.raises(LrvizError) as error:
        lrviz.table("const:lr=1", at="x")
    assert error.value.message == "at 'x' is not a number"
    with pytest.raises(LrvizError) as error:
        lrviz.explain("const:lr=1", silence="cliffs").text()
    assert error.value.message == "silence knows no warning 'cliffs'; did you mean 'cliff'?"


def test_nothing_to_show() -> None:
    with pytest.raises(LrvizError) as error:
        lrviz.compare([])
    assert error.value.message == (
        "nothing is given to show; name at least one schedule or recorded run"
    )


def test_logs_that_have_nothing_to_show() -> None:
    a, b = (Curve(label, np.array([step]), np.ones(1)) for label, step in (("a", 9), ("b", 8)))
    with pytest.raises(LrvizError) as error:
        key_steps_of([series(a), series(b)], 5)
    assert error.value.message == (
        "no step below 5 was recorded in 'b', whose first is 8; show more steps"
    )


def test_logs_that_cannot_be_compared() -> None:
    a, b = (Curve(label, np.array([step]), np.ones(1)) for label, step in (("a", 9), ("b", 8)))
    with pytest.raises(LrvizError) as error:
        compare([series(Constant(lr=1)), series(a)], 9)
    assert error.value.message == "'a' has no recorded step below 9; compare over more steps"
    with pytest.raises(LrvizError) as error:
        compare([series(a), series(b)], 10)
    assert error.value.message == (
        "'a' and 'b' have no recorded step in common; compare each with a schedule"
    )


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (MemoryError(), "this takes more memory than there is; ask for fewer steps"),
        (
            ZeroDivisionError("by zero"),
            (
                "ZeroDivisionError: by zero; this is a fault of lrviz: "
                "run it with LRVIZ_DEBUG=1 to see where, and report it"
            ),
        ),
    ],
)
def test_faults_of_the_machine_and_of_ours(
    fault: BaseException, message: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("lrviz.series.reading.read", fail)
    assert run("plot", "const:lr=1") == (2, "", f"lrviz: error: {message}\n")


def test_a_fault_of_ours_can_be_looked_into(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.series.reading.read", lambda *_: 1 / 0)
    monkeypatch.setenv("LRVIZ_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("plot", "const:lr=1")


def test_an_interrupt_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lrviz.series.reading.read", interrupt)
    assert run("plot", "const:lr=1").status == 130


def test_no_standard_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    said = "lrviz: error: standard output is closed, and the answer goes there; open it\n"
    assert run("table", "const:lr=1") == (2, "", said)


def test_a_figure_is_not_written_to_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.cli.console.is_terminal", lambda _: True)
    result = run("plot", "const:lr=1", "-o", "-", "--format", "png", "--color", "never")
    message = "-o - would write a figure to the terminal; send it through a pipe to a file"
    assert (result.status, result.out) == (2, "")
    assert message in " ".join(result.err.split())  # in lines, as a terminal has it


def test_a_folder_in_place_of_a_file(run: Run, nowhere: Path) -> None:
    (nowhere / "x.png").mkdir()
    said = "lrviz: error: 'x.png' is a folder; name a file in it with -o\n"
    assert run("plot", "const:lr=1", "-o", "x.png") == (2, "", said)


def test_a_write_protected_file(run: Run, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "x.csv").write_text("precious")
    monkeypatch.setattr("os.access", lambda *_: False)
    said = "lrviz: error: 'x.csv' is write-protected; name another file with -o\n"
    assert run("table", "const:lr=1", "-o", "x.csv") == (2, "", said)
    assert (nowhere / "x.csv").read_text() == "precious"


def test_a_folder_that_is_gone(run: Run, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "gone").mkdir()
    monkeypatch.chdir(nowhere / "gone")
    (nowhere / "gone").rmdir()
    said = (
        "lrviz: error: the system refuses this ([Errno 2] No such file or directory); mend that, "
        "and run it again\n"
    )
    result = run("build", "x.toml", "--out-dir", str(nowhere))
    monkeypatch.chdir(nowhere)
    assert result == (2, "", said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
@pytest.mark.parametrize("words", ["table const:lr=1", "plot const:lr=1", "list"])
def test_a_full_disk_behind_standard_output(words: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lrviz", *words.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        (
            "lrviz: error: standard output cannot be written (no space left on device); "
            "send it elsewhere\n"
        ),
    )


def test_windows_without_a_toolkit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("lrviz.outputs.window._BACKENDS", ())
    said = (
        "lrviz: error: --show needs a toolkit for windows, and Qt, GTK and Tk are all missing; "
        "install one (pip install PySide6) or write the figure to a file with -o\n"
    )
    assert run("plot", "const:lr=1", "--show") == (2, "", said)


def test_windows_that_do_not_open(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Canvas:
        @staticmethod
        def new_manager(*_: object) -> None:
            raise RuntimeError("no luck")

    backend = SimpleNamespace(FigureCanvas=Canvas)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("lrviz.outputs.window._backend", lambda: backend)
    said = (
        "lrviz: error: --show cannot open a window (no luck); write the figure to a file with -o\n"
    )
    assert run("plot", "const:lr=1", "--show") == (2, "", said)


def texts_of(node: ast.expr) -> Iterator[str]:
    """Yield the fixed parts of a text: of a literal, of one with values in it, and of a sum."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield from (str(p.value) for p in parts if isinstance(p, ast.Constant))
        case ast.BinOp(left=left, right=right):
            yield from (*texts_of(left), *texts_of(right))


def fragments() -> Iterator[tuple[str, list[str]]]:
    """Yield each place where an error is made, with the fixed parts of its text."""
    makers = {
        "LrvizError",
        "SpecError",
        "FormulaError",
        "fail",
        "_refusal",
        "refused",
    }
    places = {"refusal": 2, "refuse": 1, "ParameterError": 2, "fault": 1}  # if not the first
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            maker = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if maker not in {*makers, *places}:
                continue
            texts = list(texts_of(node.args[places.get(maker, 0)]))
            words = [text for text in texts if len(text) > 3]
            if words:
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", words


@pytest.mark.parametrize(("place", "words"), [pytest.param(*f, id=f[0]) for f in fragments()])
def test_no_error_is_made_that_no_test_has_seen(place: str, words: list[str]) -> None:
    here = "".join(re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8")) for file in OTHERS)
    said = [*entries().values(), here]
    assert any(all(part in text for part in words) for text in said), f"{place} says {words}"
