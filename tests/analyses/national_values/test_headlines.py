import pandas as pd
import pytest

from support.grouped import groups_of
from vaar.analyses.national_values.headlines import headlines

ITEMS = pd.DataFrame(
    {
        **{"group": "m (choosing)", "form": "choice", "topic": ["t", "t", "u"]},
        **{"item": ["i1", "i2", "i3"], "nation": ["A", "A", "B"], "agreement": [0.5, 1.0, 0.6]},
    }
)


def row(nation="all", source="all", form="choice", first=0.5):
    figures = {"agreement": 0.7, "consistency": 0.6, "undecided": 0.0}
    bounded = {n + end: v for n, v in figures.items() for end in ("", "_lower", "_upper")}
    where = {"group": "m (choosing)", "form": form, "nation": nation, "source": source}
    return {**where, **bounded, "first": first}


def offered(*rows):
    return list(headlines(pd.DataFrame(rows), ITEMS, groups_of("m", condition="choosing")))


def test_agreement_is_the_mean_of_the_items_of_its_nation():
    whole, nation = offered(row(), row("A"))
    assert whole.units == {("t", "i1"): 0.5, ("t", "i2"): 1.0, ("u", "i3"): 0.6}
    assert nation.units == {("t", "i1"): 0.5, ("t", "i2"): 1.0}


def test_agreement_of_all_nations_leads_sources_are_left_out():
    whole, nation = offered(row(), row("A"), row("A", "official"))
    assert (whole.measure, whole.leading, nation.leading) == ("agreement_choice", True, False)
    assert nation.facet == "choosing, A" and nation.title.endswith("of A")


@pytest.mark.parametrize(("first", "flawed"), [(0.75, False), (0.76, True), (0.24, True)])
def test_a_group_that_follows_the_order_has_a_flaw(first, flawed):
    (found,) = offered(row(first=first))
    assert bool(found.flaw) == flawed


def test_an_answer_in_words_has_no_place_in_a_list():
    (found,) = offered(row(form="free", first=1.0))
    assert found.flaw == "" and found.measure == "agreement_free"
