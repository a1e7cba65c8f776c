import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import count

import pytest

from support import chunks as functions
from support.chunks import PATIENCE
from vaar.errors import DataError
from vaar.processes.pool import sharing


def processes_of(pool):
    return [process for other in pool._others for process in other._executor._processes]


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


def test_other_processes_have_one_thread_of_blas_each(eager):
    found = dict(eager(functions.blas_threads, range(8)))
    del found[os.getpid()]
    assert list(found.values()) == [1]


def test_only_what_is_about_to_be_computed_is_sent(eager):
    functions.Counted.sent = 0
    results = eager(functions.slow_as_it_is, [functions.Counted() for _ in range(30)])
    next(results), next(results)
    assert 1 <= functions.Counted.sent <= 4
    assert len(list(results)) == 28


def test_what_cannot_be_pickled_is_computed_here(eager):
    assert list(eager(lambda k: k + 1, [1, 2, 3])) == [2, 3, 4]


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_cannot_be_pickled_or_loaded_there_is_left_to_this_process(eager):
    chunks = [1, *(functions.OnlyIn(os.getpid()) for _ in range(4)), lambda: 0, 3]
    assert list(eager(functions.as_it_is, chunks)) == chunks


def test_an_error_comes_back_as_what_it_is(eager, meeting):
    with pytest.raises(DataError, match="it cannot be computed"):
        list(eager(functions.Refusing(meeting()), range(8)))


def test_an_error_that_cannot_be_sent_back_is_for_this_process_to_find(eager, meeting):
    found = list(eager(functions.Demands(meeting()), range(6)))
    assert found == [(k, os.getpid()) for k in range(6)]


def test_nothing_is_left_after_an_error(eager, meeting, is_there):
    list(eager(functions.Meeting(meeting()), range(12)))
    (process,) = processes_of(eager)
    with pytest.raises(DataError):
        list(eager(functions.Refusing(meeting()), range(8)))
    assert not is_there(process)


def test_what_a_lost_process_held_is_computed_here(eager, meeting, capfd):
    found = list(eager(functions.Dying(meeting()), range(6)))
    assert found == [(k, os.getpid()) for k in range(6)]
    wait_until(lambda: not processes_of(eager))
    assert capfd.readouterr() == ("", "")
    found = list(eager(functions.Meeting(meeting()), range(6)))
    assert len({process for _, process in found}) == 2  # there is another one instead


def test_the_other_processes_go_on_when_one_is_lost(all_is_shared):
    with sharing(3) as pool:
        results = pool(functions.slow_square, range(60))
        found = [next(results), next(results)]
        killed, other = processes_of(pool)
        os.kill(killed, signal.SIGKILL)
        found += results
        wait_until(lambda: processes_of(pool) == [other])
    assert [square for square, _ in found] == [k * k for k in range(60)]
    assert other in {process for _, process in found}
    assert killed not in {process for _, process in found[20:]}


@pytest.mark.parametrize("error", [OSError(38, "not implemented"), ImportError(), RuntimeError()])
def test_without_semaphores_all_is_computed_here(eager, monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr("loky.backend.synchronize._SemLock", refuse)
    assert {process for _, process in eager(functions.slow_square, range(4))} == {os.getpid()}
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
print("begun", flush=True)
import sys
from pathlib import Path
import vaar.processes.pool as pools
from support.chunks import Sleeping
pools._WORTH_BEGINNING = -1.0
with pools.sharing(2) as pool:
    try:
        list(pool(Sleeping(Path(sys.argv[1])), range(10_000)))
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


@pytest.mark.parametrize("still_begins", [True, False])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_one_that_began_it(tmp_path, meeting, how, still_begins, is_there):
    folder = meeting()
    script = tmp_path / "scripts" / "boss.py"  # without a guard: it is not loaded again
    script.parent.mkdir()
    script.write_text(BOSS)
    (tmp_path / "json.py").write_text("print('not the one of the library')")
    with subprocess.Popen(
        [sys.executable, script, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as boss:
        try:
            # loky and multiprocessing have a further one each, which tidies up
            wait_until(lambda: len(children_of(boss.pid)) == 3)
            if still_begins:
                time.sleep(0.3)
            else:
                wait_until(lambda: len(at_work(folder)) == 2)
            others = children_of(boss.pid)
            os.killpg(boss.pid, how) if how == signal.SIGINT else boss.send_signal(how)
            told, _ = boss.communicate(timeout=PATIENCE)  # none comes to the end of its work
        finally:
            boss.kill()
    if how == signal.SIGINT:
        assert told == "begun\nstopped\n"
    elif not still_begins:  # one that has not heard of its work yet would complain
        assert told == "begun\n"
    wait_until(lambda: not any(map(is_there, others)))


def children_of(process):
    found = set()
    for thread in os.listdir(f"/proc/{process}/task"):
        with (
            suppress(FileNotFoundError, ProcessLookupError),  # a thread that has ended meanwhile
            open(f"/proc/{process}/task/{thread}/children") as file,
        ):
            found |= {int(child) for child in file.read().split()}
    return found


def at_work(folder):
    return {int(path.name) for path in folder.iterdir()}


def wait_until(is_so):
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_loky_is_loaded_where_it_is_needed_only():
    code = "import sys, vaar.pipeline.analyze; print('loky' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout == "False\n"
