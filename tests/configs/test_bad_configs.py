"""Every error about a config or a command line, whole; nothing outside is read, and all is quick.

The files in `bad` have blocks: a command, the lines of the files that it names as `NAME| LINE`, and
what is printed; `pytest --update` writes the last anew.
"""

import json
import os
import re
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Run

BAD = sorted((Path(__file__).parent / "bad").glob("*.txt"))


class Block(NamedTuple):
    """A command, the lines that stand before what it prints, and the texts of its files."""

    command: str
    head: str
    files: dict[str, str]


def blocks(path: Path) -> Iterator[Block]:
    """Yield the blocks of a file."""
    for block in path.read_text(encoding="utf-8").strip("\n").split("\n\n"):
        command, *lines = block.splitlines()
        files: dict[str, str] = {}
        head = [command]
        for line in lines:
            match = re.fullmatch(r"([\w./-]+)\|(?: (.*))?", line)
            if match:
                files[match[1]] = files.get(match[1], "") + (match[2] or "") + "\n"
                head.append(line)
        yield Block(command[2:], "\n".join(head) + "\n", files)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_error_is_said_as_written_down(
    path: Path,
    run: Run,
    snapshot: Callable[[Path, str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = []
    for number, block in enumerate(blocks(path)):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        for name, text in block.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        result = run(*shlex.split(block.command))
        assert (block.command, result.status, result.out) == (block.command, 2, "")
        said.append(block.head + result.err)
    snapshot(path, "\n".join(said))


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30)
)
MERGES = "a0: &a0 {k: 1}\n" + "".join(
    f"a{i}: &a{i}\n  <<: [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30)
)
MANY = (
    "{}: with what its aliases repeat it has more than 100,000 values, which no config has; name "
    "another file"
)
DEEP = "{}: its values are nested more than 60 deep, which no config's are; name another file"
LARGE = "{}: a config has at most 250 kB, and this file has more; name another"
FULL = "{}: it has more values than a config has; name another file"
DEVICE = "{}: this is a pipe or a device; save what it says as a file"
DIGITS = (
    "Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; mend it"
)
BINARY = "{}: this is no text; name another file"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bomb.yaml", BOMB, MANY),
        ("itself.yaml", "a: &a [*a]\n", DEEP),
        ("deep.json", '{"a":' * 70 + "1" + "}" * 70, DEEP),
        ("deeper.json", '{"a":' * 99_999 + "1" + "}" * 99_999, DEEP),
        ("deep.toml", "a" + ".a" * 70 + " = 1\n", DEEP),
        ("large.yaml", "a: 1\n" * 2_100_000, LARGE),
        ("slow.yaml", "a: [" + "[]," * 82_000 + "]", FULL),
        ("dots.toml", "a." * 120_000 + "b = 1", DEEP),
        ("large.toml", "# a\n" * 2_600_000, LARGE),
        ("digits.json", f'{{"max_steps": {"9" * 5000}}}', f"{{}}: this is not JSON: {DIGITS}"),
        ("digits.toml", f"max_steps = {'9' * 5000}", f"{{}}: this is not TOML: {DIGITS}"),
        ("digits.yaml", f"max_steps: {'9' * 5000}", f"{{}}: this is not YAML: {DIGITS}"),
        (
            "text.json",
            f'{{"max_steps": "{"9" * 5000}", "learning_rate": 1}}',
            "{}: max_steps is out of bounds: inf",
        ),
        ("binary.yaml", bytes(range(256)), BINARY),
        ("binary.toml", b"\xff\xfe\xfd", BINARY),
        ("merges.yaml", MERGES, None),
    ],
)
def test_what_is_too_much_for_a_config_is_refused_at_once(
    name: str,
    data: str | bytes,
    said: str | None,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    run("table", "torchrun train.py --max_steps 3")  # so that nothing is still to be imported
    begin = time.monotonic()
    result = run("table", f"@{name}")
    assert time.monotonic() - begin < 1
    assert result.status == 2
    if said is not None:
        assert result.err == f"lrviz: error: {said.format(name)}\n"


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.toml", "a.cfg"])
@pytest.mark.parametrize("is_pipe", [True, False])
def test_what_may_never_end_is_not_opened(
    name: str, is_pipe: bool, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if is_pipe:
        os.mkfifo(name)
    else:
        Path(name).symlink_to("/dev/zero")
    assert run("table", f"@{name}").err == f"lrviz: error: {DEVICE.format(name)}\n"
    Path("b.json").write_text(json.dumps({"_base_": name, "learning_rate": 1, "max_steps": 3}))
    assert "and is not read" in run("table", "@b.json").err


def test_a_large_log_in_json_is_read_as_one(run: Run, tmp_path: Path) -> None:
    log = [{"step": step, "learning_rate": 1e-3, "loss": 1.0} for step in range(160_000)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"log_history": log}), encoding="utf-8")
    assert path.stat().st_size > 8_000_000
    assert run("table", f"@{path}", "--at", "159999").out == "step\ta.json\n159999\t0.001\n"


PLAIN = "learning_rate: 0.1\nmax_steps: 10\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.yaml", PLAIN.encode("utf-16")),
        ("a.yaml", PLAIN.encode("utf-8-sig")),
        ("a.yaml", PLAIN.replace("\n", "\r\n").encode()),
        ("a.yaml", f"# x\n---\n{PLAIN}...\n---\n".encode()),
        ("a.toml", b"learning_rate = 0.1\r\nmax_steps = 10\r\n"),
        ("a.json", '\ufeff{"learning_rate": 0.1, "max_steps": 10}'.encode("utf-16-le")),
    ],
)
def test_a_config_is_read_however_it_is_saved(
    name: str, data: bytes, run: Run, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("table", f"@{tmp_path / name}", "--at", "0,5")
    assert result.out == f"step\t{name}\n0\t0.1\n5\t0.05\n"
    assert result.err == f"lrviz: {name} is read as Transformers 5.23's: max_steps 10\n"


def test_a_file_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    result = run("table", f"@{tmp_path / 'folder.yaml'}")
    said = "folder.yaml cannot be read (is a directory); name another file"
    assert result.err == f"lrviz: error: {said}\n"


def test_without_pyyaml_it_is_said_how_to_get_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    (tmp_path / "a.yaml").write_text("max_steps: 3\n", encoding="utf-8")
    assert run("table", f"@{tmp_path / 'a.yaml'}").err == (
        "lrviz: error: a.yaml: reading YAML needs PyYAML; install it with "
        "pip install 'lrviz[yaml]'\n"
    )


@pytest.mark.parametrize("name", ["../out.yaml", "/etc/hostname.yaml", "link.yaml"])
def test_no_config_outside_of_the_folder_is_opened(name: str, run: Run, tmp_path: Path) -> None:
    """Neither by a way up, nor by a path from the root, nor by a link."""
    (tmp_path / "out.yaml").write_text("learning_rate: 99\n", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.yaml").symlink_to(tmp_path / "out.yaml")
    (inner / "a.yaml").write_text(f"_base_: {name}\nmax_steps: 10\n", encoding="utf-8")
    result = run("table", f"@{inner / 'a.yaml'}:transformers", "--at", "0")
    assert result.out == "step\ta.yaml\n0\t5e-05\n"
    assert f"a.yaml: '{name}' lies outside of its folder and is not read" in result.err
