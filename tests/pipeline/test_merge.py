"""Shards asked apart and merged are the run that one machine would have asked."""

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import vaar
from support.journals import cut_session, edited
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.merge import merge
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.sessions.shard import Shard

MODELS = ["simulated/human-like", "simulated/contrarian"]
RECORD = Path(__file__).parents[1] / "data" / "three_respondents"
QUICK = vaar.AnalysisOptions(replicates=20, subsamples=3)
FILES = [
    *("responses.parquet", "profile.csv", "invariance.csv", "paths.csv", "vaar.csv"),
    *("vaar_by_n.csv", "screening.csv", "groups.csv"),
    "analyses/default/alignment/record.json",
]


def settled(shard=None, **changes):
    return plan(models=MODELS, **{"sessions": 30, "seed": 5} | changes, shard=shard)


def asked(path, shard=None, **changes):
    carry_out(settled(shard, **changes), path, CollectionOptions(), options=QUICK)
    return path


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    base = tmp_path_factory.mktemp("shards")
    return [asked(base / f"s{number}", Shard(number, 3)) for number in (1, 2, 3)]


@pytest.fixture
def shards(originals, tmp_path):
    return [shutil.copytree(path, tmp_path / path.name) for path in originals]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return asked(tmp_path_factory.mktemp("whole") / "run")


def contents(path):
    with closing(Journal.existing(path / "journal.sqlite")) as journal:
        return journal.sessions(), list(journal.turns())


def forget(path, session, turn):
    cut_session(path / "journal.sqlite", session, turn)


def test_merged_shards_are_the_run_of_one_machine(shards, whole, tmp_path):
    merged = merge(shards, tmp_path / "all")
    assert merged.sessions == {"complete": 60}
    assert not merged.missing
    assert contents(tmp_path / "all") == contents(whole)
    for path in (tmp_path / "all", whole):
        vaar.analyze(path, QUICK)
    for name in FILES:
        assert (tmp_path / "all" / name).read_bytes() == (whole / name).read_bytes(), name


def test_the_order_and_number_of_merges_do_not_matter(shards, whole, tmp_path):
    merge([shards[2]], tmp_path / "all")
    merge([shards[1], shards[0], shards[1]], tmp_path / "all")
    merged = merge([tmp_path / "all"], tmp_path / "all")
    assert merged.sessions == {"complete": 60}
    assert contents(tmp_path / "all") == contents(whole)
    assert json.loads((tmp_path / "all/run.json").read_text())["merged"] == ["1/3", "2/3", "3/3"]


def test_missing_and_unfinished_shards_leave_sessions_pending(shards, whole, tmp_path):
    number = contents(shards[0])[0][3][0].number
    forget(shards[0], number, 20)
    merged = merge([shards[0], shards[2]], tmp_path / "all")
    assert merged.missing == (Shard(2, 3),)
    assert merged.sessions == {"complete": 39, "pending": 21}
    assert json.loads((tmp_path / "all/run.json").read_text())["finished"] is None
    before = len(contents(tmp_path / "all")[1])
    _, done = carry_out(settled(), tmp_path / "all", CollectionOptions(), options=QUICK)
    assert done.progress.turns == len(contents(whole)[1]) - before
    assert contents(tmp_path / "all") == contents(whole)


def test_a_shard_resumed_after_a_merge_is_merged_again(shards, whole, tmp_path):
    number = contents(shards[1])[0][0][0].number
    forget(shards[1], number, 5)
    assert merge(shards, tmp_path / "all").sessions["pending"] == 1
    asked(shards[1], Shard(2, 3))
    assert not merge(shards, tmp_path / "all").sessions["pending"]
    assert contents(tmp_path / "all") == contents(whole)


def test_doubles_that_differ_are_refused(shards, tmp_path):
    other = shutil.copytree(shards[0], tmp_path / "other")
    with closing(Journal.existing(other / "journal.sqlite")) as journal:
        number = journal.sessions()[0][0].number
        changed = [_reworded(turn) if turn.turn == 7 else turn for turn in journal.turns_of(number)]
    forget(other, number, 0)
    with closing(Journal.existing(other / "journal.sqlite")) as journal:
        journal.enter(changed, [(number, "complete", None)])
    with pytest.raises(RunDirectoryError, match=r"asked twice.*turn 7"):
        merge([shards[0], other], tmp_path / "all")


