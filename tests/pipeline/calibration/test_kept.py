import json
from dataclasses import replace

import pandas as pd
import pytest

import vaar
from vaar.errors import DataError
from vaar.pipeline.calibration.kept import differences, kept, kept_in, place_of
from vaar.pipeline.calibration.subject import subject_of


@pytest.fixture
def subject(tmp_path):
    return subject_of("privacy_prosocial", {}, 60, tmp_path / "run")


def test_what_is_kept_is_read_as_it_was(simulated, subject):
    assert kept(subject, "calibration") is None
    placed = kept_in(subject.directory, simulated)
    assert placed.place == subject.directory.with_name("run.calibration")
    again = kept(subject, "calibration")
    assert again is not None
    assert again.record == json.loads(json.dumps(simulated.record))
    for name, table in simulated.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    assert not differences(again, subject)


def test_it_is_in_a_run_once_there_is_one(simulated, subject):
    kept_in(subject.directory, simulated)
    subject.directory.mkdir()
    (subject.directory / "run.json").write_text("{}")
    assert place_of(subject.directory, "calibration") == subject.directory / "calibration"
    assert kept(subject, "calibration") is not None  # beside, until there is one within
    assert kept_in(subject.directory, simulated).place == subject.directory / "calibration"
    assert kept(subject, "calibration").place == subject.directory / "calibration"


def test_a_study_s_own_is_found_whatever_the_run_is_called(simulated, subject):
    kept_in(subject.directory.with_name("privacy_prosocial"), simulated)
    assert kept(subject, "calibration") is not None


def test_a_place_without_a_name(simulated, subject, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert place_of(subject.directory.__class__("."), "power") == tmp_path / "here.power"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: replace(s, sessions=61), "60 sessions were simulated, and here are 61"),
        (lambda s: replace(s, by=("risk",)), "groups were split by nothing, here by risk"),
        (
            lambda s: replace(s, analysis=replace(s.analysis, delta=0.2)),
            "alignment.delta was 0.1, here it is 0.2",
        ),
        (
            lambda s: replace(s, analysis=replace(s.analysis, replicates=0)),
            "alignment.replicates was 1000, here it is 0",
        ),
        (
            lambda s: replace(s, study=replace(s.study, hypotheses=s.study.hypotheses[:1])),
            "the study is another one, or was changed",
        ),
    ],
)
def test_it_is_told_what_has_changed(simulated, subject, change, told):
    assert differences(simulated, change(subject)) == [told]


def test_options_that_act_on_no_verdict_make_nothing_stale(simulated, subject):
    other = replace(subject.analysis, replicates=10, subsamples=3, seed=9, confidence="bootstrap")
    assert not differences(simulated, replace(subject, analysis=other))


def test_a_search_over_sessions_holds_for_any_number_of_them(simulated, subject):
    search = replace(simulated, kind="power")
    assert not differences(search, replace(subject, sessions=900))


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("calibration.json", "{", "cannot be read"),
        ("calibration.json", "{}", "no calibration of format 2"),
        ("calibration_paths.csv", "path\n", "was changed since it was written"),
        ("calibration_groups.csv", None, "cannot be read"),
    ],
)
def test_what_is_damaged_is_not_shown(simulated, subject, file, content, told):
    place = kept_in(subject.directory, simulated).place
    if content is None:
        (place / file).unlink()
    else:
        (place / file).write_text(content)
    with pytest.raises(DataError, match=rf"{told}.*`vaar calibrate` makes it anew"):
        kept(subject, "calibration")


def test_an_edited_record_is_not_shown(simulated, subject):
    path = kept_in(subject.directory, simulated).place / "calibration.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"sessions": 7}))
    with pytest.raises(DataError, match="was changed since it was written"):
        kept(subject, "calibration")


def test_a_place_that_cannot_be_written(simulated, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot be written .*--out"):
        kept_in(tmp_path / "file" / "run", simulated)


def test_what_others_put_in_the_place_is_left_there(simulated, subject):
    place = subject.directory.with_name("run.calibration")
    place.write_text("theirs")
    with pytest.raises(DataError, match="cannot be used as a folder"):
        kept_in(subject.directory, simulated)
    assert place.read_text() == "theirs"
    place.unlink()
    kept_in(subject.directory, simulated)
    (place / "notes.txt").write_text("theirs")
    with pytest.raises(DataError, match=r"did not write \(notes.txt\)"):
        vaar.calibrate(out=subject.directory, sessions=60, data_sets=2, populations=["null"])
    with pytest.raises(DataError, match="--out"):
        kept_in(subject.directory, simulated)
    assert (place / "notes.txt").read_text() == "theirs"
    assert [path.name for path in place.parent.iterdir()] == [place.name]
