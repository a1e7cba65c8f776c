"""Whole runs on the bundled study with simulated respondents."""

import asyncio
import json
import threading
from contextlib import closing
from typing import Any

import pandas as pd
import pytest

import vaar
from vaar.errors import RespondentHaltedError, RunDirectoryError
from vaar.journal.journal import Journal
from vaar.pipeline.merge import merge
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out
from vaar.respondents.simulated.server import start
from vaar.responses.table import read_table

TABLES = [
    "profile.csv",
    "invariance.csv",
    "paths.csv",
    "vaar.csv",
    "vaar_by_n.csv",
    "screening.csv",
]
QUICK = vaar.AnalysisOptions(replicates=20, subsamples=2)
MODELS = ["simulated/human-like", "simulated/contrarian", "simulated/constant"]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "one"
    return vaar.run(models=MODELS, sessions=80, seed=3, out=out, options=QUICK)


def test_every_file_of_the_run_directory_is_there(done):
    there = {path.name for path in done.analysis.directory.iterdir()}
    assert there >= {
        *("study.yaml", "run.json", "journal.sqlite", "responses.parquet", "groups.csv"),
        *("report.html", *TABLES),
    }


@pytest.mark.parametrize(
    ("table", "columns"),
    {
        "profile": "group scale n mean sd ci_lower ci_upper alpha omega refusal_rate missing_rate",
        "paths": "group path expected_sign estimate se std_estimate std_se df verdict confidence "
        "p_context reference_probability p_same_sign kl status",
        "vaar": "group definition vaar vaar_lower vaar_upper vaar_uncorrected kappa",
    }.items(),
)
def test_tables_begin_with_their_published_columns(done, table, columns):
    got = pd.read_csv(done.analysis.directory / f"{table}.csv").columns.tolist()
    assert got[: len(columns.split())] == columns.split()


def test_one_response_per_session_and_item(done):
    responses = read_table(done.analysis.directory / "responses.parquet")
    assert len(responses) == 3 * 80 * 41
    assert not responses.duplicated(["session", "item"]).any()
    assert (responses["value"].isna() == responses["reason"].notna()).all()


def test_human_like_is_high_contrarian_low_constant_not_estimable(done):
    rates = done.analysis.vaar.set_index("group")
    assert rates.loc["simulated/human-like", "vaar"] > 0.9
    assert rates.loc["simulated/contrarian", "vaar"] < 0.1
    constant = rates.loc["simulated/constant"]
    assert constant["status"] == "not_estimable"
    assert constant["n_not_estimable"] == constant["n_paths"] == 2
    assert pd.isna(constant["vaar_lower"])
    assert constant["reason"]


def test_everything_is_labelled_simulated(done):
    assert set(done.analysis.simulated) == set(MODELS)
    assert all(r["simulated"] for r in json.loads(_read(done, "run.json"))["respondents"])
    assert "simulated" in done.report.read_text(encoding="utf-8").lower()


def test_the_same_command_again_asks_nothing_and_gives_the_same(done):
    before = {name: _read(done, name) for name in TABLES}
    out = done.analysis.directory
    again = vaar.run(models=MODELS, sessions=80, seed=3, out=out, options=QUICK)
    assert again.asked.progress.turns == 0
    assert {name: _read(again, name) for name in TABLES} == before


def test_analysis_can_be_redone_after_all_its_files_are_lost(done):
    out = done.analysis.directory
    before = {name: _read(done, name) for name in TABLES}
    for name in [*TABLES, "responses.parquet", "groups.csv", "report.html"]:
        (out / name).unlink()
    vaar.analyze(out)
    vaar.write_report(out)
    assert {name: _read(done, name) for name in TABLES} == before


def test_another_run_is_refused(done):
    with pytest.raises(RunDirectoryError, match="seed: there 3, asked 4"):
        vaar.run(models=MODELS, sessions=80, seed=4, out=done.analysis.directory)


def test_it_runs_inside_a_running_loop_as_notebooks_have(tmp_path):
    async def notebook():
        return vaar.run(
            models=["simulated/human-like"], sessions=60, out=tmp_path / "nb", options=QUICK
        )

    assert asyncio.run(notebook()).asked.progress.complete == 60


