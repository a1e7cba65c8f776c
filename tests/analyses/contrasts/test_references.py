import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vaar.analyses.contrasts.references import references_table
from vaar.study.model import Evidence, Hypothesis

R = Evidence("A (2020)", "r", "zero-order", -0.13, -0.18, -0.07)
PATH = Evidence("B (2021)", "b", "path", -0.20, -0.30, -0.10)
OTHER = Evidence("C (2022)", "b", "path", 0.089, 0.065, 0.113, "risk and intention")
WORDS = Evidence("D (2023)", "Messages raise it.")


@pytest.fixture(scope="module")
def table():
    own = {"std_path": -0.4, "path_lower": -0.5, "path_upper": -0.3}
    own |= {"r": -0.3, "r_lower": -0.38, "r_upper": -0.21}
    zero_order = pd.DataFrame([{"group": "m", "path": "y ~ x", **own}])
    evidence = (R, PATH, OTHER, WORDS)
    return references_table([Hypothesis("y", "x", -1, evidence)], zero_order).set_index("source")


def test_each_is_held_against_its_own_specification(table):
    assert table.loc["A (2020)", "own"] == -0.3
    assert table.loc["B (2021)", "own"] == -0.4
    assert table.loc["B (2021)", "difference"] == pytest.approx(-0.2)
    assert "D (2023)" not in table.index


def test_differences_are_tested_on_their_scale(table):
    se = np.hypot(0.2, 0.2) / (2 * stats.norm.ppf(0.975))
    assert table.loc["B (2021)", "p"] == pytest.approx(2 * stats.norm.sf(0.2 / se))
    ends = np.arctanh([[-0.3, -0.38, -0.21], [-0.13, -0.18, -0.07]])
    se = np.hypot(*(ends[:, 2] - ends[:, 1])) / (2 * stats.norm.ppf(0.975))
    z = abs(ends[0, 0] - ends[1, 0]) / se
    assert table.loc["A (2020)", "p"] == pytest.approx(2 * stats.norm.sf(z))


def test_a_path_of_another_model_is_shown_and_not_compared(table):
    row = table.loc["C (2022)"]
    assert row["published"] == 0.089
    assert np.isnan(row["difference"]) and np.isnan(row["p"])
