import numpy as np
import pandas as pd
import pytest

from vaar.analyses.base import Coded, Status, Work
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.stability.analysis import StabilityAnalysis, StabilityOptions
from vaar.analyses.stability.samples import FEWEST_SESSIONS, batch_means, cells
from vaar.report.groups import Groups


@pytest.fixture
def data(study):
    """Two real models, a simulated respondent, one with few sessions, and people."""
    asked = [AskedGroup(name, name, "c", name == "s") for name in ("a", "b", "s", "few")]
    groups = groups_table(asked, {}, ["human"])
    rng = np.random.default_rng(1)
    sizes = {"a": 40, "b": 30, "s": 20, "few": FEWEST_SESSIONS - 1, "human": 50}
    parts = [
        pd.DataFrame(rng.normal(3 + (name == "b"), 1, (n, 2)), columns=["alpha", "beta"]).assign(
            group=name, session=rng.permutation(n)
        )
        for name, n in sizes.items()
    ]
    scores = pd.concat(parts, ignore_index=True)
    scores.loc[0, "alpha"] = np.nan
    return Coded(study, pd.DataFrame(), scores, pd.DataFrame(), groups)


def test_models_under_one_condition_with_sessions_enough_make_a_cell(data):
    (cell,) = cells(data.scores, data.groups, data.study)
    assert (cell.groups, cell.scales, cell.simulated) == (("a", "b"), ("alpha", "beta"), False)
    assert [len(one) for one in cell.samples] == [39, 30]


def test_batches_are_consecutive():
    assert batch_means(np.array([1.0, 1, 2, 2, 6]), 2).tolist() == [4 / 3, 4]


def test_the_analysis_fills_its_tables_and_its_section(data):
    analysis = StabilityAnalysis()
    found = analysis.run(data, StabilityOptions(splits=20), {}, Work())
    assert found.status is Status.DONE
    tables = {spec.name: spec.checked(found.tables[spec.name]) for spec in analysis.tables}
    assert tables["retest"]["scale"].tolist() == ["alpha", "beta"]
    assert tables["profile_matched"]["group"].tolist() == ["a", "b"]
    by_test = tables["profile_tests"].set_index("test")["p"]
    assert by_test["profile"] < 0.001 < by_test["shape"]
    section = analysis.section(found, Groups.of(data.groups), data.study)
    assert "differ beyond chance" in section.lead
    assert len(section.tables) == 4
    assert section.figures


def test_one_model_alone_has_no_stability_to_compare(data):
    alone = data.groups[data.groups["group"].isin(["a", "s"])]
    found = StabilityAnalysis().run(
        Coded(data.study, data.responses, data.scores, data.design_factors, alone),
        StabilityOptions(),
        {},
        Work(),
    )
    assert found.status is Status.NOT_APPLICABLE
    assert "no two respondents" in found.reason
