import json

import pytest

from vaar.errors import OptionError, StudyError
from vaar.pipeline.calibration.subject import planned, subject_of
from vaar.pipeline.plan import plan
from vaar.study.bundle import copy_bundle
from vaar.study.dump import dump_study
from vaar.study.load import load_study


def run_directory(path, **identity):
    path.mkdir()
    (path / "study.yaml").write_text(dump_study(load_study("privacy_prosocial")))
    options = {"alignment": {"delta": 0.05}, "groups": {"by": ["benefit"]}}
    (path / "run.json").write_text(json.dumps({"identity": identity, "options": options}))
    return path


def test_a_study_has_its_own_options_and_the_package_s_number_of_sessions():
    found = subject_of("privacy_prosocial", {"alignment": {"delta": 0.2}}, None)
    assert (found.sessions, found.seed, found.asked) == (200, 1, False)
    assert found.analysis.delta == 0.2
    assert found.directory.as_posix() == "runs/privacy_prosocial"


def test_a_run_has_what_it_was_asked_and_analysed_with(tmp_path):
    path = run_directory(tmp_path / "run", sessions=70, seed=0)
    found = subject_of(path, {}, None)
    assert (found.sessions, found.seed, found.by) == (70, 0, ("benefit",))
    assert found.analysis.delta == 0.05
    assert found.asked
    assert subject_of(path, {"alignment": {"delta": 0.3}}, 30).analysis.delta == 0.3


def test_a_run_that_a_stranger_wrote(tmp_path):
    path = run_directory(tmp_path / "run", sessions="many", seed=[1])
    assert (subject_of(path, {}, None).sessions, subject_of(path, {}, None).seed) == (200, 1)


def test_a_study_without_paths_cannot_be_judged():
    with pytest.raises(StudyError, match="no structural model, so that there is no path"):
        subject_of("value_conflict", {}, None)


def test_an_option_that_there_is_not():
    with pytest.raises(OptionError, match=r"did you mean 'delta'"):
        subject_of("privacy_prosocial", {"alignment": {"dleta": 0.2}}, None)


def test_what_a_plan_would_ask(tmp_path):
    copy_bundle("privacy_prosocial", tmp_path / "own")
    settled = plan(tmp_path / "own", ["simulated/noisy"], sessions=40, seed=7)
    found = planned(settled, {"alignment": {"delta": 0.2}}, tmp_path / "place")
    assert (found.sessions, found.seed, found.analysis.delta) == (40, 7, 0.2)
    assert found.directory == tmp_path / "place"
    assert planned(settled, {}).directory == settled.directory
