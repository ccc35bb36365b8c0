"""Options in errors: who prints an error spells them, and nothing below the commands does.

`wordings.txt` has what is refused, and what is said of it to who types a command, writes a config
file or calls Python; `pytest --update` writes it anew.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.main import get_command

from lrviz import LrvizError, logs, parse
from lrviz.builds.pictures import figures_of
from lrviz.cli.app import app
from lrviz.cli.console import complain
from lrviz.discover import import_all
from lrviz.errors import Option, ParameterError, SpecError, one_of, option
from lrviz.outputs import tables
from lrviz.outputs.files import whole_file
from lrviz.specs.quantities import Run, count, horizon, number, span
from tests.conftest import Run as RunCommand
from tests.test_errors import OTHERS, PACKAGE, entries, texts_of

WORDINGS = Path(__file__).parent / "wordings.txt"

FILES = {
    "half.csv": "step,lr\n0,1\n0.5,1\n",
    "apart.csv": "step,lr\n1,\n,1\n",
    "epochs.csv": "epoch,lr\n0.5,1\n",
    "back.csv": "step,lr\n3,1\n2,1\n3,1\n1,1\n",
}


def blocks() -> dict[str, str]:
    """Return what is refused, and what is said of it."""
    found = WORDINGS.read_text(encoding="utf-8").strip("\n").split("\n\n")
    return {first[2:]: said for first, _, said in (block.partition("\n") for block in found)}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with some logs that are refused, without a display."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, content in FILES.items():
        Path(name).write_text(content)
    return tmp_path


def said_in_python(spec: str) -> str:
    """Return what a call of Python says of a spec or a log."""
    with pytest.raises(LrvizError) as error:
        _ = logs.read(spec[1:]) if spec.startswith("@") else parse(spec)
    return error.value.message


def said_of_a_file(spec: str) -> str:
    """Return what is said of a config file that has the spec."""
    Path("figures.toml").write_text(f"[figure.a]\ncurves = ['''{spec}''']\n")
    with pytest.raises(LrvizError) as error:
        figures_of(["figures.toml"], None)
    return error.value.message


@pytest.mark.usefixtures("here")
def test_an_option_is_spelled_as_the_reader_would_write_it(
    run: RunCommand, snapshot: Callable[[Path, str], None]
) -> None:
    found = []
    for spec in blocks():
        typed = run("table", spec).err.splitlines()[0]
        lines = (f"> {spec}", typed, said_of_a_file(spec), said_in_python(spec))
        found.append("\n".join(lines) + "\n")
    snapshot(WORDINGS, "\n".join(found))


@pytest.mark.usefixtures("here")
def test_python_is_told_keywords() -> None:
    assert said_in_python("cosine:lr=1,steps=10%").endswith("give it with horizon=STEPS")
    assert said_in_python("StepLR(optimizer, 30)").endswith("or add lr=0.1")


def window() -> None:
    from lrviz.outputs.figure import Paper
    from lrviz.outputs.window import show

    show([], Paper())


def long_table() -> None:
    block = np.arange(20_000), [np.ones(20_000)]
    list(tables.find("table")(tables.Rows(["a"], [block])))


def folder_for_a_file() -> None:
    Path("x").mkdir()
    with whole_file("x"):
        pass


def picture_outside() -> None:
    Path("figures.toml").write_text('[figure.a]\noutput = "../a.png"\ncurves = ["const:lr=1"]\n')
    figures_of(["figures.toml"], None)


EDGES: list[tuple[Callable[[], None], tuple[str, ...], str, str]] = [
    (
        window,
        ("plot", "const:lr=1", "--show"),
        "--show opens a window, and there is no display; write the figure to a file with -o",
        "show opens a window, and there is no display; write the figure to a file with output",
    ),
    (
        long_table,
        ("table", "const:lr=1", "--at", "0:20k", "--format", "table"),
        (
            "a table on the terminal has at most 10000 rows; ask for fewer steps, "
            "or for --format csv"
        ),
        (
            "a table on the terminal has at most 10000 rows; ask for fewer steps, "
            "or for format='csv'"
        ),
    ),
    (
        folder_for_a_file,
        ("table", "const:lr=1", "-o", "x", "--format", "csv"),
        "'x' is a folder; name a file in it with -o",
        "'x' is a folder; name a file in it with output",
    ),
    (
        picture_outside,
        ("build", "figures.toml"),
        (
            "figures.toml, line 2: output '../a.png' lies outside of the folder '.'; "
            "name a file in it, or another folder with --out-dir"
        ),
        (
            "figures.toml, line 2: output '../a.png' lies outside of the folder '.'; "
            "name a file in it, or another folder with out_dir"
        ),
    ),
]
"""What a config file cannot give, or gives only to the command that reads it."""


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("make", "words", "typed", "python"), EDGES)
def test_what_only_commands_and_python_can_ask_for(
    run: RunCommand, make: Callable[[], None], words: tuple[str, ...], typed: str, python: str
) -> None:
    with pytest.raises(LrvizError) as error:
        make()
    assert error.value.message == python
    assert run(*words).err == f"lrviz: error: {typed}\n"


def below_the_commands() -> Iterator[tuple[str, ast.Module]]:
    """Yield the name and the tree of each file below `cli`."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = str(file.relative_to(PACKAGE))
        if not name.startswith("cli/"):
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def typed_options() -> set[str]:
    """Return the options that the commands have, `-n` and `--lr` among them."""
    import_all("lrviz.cli.commands")
    commands = get_command(app).commands.values()  # type: ignore[attr-defined]
    return {word for one in commands for option in one.params for word in option.opts}


