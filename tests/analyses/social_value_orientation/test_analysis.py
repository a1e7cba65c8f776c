"""From questions to the section: simulated respondents whose angles are known."""

from itertools import product

import numpy as np
import pytest

from support.asked import asked
from vaar.analyses.base import Status, Work
from vaar.analyses.social_value_orientation.analysis import SocialValueAnalysis
from vaar.analyses.social_value_orientation.nulls import expected
from vaar.analyses.social_value_orientation.options import SocialValueOptions
from vaar.report.groups import Groups
from vaar.respondents.resolve import resolve
from vaar.respondents.simulated.choosers import Choice, keeps_assigned_value
from vaar.tables.table import Table

TRIALS = 40
VALUES = ("altruistic", "prosocial", "individualistic", "competitive")


@pytest.fixture(scope="module")
def data(svo, tmp_path_factory):
    names = ["simulated/keeps-value", "simulated/always-first", "simulated/any-option"]
    return asked(svo, resolve(names, svo), TRIALS, tmp_path_factory.mktemp("svo"))


@pytest.fixture(scope="module")
def outcome(data):
    analysis = SocialValueAnalysis()
    return analysis.run(data, SocialValueOptions(replicates=400), {}, Work())


@pytest.fixture(scope="module")
def section(outcome, data):
    return SocialValueAnalysis().section(outcome, Groups.of(data.groups), data.study)


@pytest.fixture(scope="module")
def arms(outcome):
    table = SocialValueAnalysis.tables[0].checked(outcome.tables["svo_arms"])
    return table.set_index(["group", "value"])


def truth(study, primary, value):
    """The mean angle of what ``keeps-value`` means to choose."""
    told = f"act as a {value} person would" if value else ""
    chances = []
    for one in primary:
        labels = study.item[one.code][0].scale.labels
        chances.append(np.array(keeps_assigned_value(Choice(labels, tuple(range(9)), "", told))))
    return expected(primary, chances)


@pytest.mark.parametrize(
    ("condition", "value"),
    [("baseline", ""), *product(("assigned", "assigned_goal"), VALUES)],
)
def test_known_angles_are_found(svo, primary, arms, condition, value):
    found = arms.loc[(f"simulated/keeps-value [{condition}]", value)]
    true = truth(svo, primary, value)
    assert found["trials"] == found["complete"] == TRIALS / (4 if value else 1)
    assert abs(found["angle"] - true.mean) < 3.5 * true.sd / np.sqrt(found["complete"])
    assert found["angle_lower"] < found["angle"] < found["angle_upper"]


def test_the_distance_from_both_nulls_stands_beside_every_angle(arms):
    known = arms[arms["angle"].notna()]
    assert len(known) == 27
    assert (known["angle"] - known["from_random"]).to_numpy() == pytest.approx(22.70, abs=0.005)
    beside = (known["angle"] - known["from_first_printed"]).to_numpy()
    assert beside == pytest.approx(30.47, abs=0.005)


def test_arms_are_the_baseline_and_every_value_with_and_without_a_goal(arms):
    own = [key for key in arms.index if key[0].startswith("simulated/keeps-value")]
    assert own == [
        ("simulated/keeps-value [baseline]", ""),
        *(("simulated/keeps-value [assigned]", value) for value in VALUES),
        *(("simulated/keeps-value [assigned_goal]", value) for value in VALUES),
    ]


def test_an_assigned_value_is_followed_and_understood(arms):
    own = arms.loc["simulated/keeps-value [assigned]"]
    assert own.loc["prosocial", "hit"] > 0.8
    assert own.loc["altruistic", "rationality"] > own.loc["altruistic", "hit"]
    assert (own["understood"] >= 0.5).all()
    assert arms.loc["simulated/keeps-value [baseline]"]["hit"].isna().all()
    assert arms.loc["simulated/keeps-value [baseline]"]["understood"].isna().all()


def test_who_understands_and_does_otherwise_is_told_from_who_does_not_understand(outcome):
    trials = outcome.tables["svo_trials"]
    arms = outcome.tables["svo_arms"]
    for arm in arms[arms["value"].ne("")].to_dict("records"):
        own = trials[(trials["group"] == arm["group"]) & (trials["value"] == arm["value"])]
        knew = own["understood"] == arm["value"]
        did = own["category"] == arm["value"]
        assert arm["understood"] == pytest.approx(knew.mean())
        assert arm["understood_not_done"] == pytest.approx((knew & ~did).mean())


def test_who_takes_the_first_option_listed_is_told_by_the_order_effect(arms, section):
    first = arms.loc["simulated/always-first [baseline]"].iloc[0]
    assert first["order_effect"] == 1
    assert first["reversal_consistency"] == 0
    assert first["from_first_listed"] == pytest.approx(0)
    kept = arms.loc["simulated/keeps-value [baseline]"].iloc[0]
    assert abs(kept["order_effect"]) < 0.2
    assert kept["reversal_consistency"] > 0.8


def test_every_item_is_listed_from_either_end_equally_often_in_every_arm(data):
    answers = data.responses[data.responses["instrument"].eq("primary")]
    assigned = answers[answers["condition"].ne("baseline")]
    listed = assigned.groupby(["group", "facts", "item"])["direction"].value_counts()
    assert (listed.to_numpy() == TRIALS / 4 / 2).all()
    orders = answers.sort_values("position").groupby("session")["item"].agg(tuple)
    assert orders.nunique() > TRIALS / 2


def test_choices_without_a_value_are_never_presented_as_one(section):
    """Neither options at random nor the first option of each list."""
    said = str(section.lead)
    first, random = "simulated/always-first [baseline]", "simulated/any-option [baseline]"
    assert f"{first}</bdi></b>" in said and "no value, as its choices follow the order" in said
    after = said.split(f"{random}</bdi></b>", 1)[1].split("With no value", 1)[0]
    assert "not to be told from options taken at random" in after
    angles = next(block for block in section.blocks if isinstance(block, Table))
    assert [head.heading for head in angles.headings[-3:]] == [
        "less random",
        "less always first, as printed",
        "less always first, as listed",
    ]
    assert all(not cell.empty for row in angles.rows for cell in row.cells[-3:])


def test_the_terminal_has_room_for_the_summary(section):
    table = section.summary[-1]
    assert [head.heading for head in table.headings] == [
        "Group",
        "Assigned",
        "angle [95 % interval]",
    ]
    assert len(table.rows) == 3 * 9


def test_the_section_has_a_plane_for_each_respondent(section):
    assert len(section.figures) == 3
    for figure in section.figures:
        assert "options at random: 22.7°" in figure.description
        assert "always the first option: 30.5°" in figure.description


def test_it_is_for_studies_with_allocation_items(svo):
    from vaar.study.load import load_study

    assert SocialValueAnalysis().applies(svo) == ""
    assert "no allocation items" in SocialValueAnalysis().applies(load_study("privacy_prosocial"))


def test_without_a_whole_trial_there_is_no_angle(data):
    answers = data.responses
    answers = answers.assign(value=answers["value"].mask(answers["item"].eq("primary_2")))
    from dataclasses import replace

    found = SocialValueAnalysis().run(
        replace(data, responses=answers), SocialValueOptions(replicates=20), {}, Work()
    )
    assert found.status is Status.NOT_ESTIMABLE
    section = SocialValueAnalysis().section(found, Groups.of(data.groups), data.study)
    assert "there is no angle" in section.lead
    assert not section.figures
