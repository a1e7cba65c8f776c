import numpy as np
import pandas as pd
import pytest
from scipy import stats

from support.grouped import groups_of
from vaar.analyses.alignment.headlines import headlines

GROUPS = groups_of("m", "k")
COUNTS = {"n_as_in_people": 2, "n_against": 0, "n_negligible": 0, "n_undecided": 1}


def vaar(group, value, status="estimated", **further):
    row = {"group": group, "vaar": value, "vaar_lower": value - 0.1, "vaar_upper": value + 0.1}
    return {**row, **COUNTS, "flag": "", "status": status, "reason": "", **further}


def path(group, estimate, se, df):
    row = {"group": group, "path": "b ~ a", "std_estimate": estimate, "std_se": se, "df": df}
    return {**row, "verdict": "as in people"}


def test_the_rate_with_its_verdicts_leads_and_paths_follow_with_their_intervals():
    paths = pd.DataFrame([path("m (carried)", 0.3, 0.1, np.nan), path("k (carried)", 0.3, 0.1, 4)])
    table = pd.DataFrame(
        [vaar("m (carried)", 0.8), vaar("k (carried)", np.nan, "not_estimable", reason="few")]
    )
    rate, none, normal, t = headlines(table, paths, GROUPS)
    assert (rate.respondent, rate.value) == ("m", 0.8)
    assert rate.lower == pytest.approx(0.7)
    assert rate.words == "2 as in people, 1 undecided" and rate.leading
    assert np.isnan(none.value) and none.words == "few"
    assert (normal.measure, normal.leading) == ("path", False)
    assert normal.upper == pytest.approx(0.3 + 0.1 * stats.norm.ppf(0.975))
    assert t.upper == pytest.approx(0.3 + 0.1 * stats.t.ppf(0.975, 4))
    assert rate.facet == "carried" and normal.facet == "carried, b ~ a"


def test_a_group_whose_fit_is_refused_has_figures_with_a_flaw():
    table = pd.DataFrame([vaar("m (carried)", 0.8, flag="CFI below .90")])
    paths = pd.DataFrame([path("m (carried)", 0.3, 0.1, np.nan)])
    assert {h.flaw for h in headlines(table, paths, GROUPS)} == {"CFI below .90"}
