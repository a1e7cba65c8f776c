import pytest

from support.grouped import groups_of
from vaar.analyses.headlines import Headline, OffersHeadlines, whose
from vaar.analyses.registry import ANALYSES
from vaar.errors import DataError
from vaar.report.groups import Group


def test_whose_figure_it_is_says_condition_levels_and_what_else_tells_it_apart():
    group = Group("m (a)", "m", True, False, "m", "a", {"order": "2"})
    assert whose(group, "care") == {
        "respondent": "m",
        "facet": "a, order 2, care",
        "simulated": True,
        "people": False,
    }
    (people,) = groups_of(people=["human"])
    assert whose(people)["respondent"] == "human" and whose(people)["people"]


@pytest.mark.parametrize("name", ["Gap", "", "a gap", "1st", "a-b"])
def test_a_measure_whose_name_is_none_is_refused(name):
    with pytest.raises(DataError, match="a headline figure is named"):
        Headline("m", name, "gap", 0.1)


def test_the_measures_of_this_package_offer_figures():
    offering = {a.name for a in ANALYSES if isinstance(a, OffersHeadlines)}
    assert offering >= {
        *("profile", "alignment", "release", "conflict"),
        *("social_value_orientation", "value_conflict", "national_values"),
    }
