import os
import signal
import subprocess
import sys
import time
from itertools import count

import pytest

from support import chunks as functions
from support.chunks import PATIENCE
from vaar.errors import DataError
from vaar.processes.pool import sharing


def processes_of(pool):
    return [other._process.pid for other in pool._others]


@pytest.fixture
def meeting(tmp_path):
    """Makes a folder in which two processes wait for each other."""
    numbers = count()

    def make():
        folder = tmp_path / f"meeting{next(numbers)}"
        folder.mkdir()
        return folder

    return make


def test_results_come_in_order_and_from_two_processes(eager, meeting):
    found = list(eager(functions.Meeting(meeting()), range(12)))
    assert [square for square, _ in found] == [k * k for k in range(12)]
    assert len({process for _, process in found}) == 2
    assert os.getpid() in {process for _, process in found}


def test_processes_are_used_again(eager, meeting):
    first = list(eager(functions.Meeting(meeting()), range(12)))
    second = list(eager(functions.Meeting(meeting()), range(12)))
    assert {process for _, process in first} == {process for _, process in second}


def test_little_work_begins_no_process(monkeypatch):
    seconds = count(0.0, 0.15)
    monkeypatch.setattr("vaar.processes.pool.perf_counter", lambda: next(seconds))
    with sharing(2) as pool:
        assert {process for _, process in pool(functions.slow_square, range(3))} == {os.getpid()}
        assert not processes_of(pool)


def test_one_process_is_this_one(eager):
    eager._most = 0
    assert {process for _, process in eager(functions.slow_square, range(3))} == {os.getpid()}


def test_what_cannot_be_pickled_is_computed_here(eager):
    assert list(eager(lambda k: k + 1, [1, 2, 3])) == [2, 3, 4]


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_cannot_be_pickled_or_loaded_there_is_left_to_this_process(eager):
    chunks = [1, *(functions.OnlyIn(os.getpid()) for _ in range(4)), lambda: 0, 3]
    assert list(eager(functions.as_it_is, chunks)) == chunks


def test_an_error_comes_back_as_what_it_is(eager, meeting):
    with pytest.raises(DataError, match="it cannot be computed"):
        list(eager(functions.Refusing(meeting()), range(8)))
    with pytest.raises(RuntimeError, match="Demanding: a and b"):
        list(eager(functions.Demands(meeting()), range(8)))


def test_nothing_is_left_after_an_error(eager, meeting, is_there):
    list(eager(functions.Meeting(meeting()), range(12)))
    (process,) = processes_of(eager)
    with pytest.raises(DataError):
        list(eager(functions.Refusing(meeting()), range(8)))
    assert not is_there(process)


def test_what_a_lost_process_held_is_computed_here(eager, meeting):
    found = list(eager(functions.Dying(meeting()), range(6)))
    assert found == [(k, os.getpid()) for k in range(6)]
    assert not processes_of(eager)


def test_what_is_printed_there_spoils_nothing(eager):
    assert list(eager(functions.chatty, range(8))) == list(range(8))


def test_a_program_that_is_not_python_spoils_nothing(eager, monkeypatch):
    for program in ("/bin/cat", "/bin/true", "/nowhere/python", ""):
        monkeypatch.setattr(sys, "executable", program)
        found = list(eager(functions.slow_square, range(4)))
        assert [square for square, _ in found] == [0, 1, 4, 9]
        eager.close()
        eager._most = 1


def test_the_end_of_the_block_ends_the_processes(eager, meeting, is_there):
    list(eager(functions.Meeting(meeting()), range(12)))
    (process,) = processes_of(eager)
    assert is_there(process)
    eager.close()
    assert not is_there(process)


BOSS = """
import sys
from pathlib import Path
import vaar.processes.pool as pools
from support.chunks import Sleeping
pools._WORTH_BEGINNING = -1.0
with pools.sharing(2) as pool:
    try:
        list(pool(Sleeping(Path(sys.argv[1])), range(4)))
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_does_not_outlive_the_one_that_began_it(tmp_path, meeting, how, is_there):
    folder = meeting()
    script = tmp_path / "boss.py"  # without a guard: it is not loaded again
    script.write_text(BOSS)
    with subprocess.Popen(
        [sys.executable, script, folder],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as boss:
        try:
            wait_until(lambda: len(at_work(folder)) == 2)
            (other,) = at_work(folder) - {boss.pid}
            assert is_there(other)
            os.killpg(boss.pid, how) if how == signal.SIGINT else boss.send_signal(how)
            told, _ = boss.communicate(timeout=PATIENCE)  # neither comes to the end of its work
        finally:
            boss.kill()
    assert told == ("stopped\n" if how == signal.SIGINT else "")
    wait_until(lambda: not is_there(other))


def at_work(folder):
    return {int(path.name) for path in folder.iterdir()}


def wait_until(is_so):
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
