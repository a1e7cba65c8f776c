"""A run on a real Ray cluster of two nodes is the run of one process, whatever is lost of it."""

import os
import signal
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from vaar.errors import VaarError
from vaar.journal.journal import Journal
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.sessions.runner.budget import Caps

pytestmark = pytest.mark.slow

POPULATIONS = ["human-like", "contrarian"]
BOUND = 6  # sessions side by side of each model
SEED = 5
PATIENCE = 300.0


def said(path):
    """How every session ended, and every reply but for what a clock or a model's name says."""
    with closing(Journal.existing(path / "journal.sqlite")) as journal:
        ends = [(session.number, status) for session, status, _ in journal.sessions()]
        turns = [(t.session, t.turn, t.attempt, *_words(t.reply)) for t in journal.turns()]
    return ends, turns


def _words(reply):
    """Without the tokens read: over HTTP an empty reply stands in the history as "(no reply)"."""
    return (
        reply.text,
        reply.finish_reason,
        reply.output_tokens,
        reply.distribution,
    )


def workers():
    """Nodes that have a worker, and its process."""
    from ray._private.state import actors

    return {a["Address"]["NodeID"]: a["Pid"] for a in actors().values() if a["State"] == "ALIVE"}


def lose(cluster, server):
    """What a machine that goes dark loses: a worker whose calls are under way, and its node."""
    server.hold()
    try:
        end = time.monotonic() + PATIENCE
        while (found := asking(cluster, server)) is None:
            assert time.monotonic() < end, "no worker asks"
            time.sleep(0.05)
        node, process = found
        os.kill(process, signal.SIGKILL)
        cluster.remove_node(node, allow_graceful=False)
    finally:
        server.go_on()


def asking(cluster, server):
    """A node whose worker waits for an answer, and that worker's process."""
    processes, calls = workers(), sockets_at(server.asked()["open_now"])
    for node in cluster.worker_nodes:
        process = processes.get(node.node_id)
        if process is not None and calls & sockets_of(process):
            return node, process
    return None


def sockets_at(ports):
    """The numbers of connections from these ports of this machine."""
    with open("/proc/net/tcp") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    return {f"socket:[{row[9]}]" for row in rows if int(row[1].split(":")[1], 16) in ports}


def sockets_of(process):
    """The connections that a process has open."""
    found = set()
    for handle in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.add(os.readlink(handle))
    return found


def settled(kind, sessions, **options):
    return plan(
        models=[f"{kind}/{name}" for name in POPULATIONS], sessions=sessions, seed=SEED, **options
    )


def test_a_cap_holds_for_all_workers_and_the_rest_is_asked_later(cluster, tmp_path):
    capped = CollectionOptions(ray="auto", caps=Caps(tokens=300_000))
    whole = settled("simulated", 12, distributions=True)
    _, asked = carry_out(whole, tmp_path / "run", capped)
    assert "--max-tokens 300,000 is reached" in asked.progress.stopped
    spent = asked.progress.input_tokens + asked.progress.output_tokens
    with closing(Journal.existing(tmp_path / "run/journal.sqlite")) as journal:
        assert sum(part.input_tokens + part.output_tokens for part in journal.spent()) == spent
    assert 300_000 <= spent < 600_000
    assert asked.pending
    carry_out(whole, tmp_path / "run", CollectionOptions(ray="auto"))
    carry_out(whole, tmp_path / "one")
    assert said(tmp_path / "run") == said(tmp_path / "one")
    assert said(tmp_path / "run")[1][0][-1] is not None


def test_a_worker_without_the_key_is_told_at_once(cluster, tmp_path, monkeypatch):
    monkeypatch.setenv("KEY_OF_THE_DRIVER", "sk-only-here")
    models = tmp_path / "models.yaml"
    models.write_text(
        "models:\n- name: openai/some\n  base_url: https://models.invalid/v1\n"
        "  api_key_env: KEY_OF_THE_DRIVER\n"
    )
    with pytest.raises(VaarError, match=r"worker.*KEY_OF_THE_DRIVER is not set"):
        carry_out(
            plan(models=[models], sessions=3),
            tmp_path / "run",
            CollectionOptions(ray="auto", allow_hosts=["models.invalid"]),
        )


def test_a_respondent_that_nobody_can_ask_halts(cluster, tmp_path):
    nobody = settled("openai", 1, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(VaarError, match=r"127\.0\.0\.1:9"):
        carry_out(nobody, tmp_path / "run", CollectionOptions(ray="auto"))


def test_a_node_lost_in_the_middle_costs_only_its_calls_in_flight(cluster, server, key, tmp_path):
    removals: list[threading.Thread] = []

    def lose_one(progress, earlier):
        if not removals and progress.turns > 550:
            removals.append(threading.Thread(target=lose, args=(cluster, server)))
            removals[0].start()

    _, asked = carry_out(
        settled("openai", 24, base_url=server.base_url),
        tmp_path / "ray",
        CollectionOptions(concurrency=BOUND, ray="auto"),
        on_progress=lose_one,
    )
    (removal,) = removals
    removal.join()
    counts = server.asked()
    repeated = counts["calls"] - counts["different"]
    assert (asked.progress.complete, asked.failed) == (48, {})
    carry_out(settled("simulated", 24), tmp_path / "one")
    assert said(tmp_path / "ray") == said(tmp_path / "one")
    assert counts["different"] == asked.progress.turns
    assert 0 < repeated <= 2 * BOUND
    assert counts["most_open"] <= 2 * BOUND + repeated
    assert counts["keys"] == [f"Bearer {key}"]
    kept = [Path(cluster.head_node.get_session_dir_path()), tmp_path]
    files = [file for folder in kept for file in folder.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if key.encode() in file.read_bytes()]
