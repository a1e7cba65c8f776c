import numpy as np
import pandas as pd
import pytest

from vaar.analyses.value_conflict.gaps import correlation, correlations_table, gaps_table
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


def test_the_correlation_is_pearsons_where_there_is_one():
    pairs = np.random.default_rng(1).normal(size=(7, 2))
    assert correlation(pairs) == pytest.approx(pd.DataFrame(pairs).corr().iloc[0, 1])
    assert np.isnan(correlation(pairs[:2]))
    assert np.isnan(correlation(np.column_stack([pairs[:, 0], np.ones(7)])))


def test_gaps_are_correlated_over_values_and_over_respondents():
    table = pd.DataFrame(
        {
            "respondent": [r for r in "abc" for _ in range(3)],
            "value": ["x", "y", "z"] * 3,
            "gap": [0.1, 0.2, 0.3, 0.2, 0.4, 0.6, 0.5, 0.3, 0.1],
            "stated": [1, 2, 3, 1, 2, 3, 3, 2, np.nan],
        }
    )
    found = correlations_table(table).set_index(["over", "of"])
    assert found.loc[("values", "a"), "r"] == pytest.approx(1)
    assert found.loc[("values", "c"), "n"] == 2
    assert found["r"].isna()[("values", "c")]
    assert found.loc[("respondents", "x"), "n"] == 3
    expected = np.corrcoef([0.1, 0.2, 0.5], [1, 1, 3])[0, 1]
    assert found.loc[("respondents", "x"), "r"] == pytest.approx(expected)
