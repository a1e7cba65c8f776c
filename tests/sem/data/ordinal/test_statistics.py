import json
from pathlib import Path

import numpy as np
import pytest

from vaar.errors import DataError
from vaar.sem.data.ordinal.pairs import PairOutcome
from vaar.sem.data.ordinal.statistics import StatisticKind, ordinal_statistics

CASES = json.loads(
    (Path(__file__).parents[3] / "reference" / "polychoric.json").read_text(encoding="utf-8")
)["cases"]


def statistics_of(name):
    case = CASES[name]
    data = np.array(case["data"], dtype=float)
    ordered = np.array([column in case["ordered"] for column in case["columns"]])
    return case, ordinal_statistics(data, ordered, case["missing"])


def lavaan_names(labels, columns):
    """Names in lavaan's notation, thresholds numbered within their item."""
    names, seen = [], {}
    for kind, first, second in zip(labels.kinds, labels.first, labels.second, strict=True):
        if kind == StatisticKind.THRESHOLD:
            seen[first] = seen.get(first, 0) + 1
            names.append(f"{columns[first]}|t{seen[first]}")
        elif kind == StatisticKind.NEGATIVE_MEAN:
            names.append(f"{columns[first]}~1")
        else:
            names.append(f"{columns[first]}~~{columns[second]}")
    return names


@pytest.mark.parametrize("name", CASES)
def test_order_of_the_statistics_is_lavaans(name):
    case, got = statistics_of(name)
    assert len(got.rows) == case["n"]
    assert lavaan_names(got.labels, case["columns"]) == case["names"]


