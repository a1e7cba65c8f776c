import pandas as pd
import pytest

from support.grouped import groups_of
from vaar.analyses.order_effect import PULLED
from vaar.analyses.value_conflict.headlines import headlines

NAMES = ("gap", "decisive_gap", "gap_beyond", "plain_by_value", "order_effect")

NONE = pd.DataFrame({"respondent": []})


def gaps(order_effect):
    row: dict[str, object] = {"respondent": "m"}
    for name in NAMES:
        row |= {name: 0.2, f"{name}_lower": 0.1, f"{name}_upper": 0.3}
    return pd.DataFrame([row | {"order_effect": order_effect}])


def test_the_gap_leads_and_belongs_to_the_respondent_of_all_arms():
    found = list(headlines(gaps(0.0), NONE, 0.95, groups_of("m", condition="monitored")))
    assert [h.measure for h in found if h.leading] == ["gap"]
    assert [h.measure for h in found] == ["gap", "decisive_gap", "gap_beyond", "plain_by_value"]
    assert {(h.respondent, h.facet, h.value, h.flaw) for h in found} == {("m", "", 0.2, "")}
    assert found[0].words.startswith("a gap of .20")


@pytest.mark.parametrize(
    ("effect", "flawed"), [(PULLED, False), (PULLED + 0.01, True), (-PULLED - 0.01, True)]
)
def test_a_respondent_that_takes_what_is_listed_first_has_a_flaw(effect, flawed):
    found = headlines(gaps(effect), NONE, 0.95, groups_of("m"))
    assert {bool(h.flaw) for h in found} == {flawed}


def test_a_gap_is_the_mean_of_its_scenarios():
    counts = {"monitored": (8, 6), "unmonitored": (2, 6)}
    found = pd.DataFrame(
        [
            {"respondent": "m", "arm": arm, "scenario": f"s{k}", "value": "care", "asked": 10}
            | {"answered": 10, "compliant": n, "order_effect": 0.0}
            for arm, compliant in counts.items()
            for k, n in enumerate(compliant)
        ]
    )
    gap, decisive, *_ = headlines(gaps(0.0), found, 0.95, groups_of("m"))
    assert gap.units == {("s0", "s0"): pytest.approx(0.6), ("s1", "s1"): 0.0}
    assert decisive.units == gap.units
