import numpy as np
import pandas as pd
import pytest

from vaar.analyses.contrasts.pooling import models_tables, rank_intervals
from vaar.analyses.groups import AskedGroup, groups_table

# Log relative risks of tuberculosis after BCG vaccination in 13 trials (Colditz et al. 1994), with
# their variances; metafor's rma(yi, vi, test = "knha"): τ² .3132, mean −.7145 [−1.1082, −.3208].
BCG = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713]
BCG += [-0.3394, 0.4459, -0.0173]
BCG_VARIANCE = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730]
BCG_VARIANCE += [0.0124, 0.5325, 0.0714]


def run_of(values, se, simulated=False, comparable=True):
    names = [f"m{n}" for n in range(len(values))]
    groups = groups_table([AskedGroup(n, n, "c", simulated) for n in names], {}, [])
    paths = pd.DataFrame(
        {"group": names, "path": "y ~ x", "std_estimate": values, "std_se": se, "df": np.nan}
    )
    return models_tables(groups, paths, {"y ~ x": -1}, comparable=comparable)


def test_between_models_as_metafor_tells_it():
    row = run_of(BCG, np.sqrt(BCG_VARIANCE))[1].iloc[0]
    assert row["sd"] ** 2 == pytest.approx(0.3132, abs=2e-3)  # the data have four digits
    assert [row["mean"], row["lower"], row["upper"]] == pytest.approx(
        [-0.7145, -1.1082, -0.3208], abs=2e-3
    )


def test_from_five_models_on_each_is_seen_in_the_light_of_all():
    four = run_of([0.3, 0.25, 0.35, 0.1], 0.1)[0]
    five = run_of([0.3, 0.25, 0.35, 0.1, 0.3], 0.1)[0]
    assert four["pooled"].isna().all()
    assert four["claim"].tolist() == ["+", "+", "+", "none"]
    assert 0.1 < five["pooled"].iloc[3] < five["pooled"].iloc[0] < 0.3
    assert five["claim"].tolist() == ["+"] * 5


def test_simulated_respondents_are_in_no_table():
    models, between = run_of([0.3, 0.2, 0.1], 0.1, simulated=True)
    assert models.empty and between.empty


def test_where_sizes_may_not_be_compared_nobody_is_pooled_or_ranked():
    models, between = run_of([0.5, 0.4, 0.3, 0.2, 0.0], 0.1, comparable=False)
    assert models[["pooled", "rank_lower", "rank_upper"]].isna().all(axis=None)
    assert models["claim"].tolist() == ["+", "+", "+", "none", "none"]
    assert between.empty


def test_a_model_that_is_not_estimable_does_not_count():
    models, _ = run_of([0.3, np.nan, 0.2], 0.1)
    assert models["group"].tolist() == ["m0", "m2"]
    assert set(models["models"]) == {2}


def test_ranks_are_of_the_expected_direction_and_as_wide_as_the_doubt():
    models, _ = run_of([-0.8, 0.5, 0.48, -0.1], 0.05)
    ranks = models[["rank_lower", "rank_upper"]].to_numpy().tolist()
    assert ranks == [[1, 1], [3, 4], [3, 4], [2, 2]]
    lower, upper = rank_intervals(np.zeros(5), np.ones(5), np.full(5, np.nan))
    assert (set(lower), set(upper)) == ({1}, {5})


def test_models_without_any_path_are_rarely_claimed():
    # 60 sets of six models without a path: 360 claims possible, 5 % allowed; at 3.8 % true, more
    # than 30 (8.3 %) are found in fewer than one of a thousand seeds even if all came in pairs
    rng = np.random.default_rng(3)
    claims = sum(
        int((run_of(rng.normal(0, 0.1, 6), 0.1)[0]["claim"] != "none").sum()) for _ in range(60)
    )
    assert 1 <= claims <= 30
