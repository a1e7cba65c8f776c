import pytest

from vaar.analyses.social_value_orientation.wording import PULLED, verdict

NULLS = {"random": {"angle": 22.70}, "first_printed": {"angle": 30.47}}


def arm(lower, upper, pull=0.0):
    ends = {"angle_lower": lower, "angle_upper": upper, "angle": (lower + upper) / 2}
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
    assert PULLED == 0.5
    assert verdict(arm(33, 40, 0.5), NULLS) == "prosocial"
    assert "no value" in verdict(arm(33, 40, 0.501), NULLS)
    assert "no value" in verdict(arm(33, 40, -0.501), NULLS)
