"""The installed command, in terminals, pipes and bad weather."""

import fcntl
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Run, wait_for

pytestmark = pytest.mark.installed

PROGRAM = str(Path(sys.executable).with_name("lrviz"))
EXP = "exp:lr=0.01,rate=0.9,steps=100"


def in_terminal(*words: str, columns: int = 80, **environment: str) -> str:
    """Run the command in a terminal of its own and return what is seen there."""
    pid, terminal = pty.fork()
    if not pid:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        os.execve(PROGRAM, ["lrviz", *words], {**os.environ, **environment})  # noqa: S606
    seen = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, seen
    return seen.decode().replace("\r\n", "\n")


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_the_module_runs_as_the_command_does(installed: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lrviz", "table", EXP], capture_output=True, text=True, check=True
    )
    assert done.stdout == installed("table", EXP).out


def test_without_a_terminal_there_is_no_colour(installed: Run) -> None:
    assert "\x1b" not in installed("plot", EXP).out
    assert "\x1b" not in installed("plot", "oops").err


def test_in_a_terminal_a_chart_has_colours_and_its_width() -> None:
    for columns in (60, 100):
        seen = in_terminal("plot", EXP, "b=const:lr=0.01", columns=columns)
        assert "\x1b[38;5;166m" in seen
        assert columns - 8 <= max(map(len, plain(seen).splitlines())) <= columns


def test_in_a_terminal_a_table_is_a_table() -> None:
    seen = in_terminal("table", EXP, "--at", "100")
    assert "─" in seen
    assert "0.009\n" in plain(seen)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_switched_off(environment: dict[str, str]) -> None:
    assert "\x1b" not in in_terminal("plot", EXP, **environment)  # type: ignore[arg-type]


def test_colours_can_be_forced(installed: Run) -> None:
    assert "\x1b[38;5;166m" in installed("plot", EXP, env={"FORCE_COLOR": "1"}).out
    assert "\x1b" not in installed("plot", EXP, env={"FORCE_COLOR": "0"}).out
    assert plain(installed("plot", EXP, env={"FORCE_COLOR": "1"}).out) == installed("plot", EXP).out


def test_color_always_and_never_win() -> None:
    assert "\x1b" not in in_terminal("plot", EXP, "--color", "never", FORCE_COLOR="1")
    assert "\x1b" in in_terminal("plot", EXP, "--color", "always", NO_COLOR="1")


@pytest.mark.parametrize("form", ["csv", "json", "plain"])
def test_a_reader_that_has_enough_ends_it_quietly(form: str) -> None:
    """10 million rows would take ten seconds and more; the first three come at once."""
    script = (
        f"{PROGRAM} table cosine:lr=1,steps=10M --every 1 --format {form} | head -3; "
        'echo "${PIPESTATUS[0]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=5,
        check=True,
    )
    *lines, status = done.stdout.splitlines()
    assert (len(lines), status, done.stderr) == (3, "0", "")


@pytest.mark.parametrize(
    ("words", "status"),
    [("plot --help", 0), ("list", 0), ("compare const:lr=1 const:lr=2", 1), ("plot oops", 2)],
)
def test_a_reader_that_has_left_changes_no_exit_status(words: str, status: int) -> None:
    script = f"{PROGRAM} {words} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)  # noqa: S607
    assert done.returncode == status


@pytest.mark.parametrize(("words", "status"), [("table oops", 2), ("table const:lr=-0", 0)])
def test_messages_that_cannot_be_written_change_no_exit_status(words: str, status: int) -> None:
    script = f"exec {PROGRAM} {words} --at 0 --format csv 2>/dev/full"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)  # noqa: S607
    assert done.returncode == status
    assert done.stdout == (b"" if status else b"step,const:lr=-0\n0,0.0\n")


def test_a_terminal_of_any_width_gets_a_chart_at_once(installed: Run) -> None:
    code = f"COLUMNS=10000000 timeout 10 {PROGRAM} plot {EXP}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)  # noqa: S607
    assert max(map(len, done.stdout.splitlines())) == 2000
    assert len(installed("plot", EXP, "--title", "x" * 20_000).out.splitlines()[0]) == 80