@pytest.mark.parametrize("name", CASES)
def test_values_agree_with_lavaan(name):
    case, got = statistics_of(name)
    expected = np.array(case["statistics"])
    univariate = got.labels.kinds != StatisticKind.COVARIANCE
    np.testing.assert_allclose(got.values[univariate], expected[univariate], rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(got.values, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", CASES)
def test_asymptotic_covariance_agrees_with_lavaan(name):
    case, got = statistics_of(name)
    expected = np.array(case["gamma"])
    deviation = np.sqrt(np.diag(expected))
    difference = (got.asymptotic_covariance() - expected) / np.outer(deviation, deviation)
    assert np.abs(difference).max() < 1e-6
    np.testing.assert_allclose(1.0 / got.asymptotic_variances, case["weights"], rtol=1e-6)


def test_reference_holds_fourfold_tables_with_an_empty_cell():
    data = np.array(CASES["binary"]["data"])
    tables = [
        [np.sum((data[:, i] == a) & (data[:, j] == b)) for a in (1, 2) for b in (1, 2)]
        for i in range(4)
        for j in range(i)
    ]
    assert sum(0 in table for table in tables) >= 2


@pytest.fixture
def mixed():
    case = CASES["mixed"]
    ordered = np.array([column in case["ordered"] for column in case["columns"]])
    return np.array(case["data"], dtype=float), ordered


def test_units_of_a_continuous_variable_do_not_touch_correlations(mixed):
    data, ordered = mixed
    rescaled = np.where(ordered, data, -1e6 + 1e4 * data)
    before, after = (ordinal_statistics(values, ordered) for values in (data, rescaled))
    np.testing.assert_allclose(after.correlations, before.correlations, atol=1e-9)
    scale = np.array([1.0, 1e4])[(~ordered).astype(int)]
    by_statistic = scale[before.labels.first] * np.where(
        np.isin(before.labels.kinds, [StatisticKind.VARIANCE, StatisticKind.COVARIANCE]),
        scale[before.labels.second],
        1.0,
    )
    np.testing.assert_allclose(
        after.influences / by_statistic, before.influences, rtol=1e-6, atol=1e-6
    )


def test_continuous_covariances_are_sample_moments(mixed):
    data, ordered = mixed
    got = ordinal_statistics(data, ordered)
    kinds = got.labels.kinds
    continuous = data[:, ~ordered]
    np.testing.assert_allclose(
        -got.values[kinds == StatisticKind.NEGATIVE_MEAN], continuous.mean(axis=0), rtol=1e-12
    )
    np.testing.assert_allclose(
        got.values[kinds == StatisticKind.VARIANCE], continuous.var(axis=0), rtol=1e-12
    )
    both = (
        (kinds == StatisticKind.COVARIANCE)
        & ~ordered[got.labels.first]
        & ~ordered[got.labels.second]
    )
    np.testing.assert_allclose(got.values[both], np.cov(continuous.T, bias=True)[0, 1], rtol=1e-10)


def test_thresholds_are_labelled_by_the_categories_beside_them():
    data = np.array([[1, 1], [2, 2], [5, 1], [4, 2], [2, 2]], dtype=float)
    labels = ordinal_statistics(data, np.array([True, True])).labels
    threshold = labels.kinds == StatisticKind.THRESHOLD
    assert labels.below[threshold].tolist() == [1, 2, 4, 1]
    assert labels.above[threshold].tolist() == [2, 4, 5, 2]


def test_constant_variables_are_named_and_have_no_statistics(mixed):
    data, ordered = mixed
    data = np.column_stack([data, np.full(len(data), 3.0), np.full(len(data), 3.0)])
    got = ordinal_statistics(data, np.append(ordered, [True, False]))
    assert got.outcomes[5, 5] == got.outcomes[6, 6] == PairOutcome.CONSTANT
    assert (got.outcomes[:5, 5:] == PairOutcome.CONSTANT).all()
    assert (got.outcomes[:5, :5] == PairOutcome.ESTIMATED).all()
    touches = (got.labels.first >= 5) | (got.labels.second >= 5)
    np.testing.assert_array_equal(got.estimated, ~touches)
    assert 5 not in got.labels.first[got.labels.kinds == StatisticKind.THRESHOLD]


def test_statistics_of_the_sound_variables_do_not_depend_on_the_others(mixed):
    data, ordered = mixed
    widened = np.column_stack([data, np.full(len(data), 3.0)])
    alone, beside = (
        ordinal_statistics(data, ordered),
        ordinal_statistics(widened, np.append(ordered, True)),
    )
    kept = (beside.labels.first < 5) & (beside.labels.second < 5)
    np.testing.assert_allclose(beside.values[kept], alone.values, rtol=1e-12)
    np.testing.assert_allclose(beside.influences[:, kept], alone.influences, rtol=1e-7, atol=1e-9)


def test_perfectly_correlated_continuous_and_ordinal_variables_are_named():
    rng = np.random.default_rng(2)
    x = rng.normal(size=100)
    category = np.digitize(x, np.median(x) + np.zeros(1))
    data = np.column_stack([x, -2 * x, category])
    got = ordinal_statistics(data, np.array([False, False, True]))
    assert got.outcomes[0, 1] == PairOutcome.PERFECT
    assert got.correlations[0, 1] == -1.0
    assert np.isfinite(got.values).all()


def test_rows_in_use_follow_the_treatment_of_missing_answers():
    data = np.array(
        [[1, 1], [2, np.nan], [1, 2], [np.nan, np.nan], [2, 1], [2, 2], [1, 1]], dtype=float
    )
    ordered = np.array([True, True])
    assert ordinal_statistics(data, ordered, "listwise").rows.tolist() == [0, 2, 4, 5, 6]
    assert ordinal_statistics(data, ordered, "pairwise").rows.tolist() == [0, 1, 2, 4, 5, 6]


def test_no_usable_row_is_an_error():
    with pytest.raises(DataError, match="none of 2 rows"):
        ordinal_statistics(np.array([[1, np.nan], [np.nan, 2]]), np.array([True, True]))


def test_infinite_value_is_an_error():
    with pytest.raises(DataError, match="infinite value"):
        ordinal_statistics(np.array([[1.0], [np.inf]]), np.array([False]))


@pytest.mark.parametrize("ordered", [True, False])
def test_single_variable_has_no_covariances(ordered):
    got = ordinal_statistics(np.array([[1.0], [2.0], [2.0], [3.0]]), np.array([ordered]))
    assert StatisticKind.COVARIANCE not in got.labels.kinds
    assert got.estimated.all()
