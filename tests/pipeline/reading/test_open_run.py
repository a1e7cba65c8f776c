import shutil
from contextlib import closing

import pandas as pd
import pytest

import vaar
from support.journals import edited
from support.own_analysis import Count
from vaar.errors import RunDirectoryError, StaleResultsWarning
from vaar.journal.journal import Journal
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.responses.table import read_table


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    out = tmp_path_factory.mktemp("open") / "run"
    carry_out(plan(models=["simulated/noisy", "simulated/human-like"], sessions=3, seed=2), out)
    return out


@pytest.fixture
def directory(asked, tmp_path):
    return shutil.copytree(asked, tmp_path / "run")


def test_a_run_that_was_only_asked_can_be_read(directory):
    run = vaar.open_run(directory)
    assert run.study.name == "privacy_prosocial"
    assert run.record["seed"] == 2
    assert run.groups["group"].tolist() == ["simulated/noisy", "simulated/human-like"]
    assert run.groups["simulated"].all()
    assert len(run.responses) == 2 * 3 * 41
    assert (run.analyses, run.people) == ((), None)
    assert not (directory / "responses.parquet").exists()
    with pytest.raises(RunDirectoryError, match="no analysis named 'default'; there is none"):
        run.analysis()


def test_sessions_have_their_whole_conversations(directory):
    run = vaar.open_run(directory)
    sessions = list(run.sessions("simulated/noisy"))
    assert [one.session.number for one in sessions] == [1, 3, 5]
    first = sessions[0]
    assert first.status == "complete"
    assert first.messages[0]["role"] == "system"
    asked = [e for e in first.exchanges if not e.attempt]
    assert [next(iter(e.answers)) for e in asked] == [
        item.code for instrument in run.study.instruments for item in instrument.items
    ]
    assert first == run.session(1)
    assert not list(run.sessions(status="failed"))
    with pytest.raises(RunDirectoryError, match="no group 'x'; there are simulated/noisy, sim"):
        next(run.sessions("x"))
    with pytest.raises(RunDirectoryError, match="no session 99"):
        run.session(99)


def test_analyses_are_read_with_a_users_own(directory):
    own = [Count()]
    done = vaar.analyze(directory, {"count": {"least": 2}}, analyses=own, only=["count"])
    vaar.analyze(directory, only=["profile"], name="other")
    run = vaar.open_run(directory, own)
    assert run.analyses == ("default", "other")
    pd.testing.assert_frame_equal(run.analysis().counts, done.counts)
    assert list(run.analysis("other").outcomes) == ["profile"]
    assert "default, other" in repr(run)


def test_responses_are_never_behind_the_journal(directory):
    vaar.analyze(directory, only=["profile"])
    stored = read_table(directory / "responses.parquet")
    pd.testing.assert_frame_equal(vaar.open_run(directory).responses, stored)
    with closing(Journal.existing(directory / "journal.sqlite")) as journal:
        journal.enter([], [(1, "failed", "model_changed: 'a' then 'b'")])
    run = vaar.open_run(directory)
    assert len(run.responses) == len(stored) - 41
    with pytest.warns(StaleResultsWarning, match="more was asked.*`vaar analyze`"):
        assert run.analysis().stale


def test_people_are_read(directory):
    run = vaar.open_run(directory)
    wide = run.responses.pivot(index="session", columns="item", values="value")
    wide.to_csv(directory / "human.csv", index=False)
    again = vaar.open_run(directory)
    assert again.people["session"].nunique() == 6
    assert again.groups["people"].tolist() == [False, False, True]


def test_what_is_no_run_directory_is_told(tmp_path):
    with pytest.raises(RunDirectoryError, match="is this a run directory"):
        vaar.open_run(tmp_path)


def test_a_session_that_is_gone_is_told_by_whoever_reads(directory):
    with edited(directory / "journal.sqlite") as database:
        for table, key in (("turns", "session"), ("sessions", "number")):
            database.execute(f"DELETE FROM {table} WHERE {key} = 6")
    (directory / ".lock").unlink()
    run = vaar.open_run(directory)
    for read in (lambda: run.responses, lambda: list(run.sessions()), lambda: run.groups):
        with pytest.raises(RunDirectoryError, match=r"1 of the sessions in run\.json"):
            read()
