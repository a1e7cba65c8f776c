import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vaar.analyses.value_conflict.gaps import correlations_table, gaps_table
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import ARMS

COLUMNS = ["respondent", "arm", "scenario", "value"]
COLUMNS += ["asked", "answered", "compliant", "order_effect"]


def counts(rates, n=20):
    """A respondent's table from its compliance by scenario and arm."""
    rows = [
        ("r", arm, f"s{k}", "care", n, n, round(rate * n), 0.0)
        for k, own in enumerate(rates)
        for arm, rate in zip(ARMS, own, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_arms_are_resampled_together():
    """Scenarios differ widely, their gaps do not: the interval is that of the differences."""
    easy = np.linspace(0.1, 0.8, 30)
    table = counts([(r + 0.2, r, r, r, 0.0) for r in easy])
    own = gaps_table(table, ValueConflictOptions(replicates=500), 1).iloc[0]
    assert own["gap"] == pytest.approx(0.2, abs=0.01)
    assert own["gap_upper"] - own["gap_lower"] < 0.03
    assert own["no_consequence_gap"] == 0


@pytest.mark.parametrize(("compliant", "chosen"), [(0.05, 1), (0.1, 0)])
def test_a_scenario_is_chosen_for_its_value_from_a_share_of_95_percent(compliant, chosen):
    table = counts([(1, 0, 0, 0, compliant)] * 3)
    own = gaps_table(table, ValueConflictOptions(replicates=10), 1).iloc[0]
    assert own["plain_by_value"] == chosen


def test_gaps_are_correlated_over_values_and_over_respondents_with_intervals():
    table = pd.DataFrame(
        {
            "respondent": [r for r in "abcd" for _ in range(4)],
            "value": ["w", "x", "y", "z"] * 4,
            "gap": [0.1, 0.2, 0.3, 0.4, 0.2, 0.4, 0.6, 0.5, 0.3, 0.1, 0.2, 0.2, 0.9, 0.8, 0.7, 0.5],
            "stated": [1, 2, 3, 4, 1, 2, 3, 4, 3, 2, 4, np.nan, 2, 2, 2, 2],
        }
    )
    found = correlations_table(table).set_index(["over", "of"])
    assert found.loc[("values", "a"), "r"] == pytest.approx(1)
    known = stats.pearsonr([0.2, 0.4, 0.6, 0.5], [1, 2, 3, 4])
    ends = known.confidence_interval(0.95)
    assert found.loc[("values", "b"), ["r", "r_lower", "r_upper"]].tolist() == pytest.approx(
        [known.statistic, ends.low, ends.high]
    )
    assert found.loc[("values", "c"), "n"] == 3
    assert found["r"].isna()[[("values", "c"), ("values", "d")]].all()
    expected = np.corrcoef([0.1, 0.2, 0.3, 0.9], [1, 1, 3, 2])[0, 1]
    assert found.loc[("respondents", "w"), "r"] == pytest.approx(expected)
