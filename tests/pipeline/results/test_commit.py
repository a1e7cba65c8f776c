"""An analysis takes the place of the one of its name, and keeps what may stay beside it."""

import json

import pandas as pd
import pytest

import vaar
from support.own_analysis import Count
from vaar.errors import DataError, OptionError, RunDirectoryError
from vaar.pipeline.results.layout import stored_names
from vaar.pipeline.rundir import RunDirectory


def manifest(run, name="default"):
    return json.loads((run / "analyses" / name / "analysis.json").read_text(encoding="utf-8"))


def test_an_own_analysis_stands_beside_the_packages(run, analyze):
    found = analyze({"count": {"least": 3}})
    assert list(found.outcomes) == ["profile", "count", "share"]
    assert found.shares["share"].sum() == pytest.approx(1)
    folder = run / "analyses" / "default"
    assert {path.name for path in folder.iterdir()} == {
        *("analysis.json", "groups.csv", "profile", "count", "share"),
    }
    in_root = pd.read_csv(run / "counts.csv")
    assert in_root["n"].tolist() == found.counts["n"].tolist()
    assert json.loads((folder / "count" / "record.json").read_text()) == {"least": 3}
    told = manifest(run)
    assert told["options"]["count"] == {"least": 3}
    assert told["outcomes"]["share"] == {"status": "done", "reason": "", "needs": ["count"]}


def test_a_named_analysis_overwrites_nothing_of_the_default_one(run, analyze):
    analyze({"count": {"least": 3}})
    before = {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()}
    other = analyze({"count": {"least": 5}}, name="strict")
    after = {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()}
    assert {path: after[path] for path in before} == before
    assert other.counts["n"].sum() < pd.read_csv(run / "counts.csv")["n"].sum()
    assert stored_names(RunDirectory(run)) == ("default", "strict")
    assert manifest(run, "strict")["options"]["count"] == {"least": 5}


def test_a_named_analysis_begins_with_the_options_of_the_default_one(analyze):
    analyze({"count": {"least": 3}})
    assert analyze(name="other").options["count"].least == 3
    assert analyze(name="other", defaults=True).options["count"].least == 0
    assert analyze(name="other").options["count"].least == 0
    assert analyze().options["count"].least == 3


def test_what_is_left_alone_stays_where_it_rests_on_the_same(run, analyze):
    analyze({"count": {"least": 3}})
    found = vaar.analyze(run, only=["profile"])
    assert list(found.outcomes) == ["profile"]
    assert not found.left_out
    assert list(manifest(run)["outcomes"]) == ["count", "share", "profile"]
    again = analyze(only=["share"])
    assert list(again.outcomes) == ["profile", "count", "share"]


def test_what_rests_on_another_result_goes_with_it(run, analyze):
    analyze({"count": {"least": 3}})
    found = analyze({"count": {"least": 4}}, only=["count"])
    assert found.left_out == {"share": "it rests on another count"}
    assert not (run / "shares.csv").exists()
    assert not (run / "analyses" / "default" / "share").exists()
    assert analyze({"count": {"least": 4}}, only=["share"]).left_out == {}


def test_what_rests_on_other_people_goes(run, analyze):
    analyze()
    responses = vaar.analyze(run, only=["profile"]).directory / "responses.parquet"
    wide = pd.read_parquet(responses).pivot(index="session", columns="item", values="value")
    wide.fillna(3).astype(int).to_csv(run / "human.csv", index=False)
    found = analyze(only=["profile"])
    assert set(found.left_out) == {"count", "share"}
    assert "other replies, groups or people" in found.left_out["share"]
    assert found.groups["people"].tolist() == [False, False, True]


def test_a_result_whose_file_was_changed_is_not_kept(run, analyze):
    analyze()
    with (run / "analyses" / "default" / "count" / "counts.csv").open("a") as file:
        file.write("simulated/noisy,7\n")
    found = analyze(only=["profile"])
    assert found.left_out == {
        "count": "its files were changed",
        "share": "it rests on another count",
    }


def test_options_of_what_is_not_done_are_refused(run, analyze):
    analyze()
    with pytest.raises(OptionError, match=r"options of count were given.*name it in --only"):
        analyze({"count": {"least": 4}}, only=["profile"])


def test_nothing_is_lost_when_an_analysis_fails(run, analyze):
    class Broken(Count):
        def run(self, data, options, earlier, work):
            raise DataError("it cannot be")

    analyze()
    before = {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()}
    with pytest.raises(DataError, match="it cannot be"):
        vaar.analyze(run, analyses=[Broken()], only=["count"])
    assert {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()} == before


def test_a_record_that_json_cannot_hold_is_refused_and_nothing_is_left_behind(run):
    class Odd(Count):
        def run(self, data, options, earlier, work):
            found = super().run(data, options, earlier, work)
            return type(found)(found.analysis, found.status, "", options, found.tables, {"x": {1}})

    with pytest.raises(DataError, match="record of analysis count cannot be written as JSON"):
        vaar.analyze(run, analyses=[Odd()], only=["count"])
    assert not list((run / "analyses").iterdir())
    assert not list(run.glob(".responses*"))


def test_a_table_that_is_not_specified_is_refused(run):
    class Odd(Count):
        tables = ()

    with pytest.raises(OptionError, match="gave the tables counts, which its `tables` do not"):
        vaar.analyze(run, analyses=[Odd()], only=["count"])


def test_a_folder_in_the_place_of_a_file_is_told(run, analyze):
    (run / "responses.parquet").mkdir()
    (run / "responses.parquet" / "theirs").write_text("kept")
    with pytest.raises(RunDirectoryError, match=r"responses\.parquet: cannot be written"):
        analyze()
    assert (run / "responses.parquet" / "theirs").read_text() == "kept"
    assert not list(run.glob(".responses.parquet.*.part"))
