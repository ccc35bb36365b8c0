"""Programs in files and from standard input: what is read of them, and what is said of faults."""

from pathlib import Path

import pytest

from lrviz.programs.limits import LONGEST_TEXT
from tests.conftest import Run

TRAIN = """\
import torch
from torch.optim.lr_scheduler import StepLR

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = StepLR(optimizer, step_size=30, gamma=0.1)
"""
TWO = """\
def warm(step):
    return 0.5 * min(step / 10, 1)


def late(step):
    return args.peak / (step + 1)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with some programs."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"train.py": TRAIN, "two.py": TWO}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_file_is_read_and_its_one_schedule_shown(here: Path, installed: Run) -> None:
    result = installed("table", "@train.py", "--at", "0,29,30", "-q", cwd=here)
    assert result == (0, "step\tscheduler\n0\t0.1\n29\t0.1\n30\t0.010000000000000002\n", "")


@pytest.mark.usefixtures("here")
def test_a_file_is_never_run(run: Run) -> None:
    Path("x.py").write_text("open('made', 'w')\nprint('x')\n" + TRAIN)
    run("table", "@x.py")
    assert not Path("made").exists()


@pytest.mark.usefixtures("here")
def test_one_name_of_a_file_is_chosen_and_labelled(run: Run) -> None:
    assert run("table", "@two.py:warm", "--at", "5", "-q").out == "step\twarm\n5\t0.25\n"
    assert run("table", "plan=@two.py:warm", "--at", "5", "-q").out == "step\tplan\n5\t0.25\n"
    late = run("table", "@two.py:late", "--set", "args.peak=2", "--at", "1", "-q")
    assert late.out == "step\tlate\n1\t1.0\n"


@pytest.mark.usefixtures("here")
def test_a_file_says_where_it_lacks_something(run: Run) -> None:
    said = (
        "lrviz: error: 'two.py', line 6: late needs args.peak, which the text does not give; add "
        "--set args.peak=VALUE\n"
        "      return args.peak / (step + 1)\n"
        "             ^^^^^^^^^\n"
    )
    assert run("table", "@two.py:late") == (2, "", said)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (TWO, "x.py:wram", "'x.py' defines no 'wram'; did you mean 'warm'?"),
        (TWO, "x.py:qqq", "'x.py' defines no 'qqq'; it defines warm and late"),
        ("print(1)\n", "x.py:rate", "'x.py' defines no 'rate'; it defines nothing"),
        (
            "a = 1\nb = 2\nc = (\n",
            "x.py",
            "'x.py', line 3: this is not Python: '(' was never closed; mend it\n  c = (\n      ^",
        ),
        ("a = 1\nb = '\udcff'\n", "x.py", "'x.py', line 2: this is not UTF-8; save it as that"),
        (
            "# " + "x" * LONGEST_TEXT,
            "x.py",
            "'x.py' has more than 400000 characters; paste the lines that make the rate",
        ),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_file_that_cannot_be_read(content: str, name: str, said: str, run: Run) -> None:
    Path("x.py").write_bytes(content.encode(errors="surrogateescape"))
    assert run("table", f"@{name}") == (2, "", f"lrviz: error: {said}\n")


@pytest.mark.parametrize("place", ["-", "@-"])
@pytest.mark.parametrize(
    ("text", "out"),
    [
        (TRAIN, "step\tscheduler\n30\t0.010000000000000002\n"),
        ("exp:lr=1,rate=0.5,steps=30\n", "step\texp:lr=1,rate=0.5,steps=30\n30\t0.5\n"),
        ("plan=const:lr=1\n", "step\tplan\n30\t1.0\n"),
        ("step,lr\n0,1\n30,0.25\n", "step\tstandard input\n30\t0.25\n"),
        (
            '{"step": 0, "lr": 1}\n{"step": 30, "lr": 0.25}\n',
            "step\tstandard input\n30\t0.25\n",
        ),
    ],
    ids=["program", "spec", "label", "csv", "jsonl"],
)
def test_what_is_piped_in_is_a_program_a_spec_or_a_log(
    place: str, text: str, out: str, installed: Run
) -> None:
    assert installed("table", place, "--at", "30", "-q", text=text) == (0, out, "")


def test_a_column_of_a_log_that_is_piped_in(installed: Run) -> None:
    text = "step,lr,second\n0,1,3\n9,1,2\n"
    result = installed("table", "x=@-:second", "--at", "9", text=text)
    assert result == (0, "step\tx\n9\t2.0\n", "")
    said = (
        "lrviz: error: standard input: no column is called like a learning rate; its columns are "
        "'step', 'a' and 'b'; name one as @-:COLUMN\n"
    )
    assert installed("table", "-", text="step,a,b\n0,1,3\n") == (2, "", said)


def test_a_fault_of_what_is_piped_in_has_its_line(installed: Run) -> None:
    said = (
        "lrviz: error: standard input, line 6: late needs args.peak, which the text does not give; "
        "add --set args.peak=VALUE\n"
        "      return args.peak / (step + 1)\n"
        "             ^^^^^^^^^\n"
    )
    assert installed("table", "-", text=TWO) == (2, "", said)


def test_nothing_is_piped_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    said = "lrviz: error: standard input is a terminal; pipe a program, a spec or a log into it\n"
    assert run("table", "-") == (2, "", said)


@pytest.mark.usefixtures("here")
def test_a_program_in_a_file_is_explained(run: Run) -> None:
    result = run("explain", "@two.py:warm", "-n", "100", "-q")
    assert (result.status, result.err) == (0, "")
    assert "what the program returns at step t" in result.out
    assert "rates 0 to 0.5" in result.out


def test_a_recorded_run_is_not_explained(installed: Run) -> None:
    said = (
        "lrviz: error: 'standard input' is a recorded run, and schedules are explained; lrviz fit "
        "finds the one behind it\n"
    )
    assert installed("explain", "-", text="step,lr\n0,1\n1,1\n") == (2, "", said)


@pytest.mark.usefixtures("here")
def test_a_program_agrees_with_the_call_that_it_writes_out(run: Run) -> None:
    Path("cosine.py").write_text(
        "import math\n\n\n"
        "def rate(step):\n"
        "    step = min(step, 500)\n"
        "    return 0.2 * 0.5 * (1 + math.cos(math.pi * step / 500))\n"
    )
    call = "optax.cosine_decay_schedule(0.2, 500)"
    agree = run("compare", call, "@cosine.py", "-n", "1000", "--rtol", "1e-12", "-q")
    assert agree.status == 0, agree
    other = run("compare", call.replace("500", "501"), "@cosine.py", "-n", "1000", "-q")
    assert other.status == 1, other


def test_two_schedules_of_one_paste_have_their_names(run: Run) -> None:
    text = (
        "fast = optax.exponential_decay(0.1, 10, 0.5)\n"
        "slow = optax.exponential_decay(0.1, 20, 0.5)\n"
    )
    assert run("table", text, "--at", "20").out == "step\tfast\tslow\n20\t0.025\t0.05\n"
