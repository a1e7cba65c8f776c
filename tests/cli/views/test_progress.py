from collections import Counter

import pytest

from vaar.cli import console
from vaar.cli.views import progress
from vaar.cli.views.progress import Live, detail, live_progress, live_stages
from vaar.sessions.runner.progress import Progress


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(console.notes, "_force_terminal", True)


def test_faults_stand_beside_replies_and_tokens():
    asking = Progress(turns=1200, input_tokens=90_000, output_tokens=2_400, failed=2)
    assert detail(asking) == "1,200 replies, 92,400 tokens, 2 failed"
    asking.faults = {"m": Counter(rate_limited=12), "n": Counter(server_error=3)}
    assert detail(asking).endswith(", 2 failed, 12 rate-limited, 3 server errors")
    assert detail(Progress(turns=1)) == "1 reply, 0 tokens"


def test_it_draws_what_it_is_told_on_a_terminal(terminal):
    with live_progress(10) as live:
        assert isinstance(live, Live)
        live.on_progress(Progress(complete=3, failed=1), 2)
        (task,) = live._bars.tasks
        assert (task.completed, task.total, task.description) == (6, 10, "sessions")
        live._shown = 0.0
        live.on_progress(Progress(stopped="--max-tokens 5 is reached"), 2)
        assert task.description == "waiting for calls under way"


def test_without_a_terminal_a_line_comes_now_and_then(capsys, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    with live_progress(1200) as lines:
        lines.on_progress(Progress(complete=1), 0)
        clock[0] += progress.LINE_EVERY
        lines.on_progress(Progress(complete=3, failed=1, turns=40), 1000)
        lines.on_progress(Progress(complete=4, failed=1, turns=50), 1000)
        lines.on_stage("scoring [2]")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "sessions: 1,004 of 1,200, 40 replies, 0 tokens, 1 failed\nscoring [2] …\n"


def test_stages_are_lines_without_a_terminal_and_nothing_where_it_is_quiet(capsys):
    with live_stages() as on_stage:
        on_stage("scoring")
    assert capsys.readouterr().err == "scoring …\n"
    console.speak(quiet=True)
    with live_stages() as on_stage:
        on_stage("scoring")
    console.speak()
    assert capsys.readouterr().err == ""
