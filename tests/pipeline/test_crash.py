"""Runs that die: over HTTP, against a server in a process of its own."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

import vaar
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.pipeline.reading.status import status
from vaar.responses.table import read_table

SERVER = Path(__file__).parent.parent / "support" / "counting_server.py"
IN_FLIGHT = 8
LATE = 30
"""Calls that are answered while the signal is on its way."""

KILLS = int(os.environ.get("VAAR_KILLS", "3"))
"""Of one run; `make quality` sets more."""

SESSIONS = 4 + 2 * KILLS
ASK = f"""
import sys
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
settled = plan("privacy_prosocial", ["openai/noisy"], {SESSIONS}, 1, sys.argv[1] + "/v1")
carry_out(settled, sys.argv[2], CollectionOptions({IN_FLIGHT}))
"""


@pytest.fixture(scope="module")
def server():
    process = subprocess.Popen(
        [sys.executable, SERVER, "0.004"],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(SERVER.parent.parent)},
    )
    with process, process.stdout:
        yield process.stdout.readline().strip()
        process.kill()


def calls(server, most=None):
    """Calls that the server has got; from the number of ``most`` on it leaves them unanswered."""
    path = "calls" if most is None else f"calls/{most}"
    with urllib.request.urlopen(f"{server}/{path}") as response:
        return json.load(response)


def settled_calls(server):
    """Calls that the server has got, once those on their way have arrived."""
    before = -1
    while before != (now := calls(server)):
        before = now
        time.sleep(0.05)
    return now


def start(server, out, **options):
    return subprocess.Popen(
        [sys.executable, "-c", ASK, server, str(out)], stderr=subprocess.PIPE, text=True, **options
    )


def die_at(server, out, threshold):
    """Start, and be killed when the server has got so many calls; whether it came to that.

    However late the signal comes, the run is not at its end: a little later no call is answered.
    """
    calls(server, most=threshold + LATE)
    process = start(server, out)
    with process, process.stderr:
        while process.poll() is None and calls(server) < threshold:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    calls(server, most=10**9)
    return process.returncode == -signal.SIGKILL


def turns_without_gap(out):
    """Replies in the journal; between those of a session nothing may be missing."""
    with closing(Journal.existing(out / "journal.sqlite")) as journal:
        keys = [(turn.session, turn.turn, turn.attempt) for turn in journal.turns()]
    expected: dict[int, list] = {}
    for session, turn, attempt in keys:
        following = expected.setdefault(session, [(0, 0)])
        assert (turn, attempt) in following
        expected[session] = [(turn, attempt + 1), (turn + 1, 0)]
    return len(keys)


@pytest.mark.slow
def test_kills_lose_nothing_and_repeat_only_what_was_under_way(server, tmp_path):
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    draw, first = random.Random(2), settled_calls(server)
    kills, repeated = 0, 0
    while kills < KILLS:
        assert die_at(server, broken, calls(server) + draw.randrange(1, 70)), "it ended too soon"
        kills += 1
        got = settled_calls(server) - first
        lost = got - turns_without_gap(broken) - repeated
        assert 0 <= lost <= IN_FLIGHT
        repeated += lost
        found = status(broken)
        assert found.holder is None
        assert sum(g.replies for g in found.journal.groups) == got - repeated
    for out in (broken, whole):
        process = start(server, out)
        with process, process.stderr:
            assert process.wait() == 0, process.stderr.read()
        vaar.analyze(out, only=["profile"])
    assert turns_without_gap(broken) == turns_without_gap(whole)
    assert settled_calls(server) - first == 2 * turns_without_gap(whole) + repeated
    responses = [read_table(out / "responses.parquet") for out in (broken, whole)]
    assert responses[0].drop(columns="latency").equals(responses[1].drop(columns="latency"))
    profiles = [(out / "profile.csv").read_bytes() for out in (broken, whole)]
    assert profiles[0] == profiles[1]


def test_a_second_process_is_refused(server, tmp_path):
    before = settled_calls(server)
    with locked(tmp_path):
        process = start(server, tmp_path)
        with process, process.stderr:
            told = process.stderr.read()
    assert process.returncode == 1
    assert f"another vaar process ({os.getpid()}) is running" in told
    assert settled_calls(server) == before
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_full_disk_ends_the_run_and_keeps_what_was_committed(server, tmp_path):
    out = tmp_path / "run"

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    process = start(server, out, preexec_fn=little_room)
    with process, process.stderr:
        told = process.stderr.read()
    assert process.returncode == 1
    assert "RunDirectoryError" in told and "start the same command again" in told
    kept = turns_without_gap(out)
    assert kept > 0
    before = settled_calls(server)
    process = start(server, out)
    with process, process.stderr:
        assert process.wait() == 0, process.stderr.read()
    assert turns_without_gap(out) - kept == settled_calls(server) - before
