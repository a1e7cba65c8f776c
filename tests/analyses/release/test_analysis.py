"""From the form to the paths: simulated respondents whose acceptance leads to what they give."""

from dataclasses import replace

import numpy as np
import pytest

from support.asked import asked
from vaar.analyses.base import Status, Work
from vaar.analyses.conflict.analysis import ConflictAnalysis
from vaar.analyses.conflict.options import ConflictOptions
from vaar.analyses.release.analysis import ReleaseAnalysis
from vaar.analyses.release.options import ReleaseOptions
from vaar.errors import OptionError
from vaar.report.groups import Groups
from vaar.respondents.resolve import resolve
from vaar.respondents.simulated.release_forms import RELIANCE
from vaar.study.load import load_study

SESSIONS = 240
FIELDS = 8


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


@pytest.fixture(scope="module")
def data(study, tmp_path_factory):
    names = ["simulated/human-like", "simulated/contrarian", "simulated/constant"]
    return asked(study, resolve(names, study), SESSIONS, tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def outcome(data):
    return ReleaseAnalysis().run(data, ReleaseOptions(), {}, Work())


@pytest.fixture(scope="module")
def paths(outcome):
    table = ReleaseAnalysis.tables[1].checked(outcome.tables["release_paths"])
    return table.set_index(["group", "predictor"])


def test_paths_to_what_is_given_are_signed_as_the_population_is(paths):
    for group, turn in (("simulated/human-like", 1), ("simulated/contrarian", -1)):
        privacy, prosocial = paths.loc[(group, "privacy")], paths.loc[(group, "prosocial")]
        assert turn * privacy["upper"] < 0 or turn * privacy["lower"] < 0
        assert turn * privacy["estimate"] < -0.1
        assert turn * prosocial["estimate"] > 0.1


def test_what_is_said_and_what_is_done_correlate_as_the_population_has_it(paths):
    """The closed form of a share of fields, each given where a·A + e exceeds 0."""
    ratio = RELIANCE / np.sqrt(1 - RELIANCE**2)
    covariance = ratio / np.sqrt(2 * np.pi * (1 + ratio**2))
    both = 0.25 + np.arcsin(RELIANCE**2) / (2 * np.pi)
    variance = both - 0.25 + (0.5 - both) / FIELDS
    found = paths.loc[("simulated/human-like", "aods")]
    assert found["role"] == "stated"
    assert found["estimate"] == pytest.approx(covariance / np.sqrt(variance), abs=3 * found["se"])


def test_a_group_whose_answers_do_not_vary_says_why(paths):
    told = paths.loc["simulated/constant"]
    assert told["estimate"].isna().all() and (told["why_not"] != "").all()


def test_shares_are_told_for_all_and_for_each_kind(outcome):
    released = outcome.tables["released"].set_index(["group", "kind"]).loc["simulated/human-like"]
    assert list(released.index) == ["all", "health", "location", "communication", "financial"]
    assert (released["read"] == SESSIONS).all() and (released["changed"] == 0).all()
    kinds = released.drop(index="all")["given"].astype(float)
    assert released.loc["all", "given"] == pytest.approx(kinds.mean())
    assert (
        released.loc["all", "lower"] < released.loc["all", "given"] < released.loc["all", "upper"]
    )


def test_the_section_opens_with_words(outcome, data):
    section = ReleaseAnalysis().section(outcome, Groups.of(data.groups), data.study)
    assert (
        "of the fields of its record" in section.lead
        and "on the side expected of acceptance" in section.lead
    )
    assert {table.caption for table in section.tables} >= {"Share of fields released"}


def test_cells_without_any_effect_show_none_at_the_nominal_rate(data):
    outcome = ConflictAnalysis().run(data, ConflictOptions(facts=("benefit", "risk")), {}, Work())
    effects = outcome.tables["conflict_effects"]
    assert set(effects["effect"]) == {"benefit", "risk", "benefit × risk"}
    assert {"released"} < set(effects["outcome"])
    cells = outcome.tables["conflict_cells"]
    assert set(cells["cell"]) == {
        f"benefit {one}, risk {other}" for one in ("high", "low") for other in ("high", "low")
    }
    assert (cells["n"].astype(int) == SESSIONS // 4).all()
    sure = (effects["lower"] > 0) | (effects["upper"] < 0)
    assert sure.mean() < 0.5  # these respondents are not told apart by cells
    assert (effects["p_holm"] >= effects["p"]).all() and not (effects["p_holm"] < 0.05).any()
    section = ConflictAnalysis().section(outcome, Groups.of(data.groups), data.study)
    assert "moved nothing beyond chance" in section.lead
    assert "benefit: high less low" in str(section.method[0].text)


def test_facts_that_make_no_cells_are_refused(data):
    for facts, told in ((("benefits",), "no fact 'benefits'"), (("record",), "has 4 levels")):
        with pytest.raises(OptionError, match=told):
            ConflictAnalysis().run(data, ConflictOptions(facts=facts), {}, Work())


def test_without_facts_there_is_nothing_to_tell(data):
    outcome = ConflictAnalysis().run(data, ConflictOptions(), {}, Work())
    assert outcome.status is Status.NOT_APPLICABLE and "conflict.facts" in outcome.reason


def test_a_form_that_every_condition_omits_is_no_result(data):
    asked_for = data.responses["item"].isin(data.scores.columns)
    without = replace(data, responses=data.responses[asked_for])
    outcome = ReleaseAnalysis().run(without, ReleaseOptions(), {}, Work())
    assert outcome.status is Status.NOT_APPLICABLE and "omits it" in outcome.reason
    assert ReleaseAnalysis().section(outcome, Groups.of(data.groups), data.study) is None
