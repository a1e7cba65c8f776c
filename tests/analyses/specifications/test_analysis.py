"""The whole way on simulated sessions: every kind of specification, and what comes of it."""

from dataclasses import replace

import numpy as np
import pytest

from support.scored import coded, scored
from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.base import Work
from vaar.analyses.specifications.analysis import SpecificationsAnalysis
from vaar.analyses.specifications.options import SpecificationsOptions
from vaar.report.groups import Groups
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study

LIST = (
    *("main", "estimator=ML", "missing=listwise", "level=configural", "covariates=yes_saying"),
    *("reliability=corrected", "estimator=WLSMV", "indicators=items method=keys missing=listwise"),
    *("kappa=0.2", "delta=0.6", "adjust=none"),
)


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


@pytest.fixture(scope="module")
def data(study):
    groups = {
        "human-like": scored(study, POPULATIONS["human-like"], range(150)),
        "contrarian": scored(study, POPULATIONS["contrarian"], range(150, 300)),
    }
    return coded(study, groups)


@pytest.fixture(scope="module")
def main(data):
    return AlignmentAnalysis().run(data, AlignmentOptions(replicates=20, subsamples=1), {}, Work())


@pytest.fixture(scope="module")
def found(data, main):
    options = SpecificationsOptions(declared=LIST, replicates=10)
    return SpecificationsAnalysis().run(data, options, {"alignment": main}, Work())


def test_each_ends_as_it_should(found):
    ended = found.tables["specifications"].set_index("specification")["ended"].astype(str)
    same = ["missing=listwise", "adjust=none"]
    assert sorted(ended[ended == "same as main"].index) == sorted(same)
    assert (ended.drop(same) == "estimated").all()


def test_all_see_what_was_simulated(found):
    paths = found.tables["specification_paths"].set_index(["group", "path"])
    for group, verdict in (("human-like", "as in people"), ("contrarian", "against")):
        own = paths.loc[(group, "aods ~ prosocial")].set_index("specification")
        assert set(own.drop("delta=0.6")["verdict"]) == {verdict}
        # the same path in other estimates of it: within two standard errors of about .07
        assert np.ptp(own["std_estimate"]) < 0.15
        assert own.loc["delta=0.6", "verdict"] in ("negligible", verdict)


def test_kappa_moves_the_rate_and_delta_does_not(found):
    rates = found.tables["specification_rates"].set_index(["group", "specification"])
    own = rates.loc["human-like"]
    assert own.loc["kappa=0.2", "vaar_uncorrected"] < own.loc["main", "vaar_uncorrected"]
    assert own.loc["delta=0.6", "vaar"] == own.loc["main", "vaar"]
    assert own.loc[["estimator=WLSMV"], "vaar"].isna().all()  # no replicates, no interval


def test_the_main_specification_is_the_main_analysis(found, main):
    paths = found.tables["specification_paths"]
    own = paths[paths["specification"] == "main"]
    np.testing.assert_array_equal(own["std_estimate"], main.tables["paths"]["std_estimate"])
    assert list(own["verdict"]) == list(main.tables["paths"]["verdict"])


def test_one_that_fails_is_counted_with_its_reason(data, main):
    options = SpecificationsOptions(declared=("main", "covariates=age"), replicates=0)
    found = SpecificationsAnalysis().run(data, options, {"alignment": main}, Work())
    (row,) = found.tables["specifications"].query("ended == 'failed'").to_dict("records")
    assert "no factor 'age'" in row["reason"]


def test_repeated_personas_are_never_taken_as_independent(data, main, study):
    personas = [f"p{k // 2}" for k in range(len(data.scores))]
    repeated = replace(data, scores=data.scores.assign(persona=personas))
    options = SpecificationsOptions(declared=("indicators=items missing=listwise",))
    found = SpecificationsAnalysis().run(repeated, options, {"alignment": main}, Work())
    (row,) = found.tables["specifications"].to_dict("records")
    assert row["ended"] == "failed" and "specifications.item_replicates" in row["reason"]


def test_the_section_says_it_in_words_first(found, data, study):
    section = SpecificationsAnalysis().section(found, Groups.of(data.groups), study)
    assert section is not None and "11 specifications were declared" in section.lead
    assert "2 change nothing here" in section.lead
    assert any("specifications say" in block.text for block in section.summary)
    assert found.record["hash"] in section.method[0].text
    assert len(section.figures) == 6  # a curve of each path and of VAAR, for both groups
