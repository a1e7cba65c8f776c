"""A run is begun under its preregistration or not at all, and its report is held against it."""

from typing import Any

import pytest

import vaar
from vaar.errors import DataError, RunDirectoryError
from vaar.pipeline.plan import plan
from vaar.pipeline.preregistration.keep import FILE
from vaar.pipeline.preregistration.registration import register
from vaar.pipeline.publishing.write_report import write_report

MODELS = ["simulated/human-like"]
QUICK = {"alignment": {"replicates": 0, "subsamples": 10}}


@pytest.fixture
def registered(tmp_path):
    path = tmp_path / "registered.json"
    path.write_text(register(plan(models=MODELS, sessions=60), QUICK).to_json())
    return path


def asked(registered, out, **otherwise):
    given: dict[str, Any] = {"models": MODELS, "sessions": 60, "options": QUICK} | otherwise
    return vaar.run(out=out, preregistration=registered, **given)


def test_a_run_as_registered_says_so_and_later_changes_are_listed(registered, tmp_path):
    done = asked(registered, tmp_path / "run")
    assert (tmp_path / "run" / FILE).read_bytes() == registered.read_bytes()
    assert "Everything was asked and analysed as it was registered" in done.report.read_text()
    vaar.analyze(tmp_path / "run", {"alignment": {"estimator": "ML"}}, only=["alignment"])
    page = write_report(tmp_path / "run").read_text()
    assert "1 deviation from what was registered" in page
    assert "alignment.estimator" in page


def test_a_run_that_asks_something_else_is_not_begun(registered, tmp_path):
    for otherwise in ({"seed": 2}, {"sessions": 61}, {"models": ["simulated/constant"]}):
        with pytest.raises(RunDirectoryError, match="something else was registered"):
            asked(registered, tmp_path / "run", **otherwise)
    assert not (tmp_path / "run").exists()


def test_a_preregistration_that_comes_later_is_none(registered, tmp_path):
    vaar.run(models=MODELS, sessions=5, out=tmp_path / "run", options=QUICK)
    with pytest.raises(RunDirectoryError, match="was begun without a preregistration"):
        asked(registered, tmp_path / "run")


def test_one_that_was_edited_is_refused_before_and_told_after(registered, tmp_path):
    done = asked(registered, tmp_path / "run")
    kept = done.report.parent / FILE
    kept.write_text(kept.read_text().replace('"seed": 1', '"seed": 3'))
    assert "was changed after it was written" in write_report(tmp_path / "run").read_text()
    with pytest.raises(DataError, match="was changed after it was written"):
        asked(kept, tmp_path / "other")