def test_nothing_below_the_commands_spells_an_option() -> None:
    options = typed_options()
    assert {"-n", "--steps-per-epoch", "--step-column", "--out-dir"} <= options
    spelled = [
        f"{name}:{node.lineno} has {word}"
        for name, tree in below_the_commands()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in re.findall(r"(?<![\w(-])--?[a-z][\w-]*(?![\w:-])", node.value)
        if word in options or word.startswith("--")
    ]
    assert spelled in ([], ["__main__.py:1 has -m"])


def test_nothing_below_the_commands_takes_the_words_of_an_error_for_its_data() -> None:
    """A sentence that is put into another keeps its options open; `message` has closed them."""
    taken = [
        f"{name}:{node.lineno}"
        for name, tree in below_the_commands()
        if name != "errors.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "message"
        if isinstance(node.value, ast.Name) and node.value.id == "error"
    ]
    assert taken == []


def mentions() -> Iterator[tuple[str, list[str]]]:
    """Yield each place that mentions an option, with the fixed parts of the text around it."""
    for name, tree in below_the_commands():
        if name == "errors.py":
            continue
        inner = {
            id(side)
            for node in ast.walk(tree)
            if isinstance(node, ast.BinOp)
            for side in (node.left, node.right)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.BinOp) and id(node) not in inner:
                calls = (n for n in ast.walk(node) if isinstance(n, ast.Call))
                if any(getattr(n.func, "id", "") in ("option", "say_of_run") for n in calls):
                    yield f"{name}:{node.lineno}", list(texts_of(node))


@pytest.mark.parametrize(("place", "words"), [pytest.param(*m, id=m[0]) for m in mentions()])
def test_no_option_is_mentioned_that_no_test_has_seen(place: str, words: list[str]) -> None:
    pinned = [*blocks().values(), *entries().values(), *(typed for _, _, typed, _ in EDGES)]
    elsewhere = (file.read_text(encoding="utf-8") for file in OTHERS)
    pinned += [re.sub(r'"\s*\n\s*f?"', "", text) for text in elsewhere]
    assert any(all(word in said for word in words) for said in pinned), f"{place} says {words}"


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "lr"), (0.1, "lr=0.1"), (100, "lr=100"), ("STEPS", "lr=STEPS"), ("csv", "lr='csv'")],
)
def test_a_value_is_written_as_in_python(value: float | str | None, said: str) -> None:
    assert str("add " + option("lr", value)) == f"add {said}"


def test_options_that_a_reader_does_not_know_stay_open() -> None:
    both = option("lr", 0.1) + " or " + option("show")
    spelled = both.spelled(lambda o: f"{o.name} = {o.value}" if o.name == "lr" else o)
    assert spelled.pieces == ("lr = 0.1", " or ", Option("show"))


@pytest.mark.parametrize(
    "error",
    [
        LrvizError("add " + option("lr")),
        ParameterError("exp", "at", "must rise", "drops", 3),
        SpecError("add " + option("lr"), "exp", 0, 3),
    ],
)
def test_an_error_comes_whole_from_another_process(error: LrvizError) -> None:
    """It goes there as its arguments and its attributes, which is how it is copied too."""
    other = copy.copy(error)
    assert type(other) is type(error)
    assert vars(other) == vars(error)
    assert str(other) == str(error)


def test_a_call_says_a_refusal_in_its_own_words() -> None:
    error = ParameterError("multistep", "at", "must rise", "drops", 1)
    assert error.message == "multistep: at must rise"
    assert str(error.renamed("MultiStepLR", "milestones")) == "MultiStepLR: milestones must rise"
    whole = ParameterError("wsd", "", "warmup and decay take too long", "steps")
    assert whole.message == "wsd: warmup and decay take too long"
    assert str(whole.renamed("WSD", "n")) == "WSD: warmup and decay take too long"


@pytest.mark.parametrize(
    ("refuse", "typed", "python"),
    [
        (
            lambda: number(option("epochs"), "0"),
            "--epochs is a number from 1 to 9007199254740992, not '0'",
            "epochs is a number from 1 to 9007199254740992, not '0'",
        ),
        (
            lambda: count(option("at"), "0.5", Run(), least=0),
            "--at is a whole number, not '0.5'",
            "at is a whole number, not '0.5'",
        ),
        (
            lambda: span(option("zoom"), "9:1", Run()),
            "--zoom '9:1' ends before it begins; write 1:9",
            "zoom '9:1' ends before it begins; write 1:9",
        ),
        (
            lambda: horizon(option("horizon"), "10%", Run()),
            "-n is the length of the run, and '10%' is a part of it; give it in steps",
            "horizon is the length of the run, and '10%' is a part of it; give it in steps",
        ),
        (
            lambda: count(option("every"), "5ep", Run()),
            (
                "--every '5ep' counts epochs, whose length is not known; "
                "give it with --steps-per-epoch STEPS"
            ),
            (
                "every '5ep' counts epochs, whose length is not known; "
                "give it with steps_per_epoch=STEPS"
            ),
        ),
        (
            lambda: one_of(option("dtype"), "half", ("float64", "float32")),
            "--dtype is float64 or float32, not 'half'",
            "dtype is float64 or float32, not 'half'",
        ),
    ],
)
def test_what_is_refused_can_be_an_option_too(
    refuse: Callable[[], object], typed: str, python: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LrvizError) as error:
        refuse()
    assert error.value.message == python
    complain(error.value)
    assert capfd.readouterr().err == f"lrviz: error: {typed}\n"
