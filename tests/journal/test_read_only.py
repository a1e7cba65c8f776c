"""A journal in a directory that cannot be written is read as it stands, or refused in words."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.journal.status import read_status
from vaar.respondents.base import Reply
from vaar.sessions.records import Session, Turn


@pytest.fixture
def path(tmp_path):
    with locked(tmp_path), closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.plan([Session(1, "g", "r", "carried", 1, 1)])
        journal.enter([Turn(1, 0, 0, Reply("4"), 1)], [])
    return tmp_path / "journal.sqlite"


@pytest.fixture
def unwritable(monkeypatch):
    """Nothing may be written, as on a read-only disk; root may write in spite of all modes."""
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))


def read(path):
    with closing(Journal.existing(path)) as journal:
        return [turn.reply.text for turn in journal.turns()], read_status(path).groups[0].replies


def test_it_is_read_and_nothing_is_put_beside_it(path, unwritable):
    before = sorted(path.parent.iterdir())
    assert read(path) == (["4"], 1)
    assert sorted(path.parent.iterdir()) == before
    with closing(Journal.existing(path)) as journal, pytest.raises(RunDirectoryError):
        journal.plan([Session(2, "g", "r", "carried", 2, 1)])


def test_what_stands_in_a_log_alone_is_read_too(path, unwritable):
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("CREATE TABLE t (x)")  # in the log alone: a file without it would be sound
        with pytest.raises(RunDirectoryError, match="holds what no journal of vaar has: table t"):
            read(path)


def test_beside_a_writer_the_file_is_not_read_alone(path, unwritable):
    with locked(path.parent):
        read(path)
        assert path.with_name("journal.sqlite-shm").exists()


WITHOUT_ROOM = """
import resource, signal, sys
from pathlib import Path
from vaar.journal.status import read_status
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(read_status(Path(sys.argv[1])).groups[0].replies, file=sys.stderr)
"""


def test_where_there_is_no_room_for_files_beside_it_its_state_is_told(path):
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ROOM, path], capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[:1] == ["1"]  # a measurement of coverage has more to say
    assert path.read_bytes() == before and read(path) == (["4"], 1)


ON_A_READ_ONLY_DISK = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" -c "
import sys
from pathlib import Path
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
try:
    print(len(list(Journal.existing(Path(sys.argv[1], 'journal.sqlite')).turns())))
except RunDirectoryError as error:
    print(error)
" "$1"
"""


def on_a_read_only_disk(directory):
    command = ["unshare", "-rm", "sh", "-c", ON_A_READ_ONLY_DISK, "sh", directory, sys.executable]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this system lets nobody mount: {getattr(error, 'stderr', error)}")
    return done.stdout.strip()


def test_on_a_read_only_disk_it_is_read_or_refused_in_words(path, tmp_path_factory):
    assert on_a_read_only_disk(path.parent) == "1"
    killed = tmp_path_factory.mktemp("killed") / "run"
    with closing(Journal(path)) as journal:
        journal.enter([Turn(1, 1, 0, Reply("5"), 1)], [])
        shutil.copytree(path.parent, killed)  # its log holds the last reply
    assert on_a_read_only_disk(killed) == "2"
    (killed / "journal.sqlite-shm").unlink()
    told = on_a_read_only_disk(killed)
    assert "replies stand in journal.sqlite-wal" in told and "Copy the whole directory" in told
