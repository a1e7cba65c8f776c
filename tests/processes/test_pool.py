import os
import signal
import subprocess
import sys
import time

import pytest

from support import chunks as functions
from vaar.errors import DataError
from vaar.processes.pool import sharing


def processes_of(pool):
    return [other._process.pid for other in pool._others]


def test_results_come_in_order_and_from_two_processes(eager):
    found = list(eager(functions.slow_square, range(12)))
    assert [square for square, _ in found] == [k * k for k in range(12)]
    assert len({process for _, process in found}) == 2
    assert os.getpid() in {process for _, process in found}


def test_processes_are_used_again(eager):
    first = list(eager(functions.slow_square, range(12)))
    second = list(eager(functions.slow_square, range(12)))
    assert {process for _, process in first} == {process for _, process in second}


def test_little_work_begins_no_process():
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


def test_an_error_comes_back_as_what_it_is(eager):
    with pytest.raises(DataError, match="7 cannot be computed"):
        list(eager(functions.refuse_seven, [1, 2, 3, 4, 5, 6, 7]))
    with pytest.raises(RuntimeError, match="Demanding: a and b"):
        list(eager(functions.Refusing(os.getpid()), range(8)))


def test_nothing_is_left_after_an_error(eager, is_there):
    list(eager(functions.slow_square, range(12)))
    (process,) = processes_of(eager)
    with pytest.raises(DataError):
        list(eager(functions.refuse_seven, [1, 2, 3, 4, 5, 6, 7]))
    assert not is_there(process)


def test_what_a_lost_process_held_is_computed_here(eager):
    here = os.getpid()
    found = list(eager(functions.Dying(here), range(6)))
    assert found == [(k, here) for k in range(6)]
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


def test_the_end_of_the_block_ends_the_processes(eager, is_there):
    list(eager(functions.slow_square, range(12)))
    (process,) = processes_of(eager)
    assert is_there(process)
    eager.close()
    assert not is_there(process)


BOSS = """
import vaar.processes.pool as pools
from support.chunks import Sleeping
pools._WORTH_BEGINNING = -1.0
with pools.sharing(2) as pool:
    try:
        list(pool(Sleeping(), range(4)))
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_does_not_outlive_the_one_that_began_it(tmp_path, how, is_there):
    script = tmp_path / "boss.py"  # without a guard: it is not loaded again
    script.write_text(BOSS)
    with subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as boss:
        other = other_of(boss.pid)
        assert is_there(other)
        began = time.monotonic()
        os.killpg(boss.pid, how) if how == signal.SIGINT else boss.send_signal(how)
        told = boss.stdout.read()
        boss.wait()
        assert time.monotonic() - began < 10
    assert told == ("stopped\n" if how == signal.SIGINT else "")
    end = time.monotonic() + 20
    while is_there(other) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_there(other)


def other_of(boss):
    """The process that another one began, once it is at work."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with open(f"/proc/{boss}/task/{boss}/children") as file:
            found = file.read().split()
        if found:
            time.sleep(1)
            return int(found[0])
        time.sleep(0.05)
    raise AssertionError("no process was begun")
