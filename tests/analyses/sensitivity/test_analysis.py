"""Options listed from either end: a population that takes the first one, and one that does not."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from support.scored import coded, scored
from vaar.analyses.base import Status, Work
from vaar.analyses.sensitivity.analysis import SensitivityAnalysis
from vaar.analyses.sensitivity.levels import varied
from vaar.analyses.sensitivity.options import SensitivityOptions
from vaar.report.groups import Groups
from vaar.respondents.simulated.populations import COUNTERFEITS, POPULATIONS
from vaar.study.load import load_study

QUICK = SensitivityOptions(replicates=20)


@pytest.fixture(scope="module")
def study():
    bundled = load_study("privacy_prosocial_published")
    return replace(bundled, variation=replace(bundled.variation, options="alternating"))


@pytest.fixture(scope="module")
def data(study):
    def both(population, start):
        up = scored(study, population, range(start, start + 100))
        down = scored(study, population, range(start + 100, start + 200), descending=True)
        return pd.concat([up, down], ignore_index=True)

    groups = {
        "first": both(COUNTERFEITS["first-option"], 0),
        "none": both(POPULATIONS["human-like"], 200),
    }
    options = np.tile(np.repeat(["ascending", "descending"], 100), 2)
    return coded(study, groups, {"options": options})


@pytest.fixture(scope="module")
def outcome(data):
    return SensitivityAnalysis().run(data, QUICK, {}, Work())


def test_only_who_takes_the_first_option_moves(outcome):
    table = outcome.tables["sensitivity"]
    scales = table[table["kind"] == "scale"]
    moved = scales["p_holm"] < 0.05
    # a fifth of the answers at the highest in place of the lowest point: .2 × 6 or × 4 points
    assert moved[scales["respondent"] == "first"].mean() > 0.9
    assert not moved[scales["respondent"] == "none"].any()
    whole = scales[(scales["respondent"] == "first") & (scales["measure"] == "iuipc8")]
    assert whole["difference"].item() == pytest.approx(0.2 * 6, abs=0.35)
    assert (table["level"] == "descending").all() and (table["n_level"] == 100).all()


def test_paths_and_the_rate_have_their_differences(outcome):
    table = outcome.tables["sensitivity"]
    own = table[table["kind"].isin(["path", "vaar"])]
    assert len(own) == 6 and own[["difference", "lower", "upper"]].notna().all(axis=None)
    assert (own["p_holm"] >= own["p"]).all()
    # nothing is different in truth
    assert (own.loc[own["respondent"] == "none", "p_holm"] > 0.01).all()


def test_the_factor_has_a_sentence(outcome, data, study):
    section = SensitivityAnalysis().section(outcome, Groups.of(data.groups), study)
    assert section is not None and section.lead.startswith("Of what was varied (options) options")
    assert section.summary[0].text.startswith("options: ")
    assert "scale means, " in section.summary[0].text


def test_few_sessions_have_means_but_no_paths(data):
    few = data.scores.groupby(["group", "options"]).head(45)
    small = replace(data, scores=few, design_factors=data.design_factors.loc[few.index])
    table = SensitivityAnalysis().run(small, QUICK, {}, Work()).tables["sensitivity"]
    paths = table[table["kind"] == "path"]
    assert paths["difference"].isna().all()
    assert paths["reason"].str.contains("45 of ascending, 45 of descending").all()


def test_of_many_orders_it_is_compared_who_came_first(data):
    orders = [" ".join(own) for own in permutations(("psa", "aods", "iuipc8", "more"))]
    order = np.array(orders)[np.arange(len(data.scores)) % 24]
    given = data.design_factors.assign(options="ascending", order=order)
    found = list(varied(replace(data, design_factors=given)))
    assert [(one.factor, one.respondent) for one in found] == [
        ("order", "first"),
        ("order", "none"),
    ]
    one = found[0]
    assert one.reference == "aods first"
    assert one.others == ["iuipc8 first", "more first", "psa first"]


def test_a_run_that_varies_nothing_has_none(data):
    assert SensitivityAnalysis().applies(data.study) == ""
    fixed = data.design_factors.assign(options="ascending")
    found = SensitivityAnalysis().run(replace(data, design_factors=fixed), QUICK, {}, Work())
    assert found.status is Status.NOT_APPLICABLE


def test_histories_that_share_nothing_have_no_difference_of_paths(data, study):
    one = replace(study.conditions[0], name="alone", history="isolated")
    both = replace(study, conditions=(*study.conditions, one))
    rows = data.scores[data.scores["group"] == "none"].copy()
    rows.loc[rows["options"] == "descending", "condition"] = "alone"
    rows["group"] = "none · " + rows["condition"]
    about = data.groups.iloc[[0, 0]].assign(
        group=["none · carried", "none · alone"], respondent="none", condition=["carried", "alone"]
    )
    given = data.design_factors.loc[rows.index].assign(options="ascending")
    two = replace(data, study=both, scores=rows, groups=about, design_factors=given)
    table = SensitivityAnalysis().run(two, QUICK, {}, Work()).tables["sensitivity"]
    assert set(table["factor"]) == {"history"} and set(table["condition"]) == {""}
    paths = table[table["kind"] == "path"]
    assert paths["reason"].str.contains("share nothing").all()
    assert table.loc[table["kind"] == "scale", "difference"].notna().all()
