"""What was stored is read as it was computed, or refused; and whether it is stale is told."""

import json
import shutil
from contextlib import closing

import pandas as pd
import pytest

import vaar
from support.own_analysis import Count, Share
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.pipeline.results.read import others_out_of_date, read_analysis
from vaar.pipeline.rundir import RunDirectory

OWN = (Count(), Share())


def read(run, name="default", own=OWN):
    return read_analysis(RunDirectory(run), name, own)


def test_what_is_read_is_what_was_computed(run, analyze):
    found, again = analyze({"count": {"least": 2}}), read(run)
    assert again.options == found.options
    assert list(again.outcomes) == list(found.outcomes)
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    pd.testing.assert_frame_equal(again.groups, found.groups)
    assert again.outcomes["count"].record == {"least": 2}
    assert (again.stale, again.left_out) == ("", {})
    assert again.simulated == ("simulated/noisy", "simulated/human-like")


def test_results_of_an_unknown_analysis_are_told(run, analyze):
    analyze()
    again = read(run, own=())
    assert list(again.outcomes) == ["profile"]
    assert set(again.left_out) == {"count", "share"}


def test_a_name_that_is_not_there(run, analyze):
    with pytest.raises(RunDirectoryError, match="no analysis named 'default'; there is none"):
        read(run)
    analyze(name="strict")
    with pytest.raises(RunDirectoryError, match="there is strict"):
        read(run)
    with pytest.raises(RunDirectoryError, match=r"cannot be named '\.\./x'"):
        read(run, "../x")


@pytest.mark.parametrize("file", ["profile/profile.csv", "groups.csv", "count/record.json"])
def test_a_changed_or_missing_file_is_refused(run, analyze, file):
    analyze()
    path = run / "analyses" / "default" / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=f"{file} changed since written, or missing"):
        read(run)
    path.unlink()
    with pytest.raises(RunDirectoryError, match=f"{file} changed since written, or missing"):
        read(run)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 2}', "\x00"])
def test_a_damaged_manifest_is_told_and_can_be_replaced(run, analyze, content):
    analyze({"count": {"least": 3}})
    (run / "analyses" / "default" / "analysis.json").write_text(content)
    with pytest.raises(RunDirectoryError, match=r"analysis\.json: cannot be read"):
        read(run)
    with pytest.raises(RunDirectoryError, match="--defaults"):
        analyze()
    assert analyze(defaults=True).options["count"].least == 0
    assert not read(run).stale


def test_an_edited_manifest_is_told(run, analyze):
    analyze({"count": {"least": 3}})
    path = run / "analyses" / "default" / "analysis.json"
    path.write_text(path.read_text().replace('"least": 3', '"least": 2'))
    with pytest.raises(RunDirectoryError, match="was changed since it was written"):
        read(run)


def test_a_format_of_a_later_version_is_told(run, analyze):
    analyze()
    path = run / "analyses" / "default" / "analysis.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 3}))
    with pytest.raises(RunDirectoryError, match="has format 3, and this version of vaar reads 2"):
        read(run)


def test_a_run_that_went_on_makes_results_stale(run, analyze):
    analyze()
    with closing(Journal.existing(run / "journal.sqlite")) as journal:
        session = journal.sessions()[0][0].number
        journal.enter([], [(session, "failed", "provider_error: gone")])
    assert read(run).stale == (
        "since the analysis 'default' was made, more was asked, or asked again"
    )
    with pytest.raises(RunDirectoryError, match=r"more was asked.*Run `vaar analyze`"):
        vaar.write_report(run)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("study.yaml", "study.yaml was changed"),
        ("responses.parquet", "the replies were coded again"),
    ],
)
def test_another_file_beneath_makes_results_stale(run, analyze, file, told):
    analyze()
    with (run / file).open("ab") as changed:
        changed.write(b"\n# \n")
    assert told in read(run).stale


def test_lost_responses_make_results_stale_and_people_too(run, analyze):
    analyze()
    (run / "responses.parquet").unlink()
    (run / "human.csv").write_text("iuipc8_1\n")
    assert "human.csv was changed and responses.parquet is missing" in read(run).stale


def test_a_named_analysis_stays_current_when_the_default_one_is_made_anew(run, analyze):
    analyze(name="strict")
    analyze({"count": {"least": 4}})
    assert not read(run, "strict").stale


def test_a_swap_that_was_cut_short_is_finished(run, analyze):
    analyze({"count": {"least": 2}})
    folder = run / "analyses" / "default"
    folder.rename(folder.with_name(".default.old"))
    assert read(run).options["count"].least == 2
    shutil.copytree(folder, folder.with_name(".default.old"))
    analyze({"count": {"least": 3}})
    assert [path.name for path in (run / "analyses").iterdir()] == ["default"]


def test_analyses_of_other_names_are_told_to_be_out_of_date(run, analyze):
    for name in ("default", "strict", "other"):
        analyze(name=name)
    files = RunDirectory(run)
    assert list(others_out_of_date(files, "other")) == []
    (run / "human.csv").write_text("iuipc8_1\n")
    default, strict = others_out_of_date(files, "other")
    assert "since the analysis 'default' was made, human.csv was changed" in default
    assert f"`vaar analyze {run}` makes it anew" in default
    assert f"`vaar analyze {run} --name strict` makes it anew" in strict
    (run / "analyses" / "strict" / "analysis.json").write_text("[]")
    assert "cannot be read" in list(others_out_of_date(files, "other"))[1]
