import fcntl
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import vaar
from vaar.errors import PlatformError, RunDirectoryError
from vaar.journal.lock import holder, locked, read_count


def test_a_directory_has_one_holder_and_says_which(tmp_path):
    assert holder(tmp_path) is None
    with locked(tmp_path):
        assert holder(tmp_path) == str(os.getpid())
        with (
            pytest.raises(RunDirectoryError, match=rf"another vaar process \({os.getpid()}\)"),
            locked(tmp_path),
        ):
            pass
        assert holder(tmp_path) == str(os.getpid()), "a refused process leaves the name alone"
    assert holder(tmp_path) is None


def test_the_lock_dies_with_its_process(tmp_path):
    die_with_it = (
        "import os, pathlib, sys; from vaar.journal.lock import locked; "
        "lock = locked(pathlib.Path(sys.argv[1])); lock.__enter__(); os._exit(9)"
    )
    died = subprocess.run([sys.executable, "-c", die_with_it, str(tmp_path)], check=False)
    assert died.returncode == 9
    assert (tmp_path / ".lock").read_text().strip().isdigit()
    assert holder(tmp_path) is None
    with locked(tmp_path):
        pass


def test_asking_who_holds_it_never_refuses_one_that_starts(tmp_path, monkeypatch):
    handle = os.open(tmp_path / ".lock", os.O_RDONLY | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_SH)
    pauses: list[float] = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            os.close(handle)

    monkeypatch.setattr("vaar.journal.lock.time", SimpleNamespace(sleep=pause))
    with locked(tmp_path):
        pass
    assert len(pauses) == 2 and min(pauses) > 0


WITHOUT_FCNTL = """
import sys
sys.modules["fcntl"] = None
from vaar.cli.main import main
main()
"""


def test_a_system_without_posix_locks_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(PlatformError, match=r"no POSIX file locks.*run vaar inside WSL"):
        holder(tmp_path)
    with pytest.raises(PlatformError), locked(tmp_path):
        pass
    assert not list(tmp_path.iterdir())
    with pytest.raises(PlatformError):
        vaar.run(models=["simulated"], sessions=2, out=tmp_path / "run")


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["run", "--sessions", "2"], 1, "error: vaar keeps run directories on Linux and macOS"),
        (["study", "show"], 0, ""),
        (["--help"], 0, ""),
    ],
)
def test_what_needs_no_lock_works_without_them(tmp_path, command, code, said):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_FCNTL, *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", [".lock", ".analysis.lock"])
def test_a_pipe_or_a_hard_link_in_the_place_of_the_lock_holds_up_nobody(tmp_path, name):
    run, theirs = tmp_path / "run", tmp_path / "theirs"
    run.mkdir()
    theirs.write_text("theirs")
    os.link(theirs, run / name)
    with pytest.raises(RunDirectoryError, match="hard link"), locked(run, name):
        pass
    assert theirs.read_text() == "theirs"
    (run / name).unlink()
    os.mkfifo(run / name)
    assert holder(run, name) is None and read_count(run) is None
    with pytest.raises(RunDirectoryError, match="no plain file"), locked(run, name):
        pass