def _reworded(turn):
    return replace(turn, reply=replace(turn.reply, text="another reply"))


def test_shards_of_different_runs_are_refused(shards, tmp_path):
    other = asked(tmp_path / "other", Shard(2, 3), seed=6)
    with pytest.raises(RunDirectoryError, match=r"different runs(.|\n)*seed: 5 and 6"):
        merge([shards[0], other], tmp_path / "all")


def test_shards_of_different_divisions_are_refused(shards, tmp_path):
    other = asked(tmp_path / "other", Shard(1, 2))
    with pytest.raises(RunDirectoryError, match="1/2, 1/3 are of different divisions"):
        merge([shards[0], other], tmp_path / "all")


def test_a_directory_of_another_run_is_not_merged_into(shards, tmp_path):
    asked(tmp_path / "all", sessions=2)
    with pytest.raises(RunDirectoryError, match=r"different runs(.|\n)*sessions: 2 and 30"):
        merge(shards, tmp_path / "all")


def test_a_shard_that_is_running_is_refused(shards, tmp_path):
    with locked(shards[0]), pytest.raises(RunDirectoryError, match="another vaar process"):
        merge(shards, tmp_path / "all")


def test_what_is_no_shard_is_refused(tmp_path):
    with pytest.raises(RunDirectoryError, match="there is no such file"):
        merge([tmp_path], tmp_path / "all")
    with pytest.raises(RunDirectoryError, match="nothing to merge"):
        merge([], tmp_path / "all")


@pytest.mark.parametrize("again", [None, Shard(2, 3)])
def test_a_shard_is_resumed_as_that_shard_only(shards, again):
    with pytest.raises(RunDirectoryError, match="shard: there '1/3'"):
        asked(shards[0], again)


def test_a_shard_says_which_it_is(shards):
    run = json.loads((shards[1] / "run.json").read_text())
    assert run["identity"]["shard"] == "2/3"


def test_one_run_under_two_rules_of_seeds_counts_each_session_once(tmp_path):
    """The recorded run is of the earlier rule; simulated respondents heed the session's seed."""
    recorded = tmp_path / "recorded"
    shutil.copytree(RECORD, recorded)
    models = ["simulated/human-like", "simulated/contrarian", "simulated/acquiescent"]
    again = plan(recorded / "study.yaml", models=models, sessions=60, seed=1)
    carry_out(again, tmp_path / "again", CollectionOptions(), options=QUICK)
    united = merge([recorded, tmp_path / "again"], tmp_path / "both")
    assert united.sessions.total() == 360 and united.twice == 0
    for name in ("both", "again"):
        vaar.analyze(tmp_path / name, QUICK, only=["alignment"])
    rates = pd.read_csv(tmp_path / "both" / "vaar.csv")
    assert rates["n_sessions"].tolist() == [60] * 3
    assert rates["reason"].str.contains("60 sessions are another one of the same seed").all()
    both, alone = (pd.read_csv(tmp_path / name / "paths.csv") for name in ("both", "again"))
    pd.testing.assert_frame_equal(both.drop(columns="reason"), alone.drop(columns="reason"))


def test_what_several_directories_hold_is_counted(tmp_path, originals):
    copy = shutil.copytree(originals[0], tmp_path / "copy")
    assert merge([originals[0], originals[1]], tmp_path / "two").twice == 0
    assert merge([originals[0], copy, originals[1]], tmp_path / "three").twice == 20


def test_a_source_that_lost_a_session_is_told(tmp_path, originals):
    lacking = shutil.copytree(originals[0], tmp_path / "lacking")
    with edited(lacking / "journal.sqlite") as database:
        (last,) = database.execute("SELECT max(number) FROM sessions").fetchone()
        for table, key in (("turns", "session"), ("sessions", "number")):
            database.execute(f"DELETE FROM {table} WHERE {key} = {last}")
    (lacking / ".lock").unlink()
    with pytest.raises(RunDirectoryError, match=r"1 of the sessions in run\.json"):
        merge([lacking, originals[1]], tmp_path / "out")


def test_links_that_lead_to_themselves_are_told(shards, tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(RunDirectoryError, match="loop"):
        merge([shards[0], loop], tmp_path / "out")
    with pytest.raises(RunDirectoryError, match="loop"):
        merge(shards, loop)
    assert loop.is_symlink()
