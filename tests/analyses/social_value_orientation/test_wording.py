import math

import pytest

from vaar.analyses.social_value_orientation.wording import verdict

NULLS = {"random": {"angle": 22.70}, "first_printed": {"angle": 30.47}}


def arm(lower, upper, pull=0.0):
    ends = {"angle_lower": lower, "angle_upper": upper, "angle": (lower + upper) / 2}
    ends["complete"] = 20
    return {**ends, "order_effect": pull, "order_effect_lower": pull, "order_effect_upper": pull}


def test_an_angle_apart_from_both_nulls_has_a_category():
    assert verdict(arm(33, 40), NULLS) == "prosocial"
    assert verdict(arm(0, 10), NULLS) == "individualistic"


@pytest.mark.parametrize("ends", [(22.70, 25), (20, 22.70), (30.47, 35), (25, 30.47)])
def test_an_interval_that_reaches_a_null_has_none(ends):
    assert verdict(arm(*ends), NULLS).startswith("not to be told from")


def test_both_nulls_are_named_where_both_are_within():
    said = verdict(arm(20, 35), NULLS)
    assert said.endswith("options taken at random or always taking the option printed first")


def test_a_strong_pull_of_the_order_is_no_value():
    assert verdict(arm(33, 40, 0.5), NULLS) == "prosocial"
    assert "no value" in verdict(arm(33, 40, 0.501), NULLS)
    assert "no value" in verdict(arm(33, 40, -0.501), NULLS)


@pytest.mark.parametrize("angle", [22.70, 30.47, 30.4655])
def test_a_null_without_an_interval_is_no_value_either(angle):
    """As of a respondent whose trials are all the same."""
    same = {**arm(33, 40), "angle": angle, "angle_lower": math.nan, "angle_upper": math.nan}
    assert verdict(same, NULLS).startswith("not to be told from")
    assert verdict({**same, "angle": 37.48}, NULLS) == "prosocial"


def test_few_trials_have_no_category():
    few = {**arm(33, 40), "complete": 5, "angle_lower": math.nan, "angle_upper": math.nan}
    assert verdict(few, NULLS) == "no category, as 5 complete trials are too few for one"
