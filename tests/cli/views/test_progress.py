from collections import Counter

from vaar.cli.views.progress import detail, live_progress
from vaar.sessions.runner.run import Progress


def test_faults_stand_beside_replies_and_tokens():
    asking = Progress(turns=1200, input_tokens=90_000, output_tokens=2_400, failed=2)
    assert detail(asking) == "1,200 replies, 92,400 tokens, 2 failed"
    asking.faults = {"m": Counter(rate_limited=12), "n": Counter(server_error=3)}
    assert detail(asking).endswith(", 2 failed, 12 rate-limited, 3 server errors")


def test_it_draws_what_it_is_told():
    with live_progress(10) as live:
        live.on_progress(Progress(complete=3, failed=1), 2)
        (task,) = live._bars.tasks
        assert (task.completed, task.total, task.description) == (6, 10, "sessions")
        live._shown = 0.0
        live.on_progress(Progress(stopped="--max-tokens 5 is reached"), 2)
        assert task.description == "waiting for calls under way"
