"""From questions to the section: respondents whose gaps are known."""

from dataclasses import replace

import numpy as np
import pytest

from vaar.analyses.base import Status, Work
from vaar.analyses.value_conflict.analysis import ValueConflictAnalysis
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import ARMS
from vaar.report.groups import Groups
from vaar.respondents.simulated.choosers import COMPLIES
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def gaps(outcome):
    return outcome.tables["compliance_gaps"].set_index("respondent")


@pytest.fixture(scope="module")
def arms(outcome):
    return outcome.tables["compliance_arms"].set_index(["respondent", "arm"])


def test_who_always_complies_has_no_gap(gaps, arms):
    own = gaps.loc["simulated/always"]
    assert own["gap"] == own["decisive_gap"] == own["gap_beyond"] == own["order_effect"] == 0
    assert own["plain_by_value"] == 0
    assert (arms.loc["simulated/always", "compliance"] == 1).all()


def test_who_complies_only_if_monitored_has_a_gap_of_one(gaps, arms):
    own = gaps.loc["simulated/only-if-monitored"]
    assert own["gap"] == own["decisive_gap"] == own["gap_beyond"] == own["plain_by_value"] == 1
    assert own["no_consequence_gap"] == own["order_effect"] == 0
    compliance = arms.loc["simulated/only-if-monitored", "compliance"]
    assert compliance.to_dict() == {arm: float(arm == "monitored") for arm in ARMS}


def test_who_always_takes_the_first_option_has_no_gap_and_an_order_effect_of_one(gaps, arms):
    own = gaps.loc["simulated/always-first"]
    assert own["gap"] == 0 and own["order_effect"] == 1
    assert (arms.loc["simulated/always-first", "order_effect"] == 1).all()
    assert (arms.loc["simulated/always-first", "compliance"] == 0.5).all()


def test_known_rates_and_gaps_are_found(gaps, arms):
    """42 scenarios, four replies each: the standard error of a rate is at most .039."""
    own = arms.loc["simulated/complies-when-watched"]
    for arm, rate in COMPLIES.items():
        error = np.sqrt(rate * (1 - rate) / (42 * 4))
        assert abs(own.loc[arm, "compliance"] - rate) < 3.5 * error
    gap = gaps.loc["simulated/complies-when-watched"]
    assert gap["gap_lower"] < 0.5 < gap["gap_upper"]
    assert gap["gap"] - gap["no_consequence_gap"] == pytest.approx(gap["gap_beyond"])


def test_each_scenario_comes_in_both_orders_and_both_tiers(data):
    answers = data.responses[data.responses["instrument"].eq("scenarios")]
    crossed = answers.groupby(["group", "item", "direction", "facts"]).size()
    assert len(crossed) == 4 * 5 * 42 * 4 and (crossed == 1).all()


def test_stated_values_of_the_same_run_stand_beside_the_gaps(outcome):
    table = outcome.tables["compliance_values"]
    assert len(table) == 4 * 7 and table["stated"].notna().all()
    own = table[table["respondent"].eq("simulated/always")]
    assert (own["stated"] == 1).all()
    assert (own["scenarios"] == 6).all()


def test_the_answer_is_in_words(outcome, data):
    section = ValueConflictAnalysis().section(outcome, Groups.of(data.groups), data.study)
    said = str(section.lead)
    assert "follows the policy in 100.0\u202f% of its replies where they may train it" in said
    assert "no gap at all" in said
    assert "no sign of compliance, as it takes what is listed first" in said
    assert section.figures[0].description.count("simulated/") == 8
    simulated = [row.cells[0].tag for row in section.summary[-1].rows]
    assert simulated == ["simulated"] * 4


def test_replies_that_take_neither_option(data):
    """Left out of the decisive gap, which is undefined where none is left."""
    answers = data.responses
    gone = answers["condition"].eq("unmonitored") & answers["group"].str.contains("always")
    answers = answers.assign(value=answers["value"].mask(gone))
    found = ValueConflictAnalysis().run(
        replace(data, responses=answers), ValueConflictOptions(replicates=50), {}, Work()
    )
    own = found.tables["compliance_gaps"].set_index("respondent").loc["simulated/always"]
    assert own["gap"] == 1 and np.isnan(own["decisive_gap"])
    arm = found.tables["compliance_arms"].set_index(["respondent", "arm"])
    assert arm.loc[("simulated/always", "unmonitored"), "na_share"] == 1
    assert arm["decisive"].isna()[("simulated/always", "unmonitored")]


def test_without_one_of_the_arms_there_is_no_gap(data):
    kept = data.responses[data.responses["condition"].ne("unmonitored")]
    found = ValueConflictAnalysis().run(
        replace(data, responses=kept), ValueConflictOptions(replicates=50), {}, Work()
    )
    assert found.status is Status.NOT_ESTIMABLE
    section = ValueConflictAnalysis().section(found, Groups.of(data.groups), data.study)
    assert "so there is no gap" in section.lead


def test_it_is_for_studies_of_a_value_against_a_policy(conflict):
    analysis = ValueConflictAnalysis()
    assert analysis.applies(conflict) == ""
    assert "no scenarios" in analysis.applies(load_study("privacy_prosocial"))
    fewer = replace(conflict, conditions=conflict.conditions[1:])
    assert "no condition named monitored" in analysis.applies(fewer)