def test_a_long_table_needs_little_memory() -> None:
    code = (
        "import resource, subprocess, sys\n"
        f"subprocess.run([{PROGRAM!r}, 'table', 'cosine:lr=1,steps=1M', '--every', '1'],"
        " stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100


def test_closed_streams_are_no_trouble() -> None:
    for closed in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        done = subprocess.run(
            ["bash", "-c", f"{PROGRAM} plot {EXP} {closed}"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == (2 if ">&-" in closed.split()[0][:3] else 0)
        assert "Traceback" not in done.stderr


def test_standard_input_is_left_alone(installed: Run) -> None:
    assert installed("plot", EXP, text="keep me").status == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_other_encodings_replace_what_they_cannot_write(encoding: str) -> None:
    for words in (
        ["plot", f"中文={EXP}"],
        ["plot", f"中文={EXP},oops"],
        ["list"],
        ["explain", EXP],
    ):
        done = subprocess.run(
            [PROGRAM, *words],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            check=False,
        )
        assert b"Traceback" not in done.stderr
        done.stdout.decode(encoding)
        done.stderr.decode(encoding)


def test_arguments_that_are_no_text_are_shown_escaped() -> None:
    done = subprocess.run(
        [PROGRAM.encode(), b"plot", b"caf\xe9=const:lr=1"], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert rb"caf\udce9" in done.stdout
    done = subprocess.run([PROGRAM.encode(), b"plot", b"\xff"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_data_to_a_pipe_is_utf_8_everywhere() -> None:
    done = subprocess.run(
        [PROGRAM, "table", "中文=const:lr=1", "--at", "0"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert done.stdout.decode() == "step\t中文\n0\t1.0\n"


def test_a_figure_to_a_pipe() -> None:
    words = [PROGRAM, "plot", EXP, "-o", "-", "--format", "png"]
    done = subprocess.run(words, capture_output=True, check=True)
    assert done.stdout.startswith(b"\x89PNG")
    assert done.stderr == b""


def test_no_display_and_odd_settings_of_matplotlib_change_nothing(
    installed: Run, tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_text("backend: TkAgg\nfont.family: cursive\nbad.key: 1\n")
    odd = {"MPLBACKEND": "nonsense", "MATPLOTLIBRC": str(tmp_path), "DISPLAY": ""}
    for name, environment in (("a.png", {}), ("b.png", odd)):
        result = installed("plot", EXP, "-o", name, env=environment, cwd=tmp_path)
        assert result == (0, "", f"lrviz: wrote {name}: 1 curve, 1000 steps\n")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_home_without_a_place_to_write(installed: Run, tmp_path: Path) -> None:
    home = {"HOME": "/nonexistent", "MPLCONFIGDIR": "", "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
    result = installed("plot", EXP, "-o", str(tmp_path / "x.png"), "-q", env=home)
    assert result == (0, "", "")


def test_progress_is_shown_on_a_terminal_when_it_takes_long(tmp_path: Path) -> None:
    table = f"{PROGRAM} table cosine:lr=1,steps=3M --every 1 --format csv > {tmp_path}/x.csv"
    seen = in_bash(table)
    assert "steps" in seen
    assert "%" in seen
    assert in_bash(f"{table} -q") == ""


def in_bash(script: str) -> str:
    """Run a script in a terminal of its own and return what is seen there."""
    pid, terminal = pty.fork()
    if not pid:
        os.execvp("bash", ["bash", "-c", script])  # noqa: S606, S607
    seen = b""
    while True:
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            break
    os.close(terminal)
    os.waitpid(pid, 0)
    return seen.decode()


def open_files(process: int) -> str:
    """Return where the open files of a process are, those without a name too."""
    found = []
    for link in Path(f"/proc/{process}/fd").glob("*"):
        with suppress(FileNotFoundError):  # closed meanwhile
            found.append(str(link.readlink()))
    return "\n".join(found)


def test_an_interrupt_ends_without_a_traceback(tmp_path: Path) -> None:
    words = [PROGRAM, "table", "cosine:lr=1,steps=1e12", "--every", "1", "-o", f"{tmp_path}/x.csv"]
    running = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: str(tmp_path) in open_files(running.pid) or any(tmp_path.iterdir()))
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert (running.returncode, said) == (130, "lrviz: interrupted\n")
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.parametrize("module", ["lrviz.cli", "numpy", "lrviz.cli.commands.table"])
def test_an_interrupt_while_it_still_imports_ends_as_quietly(module: str) -> None:
    code = (
        "import sys\n"
        "from lrviz.__main__ import main\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}:\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.argv = ['lrviz', 'table', 'const:lr=1']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"lrviz: interrupted\n")


def completions(shell: str, line: str) -> list[str]:
    """Return what a shell offers at the end of a line."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    path = f"{Path(PROGRAM).parent}:{os.environ['PATH']}"
    scripts = {
        "bash": (
            'eval "$(lrviz completion bash)"; COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}; _lrviz; '
            'printf "%s\\n" "${COMPREPLY[@]}"'
        ),
        "fish": 'lrviz completion fish | source; complete -C "$argv[1]" | cut -f 1',
        "zsh": (
            'compdef() { }; compadd() { shift 3; print -l -- "$@" }; _files() { }; '
            'eval "$(lrviz completion zsh)"; words=("${(@s: :)1}"); CURRENT=$#words; _lrviz'
        ),
    }
    first = ["-c", scripts[shell], *([] if shell == "fish" else [shell]), line]
    done = subprocess.run(
        [shell, *first],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("lrviz p", ["plot", "predict"]),
        ("lrviz plot cosi", ["cosine:", "cosine_restarts:"]),
        ("lrviz plot exp:l", ["exp:lr="]),
        ("lrviz plot exp:lr=1,ra", ["exp:lr=1,rate="]),
        ("lrviz plot exp:lr=1,sta", ["exp:lr=1,staircase"]),
        ("lrviz plot exp:lr=1,fl", ["exp:lr=1,floor="]),
        ("lrviz plot label=warmup:steps=5/lin", ["linear:", "linear_cosine:"]),
        ("lrviz table const:lr=1 --form", ["--format"]),
        ("lrviz table const:lr=1 --format j", ["json", "jsonl"]),
        ("lrviz plot const:lr=1 --theme ", ["light", "dark", "print", "both"]),
        (
            "lrviz explain cosi",
            [
                *("cosine", "cosine_restarts", "cosine_decay", "cosine_decay_restarts"),
                *("cosine_decay_schedule", "cosine_onecycle_schedule"),
                *("cosine:", "cosine_restarts:"),
            ],
        ),
        ("lrviz completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_completion(shell: str, line: str, offered: list[str]) -> None:
    typed = line.rsplit(" ", maxsplit=1)[-1]
    head = typed[: typed.rfind("/") + 1]
    words = [word if word.startswith(typed) else head + word for word in offered]
    if shell == "bash":  # which replaces only what stands after the last ':' or '='
        kept = max(typed.rfind(":"), typed.rfind("=")) + 1
        words = [word[kept:] for word in words]
    assert sorted(completions(shell, line)) == sorted(words)