@pytest.fixture
def served():
    """The simulated respondents behind an endpoint, in a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def call(task):
        return asyncio.run_coroutine_threadsafe(task, loop).result(300)

    runner, base_url = call(start(vaar.load_study("privacy_prosocial"), "127.0.0.1", 0))
    yield base_url
    call(runner.cleanup())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_over_http_the_answers_are_those_of_the_same_run_in_process(served, tmp_path):
    names = ["human-like", "privacy-blind"]
    arguments: dict[str, Any] = {"sessions": 8, "seed": 5, "options": QUICK}
    inside = vaar.run(models=[f"simulated/{n}" for n in names], out=tmp_path / "in", **arguments)
    over = vaar.run(
        models=[f"openai/{n}" for n in names], out=tmp_path / "http", base_url=served, **arguments
    )
    columns = ["session", "item", "position", "raw", "value", "reason", "attempts"]
    ours, theirs = (
        read_table(r.analysis.directory / "responses.parquet")[columns] for r in (inside, over)
    )
    pd.testing.assert_frame_equal(ours, theirs)
    labelled = {"openai/human-like", "openai/privacy-blind"}
    assert set(over.analysis.simulated) == labelled
    again = vaar.run(
        models=[f"openai/{n}" for n in names], out=tmp_path / "http", base_url=served, **arguments
    )
    assert again.asked.progress.turns == 0
    assert set(again.analysis.simulated) == labelled, "the label outlives the connection"


def test_a_model_behind_an_address_joins_simulated_ones_and_keeps_its_address(served, tmp_path):
    def asked(model, out, sessions=2, seed=1, **further):
        return carry_out(plan(models=[model], sessions=sessions, seed=seed, **further), out)

    run, alone = tmp_path / "run", tmp_path / "alone"
    asked("simulated/noisy", run)
    asked("openai/human-like", run, base_url=served)
    asked("openai/human-like", run, 3, base_url=served)
    with pytest.raises(RunDirectoryError, match=r"openai/human-like: address: there .*, asked"):
        asked("openai/human-like", run, 3, base_url=served.replace("127.0.0.1", "localhost"))
    asked("openai/human-like", alone, 3, seed=2, base_url=served)
    merge([run, alone], tmp_path / "merged")
    counts = {group.group: group.complete for group in status(tmp_path / "merged").journal.groups}
    assert counts == {"simulated/noisy": 2, "openai/human-like": 6}


def test_a_refused_connection_keeps_the_run_for_later(served, tmp_path):
    arguments = {"models": ["openai/human-like"], "sessions": 30, "out": tmp_path / "r"}
    with pytest.raises(RespondentHaltedError, match=r"127\.0\.0\.1:9"):
        vaar.run(**arguments, base_url="http://127.0.0.1:9/v1", options=QUICK)
    assert {p.name for p in (tmp_path / "r").iterdir()} >= {"run.json", "journal.sqlite"}


def test_people_say_how_probable_each_sign_is_and_turn_none(tmp_path):
    carry_out(plan(models=["simulated/contrarian"], sessions=150, seed=8), tmp_path / "p")
    vaar.analyze(tmp_path / "p", only=["profile"])
    responses = read_table(tmp_path / "p" / "responses.parquet")
    wide = responses.pivot(index="session", columns="item", values="value")
    wide.to_csv(tmp_path / "people.csv", index=False)
    done = vaar.run(
        models=["simulated/contrarian", "simulated/human-like"],
        sessions=80,
        out=tmp_path / "run",
        human=tmp_path / "people.csv",
        options=QUICK,
    )
    paths = done.analysis.paths.set_index(["group", "path"])
    assert paths.loc[("human", "aods ~ privacy"), "expected_sign"] == -1
    q = paths["reference_probability"]
    assert q["human", "aods ~ privacy"] < 0.01
    rates = done.analysis.vaar.set_index("group")["vaar"]
    assert "human" not in rates.index
    assert rates["simulated/contrarian"] > 0.9 > 0.2 > rates["simulated/human-like"]


def _read(run, name):
    return (run.analysis.directory / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", ["model_changed: 'a' then 'b'", "context_cut: at turn 9 …"])
def test_a_session_whose_replies_are_no_data_is_left_out_of_the_analysis_and_told(tmp_path, reason):
    carry_out(plan(models=MODELS[:2], sessions=40, seed=3), tmp_path)
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.enter([], [(5, "failed", reason)])
    vaar.analyze(tmp_path, only=["profile"])
    responses = read_table(tmp_path / "responses.parquet")
    assert set(range(1, 81)) - set(responses["session"]) == {5}
    page = vaar.write_report(tmp_path).read_text(encoding="utf-8")
    assert reason.partition(":")[0] in page
