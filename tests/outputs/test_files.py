"""Files are written whole or not at all."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lrviz.errors import LrvizError
from lrviz.outputs.files import whole_file


def write(path: Path, data: bytes = b"new") -> None:
    with whole_file(str(path)) as file:
        file.write(data)


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write(tmp_path / "new")
    assert (tmp_path / "new").read_bytes() == b"new"
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), whole_file(str(path)) as file:
        file.write(b"half of the new %d" % (1 // 0))
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["old"]  # noqa: PTH208


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")
    with pytest.raises(LrvizError) as error, whole_file(str(path)):
        raise OSError(28, "No space left on device")
    assert error.value.message == (
        f"'{path}' cannot be written (no space left on device); name another file with output"
    )
    assert path.read_bytes() == b"old"


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"


def test_a_link_to_itself_is_left_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(LrvizError) as error:
        write(one)
    assert error.value.message == (
        f"'{one}' is a link that leads to itself; name another file with output"
    )
    assert one.is_symlink()
    assert other.is_symlink()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "c.png")
    assert (tmp_path / "a" / "b" / "c.png").read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    write(path)
    reader.join()
    assert got == [b"new"]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_the_null_device_takes_everything() -> None:
    write(Path(os.devnull))
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a killed program leaves a draft")
def test_a_program_that_is_killed_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    code = (
        "import os, signal, sys\n"
        "from lrviz.outputs.files import whole_file\n"
        "with whole_file(sys.argv[1]) as file:\n"
        "    file.write(bytes(10**6))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "old"], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("old", b"old")]


def test_where_files_have_names_from_the_start_all_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrviz.outputs.files._OPENED", tmp_path / "none")
    test_an_old_file_keeps_its_permissions(tmp_path)
    (tmp_path / "old").unlink()
    test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path)
