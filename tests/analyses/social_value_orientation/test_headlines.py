import pandas as pd
import pytest

from support.grouped import groups_of
from vaar.analyses.order_effect import PULLED
from vaar.analyses.social_value_orientation.headlines import headlines

NULLS = {"random": {"angle": 22.7}, "first_printed": {"angle": 30.5}}


def arm(value="", order_effect=0.0):
    figures = {"angle": 40.0, "hit": 0.9, "order_effect": order_effect}
    bounded = {n + end: v for n, v in figures.items() for end in ("", "_lower", "_upper")}
    return {"group": "m (baseline)", "value": value, "complete": 9, **bounded}


def offered(*arms):
    return list(headlines(pd.DataFrame(arms), NULLS, groups_of("m", condition="baseline")))


def test_the_angle_without_a_value_leads_with_its_category():
    own, assigned, hit = offered(arm(), arm("altruistic"))
    assert (own.measure, own.unit, own.words, own.leading) == (
        "angle",
        "degrees",
        "prosocial",
        True,
    )
    assert (assigned.facet, assigned.leading) == ("baseline, as altruistic", False)
    assert (hit.measure, hit.value) == ("hit", 0.9)


@pytest.mark.parametrize(
    ("effect", "flawed"), [(PULLED, False), (PULLED + 0.01, True), (-PULLED - 0.01, True)]
)
def test_an_arm_that_follows_the_order_of_options_has_a_flaw(effect, flawed):
    (found,) = offered(arm(order_effect=effect))
    assert bool(found.flaw) == flawed
