import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vaar.cli.list_runs import _lines
from vaar.cli.main import app
from vaar.pipeline.reading.list_runs import ListedRun


def vaar(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def test_runs_are_listed(tmp_path):
    models = ("--model", "simulated/noisy", "--model", "simulated/constant")
    vaar("run", *models, "--sessions", 2, "--ask-only", "--out", tmp_path / "one")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "run.json").write_text("[]")
    done = vaar("list", tmp_path)
    lines = done.output.splitlines()
    place = lines.index(str(tmp_path / "one"))
    assert lines[place + 1] == "  privacy_prosocial · 4 sessions · not analysed yet"
    assert lines[place + 2] == "  simulated/noisy, simulated/constant"
    assert "bad/run.json: cannot be read (it holds no JSON object)" in done.output
    told = json.loads(vaar("list", tmp_path, "--json").stdout)
    assert [(one["complete"], bool(one["problem"])) for one in told] == [(0, True), (4, False)]


def test_a_directory_without_runs(tmp_path):
    assert "holds no run" in vaar("list", tmp_path).output


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((1200, 0, 0), "1,200 sessions"),
        ((1000, 0, 200), "1,000 of 1,200 sessions"),
        ((7, 2, 1), "7 of 10 sessions, 2 failed"),
    ],
)
def test_sessions_that_failed_or_wait_are_counted(counts, told):
    complete, failed, pending = counts
    run = ListedRun(Path("run"), study="study", complete=complete, failed=failed, pending=pending)
    assert _lines(run)[1] == f"study · {told} · not analysed yet"
