"""What Inspect asked, imported, is what `vaar run` would have asked."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import vaar
from support.inspect_mock import (
    bridged_study,
    mock,
    output,
    quiet,
    run_eval,
    say,
    simulated,
    write_study,
)
from vaar.errors import LogError, RunDirectoryError
from vaar.inspect_bridge.task import privacy_prosocial
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.pipeline.ask import CollectionOptions, ask
from vaar.pipeline.import_logs import import_logs
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.inspect_models.respondent import InspectModel, InspectRespondent
from vaar.respondents.wire.session_header import session_in
from vaar.responses.table import build_table
from vaar.sessions.plan import plan_sessions
from vaar.study.load import load_study

NAME = "inspect/mockllm/model"
QUICK = vaar.AnalysisOptions(replicates=10, subsamples=2)


@pytest.fixture
def evaluate(tmp_path):
    """Run the task on the tiny study in two conditions; return the path of the log."""

    def run(answer=say, study=None, options=None, **arguments):
        task = privacy_prosocial(
            study=write_study(study or bridged_study(), tmp_path),
            **{"sessions": 4, "seed": 7} | arguments,
        )
        return Path(run_eval(task, mock(answer), tmp_path / "logs", **options or {}).location)

    return run


def contents(path):
    with closing(Journal.existing(path / "journal.sqlite")) as journal:
        return journal.sessions(), list(journal.turns())


def without_time(turns):
    return [replace(turn, reply=replace(turn.reply, latency=0.0)) for turn in turns]


def run_json(path):
    return json.loads((path / "run.json").read_text())


def test_an_import_holds_what_a_run_of_the_same_replies_holds(evaluate, tmp_path):
    study = bridged_study()
    imported = import_logs([evaluate()], tmp_path / "imported")
    assert imported.sessions == {"complete": 8}
    assert imported.respondents == imported.simulated == (NAME,)
    respondent = InspectRespondent(InspectModel(NAME, "mockllm/model"), mock(say))
    (tmp_path / "asked").mkdir()
    planned = plan_sessions(study, [NAME], 4, seed=7)
    with quiet():
        ask(study, planned, [respondent], RunDirectory(tmp_path / "asked"), CollectionOptions())
    sessions, turns = contents(tmp_path / "imported")
    theirs, their_turns = contents(tmp_path / "asked")
    assert sessions == theirs
    assert without_time(turns) == without_time(their_turns)
    assert any(turn.attempt for turn in turns)
    rows, their_rows = (
        build_table(study, planned, found).drop_columns("latency") for found in (turns, their_turns)
    )
    assert rows == their_rows


@pytest.mark.slow
def test_the_tables_of_an_imported_study_are_those_of_a_run(tmp_path):
    study = load_study("privacy_prosocial")
    task = privacy_prosocial(sessions=6, seed=3)
    log = run_eval(task, simulated(study), tmp_path / "logs")
    import_logs([log.location], tmp_path / "imported")
    settled = plan(models=["simulated/human-like"], sessions=6, seed=3)
    carry_out(settled, tmp_path / "asked")
    tables = []
    for path in (tmp_path / "imported", tmp_path / "asked"):
        analysis = vaar.analyze(path, only=["profile"])
        profile = analysis.tables["profile"]
        assert set(analysis.simulated) == set(profile["group"])
        responses = pq.read_table(path / "responses.parquet").drop_columns(["group", "latency"])
        tables.append((responses, profile.drop(columns="group")))
    assert tables[0][0] == tables[1][0]
    assert tables[0][1].equals(tables[1][1])
    page = vaar.write_report(tmp_path / "imported").read_text()
    assert "imported from" in page
    assert "simulated" in page


def test_several_models_are_one_run(evaluate, tmp_path):
    logs = [evaluate(), evaluate(lambda *_: "3", sessions=2)]
    imported = import_logs(logs, tmp_path / "run", ["first", "second"])
    assert imported.respondents == ("first", "second")
    assert imported.sessions == {"complete": 8 + 4, "pending": 4}
    run = run_json(tmp_path / "run")
    assert [r["name"] for r in run["respondents"]] == ["first", "second"]
    assert run["respondents"][1]["groups"] == ["second [carried]", "second [apart]"]
    assert all(r["simulated"] for r in run["respondents"])
    assert [log["file"] for log in run["imported"]] == [log.name for log in logs]
    assert run["finished"] is None


def test_parts_of_one_plan_add_up(evaluate, tmp_path):
    logs = [evaluate(options={"limit": (0, 3)}), evaluate(options={"limit": (3, 8)})]
    assert import_logs(logs, tmp_path / "run").sessions == {"complete": 8}
    whole = import_logs([evaluate()], tmp_path / "whole")
    _, turns = contents(tmp_path / "run")
    assert without_time(turns) == without_time(contents(whole.directory)[1])


def test_failed_and_missing_samples_keep_what_they_said_and_can_be_asked_by_vaar(
    evaluate, tmp_path
):
    seeds = [session.seed for session in plan_sessions(bridged_study(), ["m"], 4, seed=7)]

    def answer(messages, config):
        fails = session_in(config.extra_headers) == seeds[0] and len(messages) > 4
        return RuntimeError("no such luck") if fails else "2"

    log = evaluate(answer, condition="carried", options={"limit": 3})
    imported = import_logs([log], tmp_path / "run")
    assert imported.sessions == {"failed": 1, "complete": 2, "pending": 1}
    sessions, turns = contents(tmp_path / "run")
    assert sessions[0][1:] == ("failed", "provider_error: no such luck")
    assert [turn.turn for turn in turns if turn.session == 1] == [0, 1]
    found = status(tmp_path / "run")
    assert found.journal.failures == {"provider_error: no such luck": 1}
    study = tmp_path / "run/study.yaml"
    going_on = f"--model {NAME} --sessions 4 --seed 7 --out {tmp_path / 'run'}"
    assert found.command == f"vaar run {study} {going_on}"
    settled = plan(study, [NAME], sessions=4, seed=7)
    respondent = InspectRespondent(
        InspectModel(NAME, "mockllm/model"), mock(lambda *_: output("2"))
    )
    settled = replace(settled, respondents=(respondent,))
    with quiet():
        _, asked = carry_out(settled, tmp_path / "run", CollectionOptions(retry_failed=True))
    assert asked.pending == 0
    assert asked.progress.turns == 3 + 5


def test_a_study_of_its_own_name_is_continued_in_inspect(evaluate, tmp_path):
    import_logs([evaluate(options={"limit": 1})], tmp_path / "run", ["mine"])
    assert "eval-retry" in status(tmp_path / "run").command


@pytest.mark.slow
def test_logs_that_do_not_belong_together_are_refused(evaluate, tmp_path):
    log = evaluate()
    for others, said in [
        ([log], "there twice"),
        ([evaluate()], "there twice"),
        ([evaluate(seed=8)], "different seeds"),
        ([evaluate(condition="carried")], "hold different studies"),
    ]:
        with pytest.raises(LogError, match=said):
            import_logs([log, *others], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_names_that_no_respondent_may_have_are_refused(evaluate, tmp_path):
    log = evaluate(sessions=1)
    with pytest.raises(LogError, match="2 names are given for 1 logs"):
        import_logs([log], tmp_path / "run", ["a", "b"])
    for name in ("human", "simulated/human-like", " ", "a\nb", "x" * 101):
        with pytest.raises(LogError, match="give another with --name"):
            import_logs([log], tmp_path / "run", [name])


def test_a_directory_in_use_is_left_as_it_is(evaluate, tmp_path):
    log = evaluate(sessions=1)
    import_logs([log], tmp_path / "run")
    before = (tmp_path / "run/journal.sqlite").read_bytes()
    for names in ([], ["other"]):
        with pytest.raises(RunDirectoryError, match="holds a run already"):
            import_logs([log], tmp_path / "run", names)
    assert (tmp_path / "run/journal.sqlite").read_bytes() == before
    (tmp_path / "busy").mkdir()
    with locked(tmp_path / "busy"), pytest.raises(RunDirectoryError, match="another vaar process"):
        import_logs([log], tmp_path / "busy")


def test_nothing_to_import():
    with pytest.raises(LogError, match="nothing to import"):
        import_logs([], "nowhere")
