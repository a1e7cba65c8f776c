import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from vaar.errors import DataError
from vaar.sem.data.ordinal.pairs import PairOutcome
from vaar.sem.data.ordinal.polychoric import code_items, polychoric

REFERENCE = json.loads(
    (Path(__file__).parents[3] / "reference" / "polychoric.json").read_text(encoding="utf-8")
)
PAIR = np.array([0]), np.array([1])


def answers_of(table):
    """The (n, 2) answers, numbered from 1, that have this contingency table."""
    table = np.asarray(table)
    cells = np.argwhere(np.ones_like(table)) + 1
    return np.repeat(cells, table.ravel(), axis=0).astype(float)


def correlation_of(answers):
    return polychoric(code_items(answers), *PAIR)


def likert(seed, n=200, rho=0.5, cuts=(-1.2, -0.4, 0.3, 1.1)):
    normal = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    return np.digitize(normal, cuts) + 1.0


def maximised_directly(answers):
    """ML over ρ by scipy alone: its bivariate normal law and its scalar minimiser."""
    _, codes = np.unique(answers[:, 0], return_inverse=True)
    _, other = np.unique(answers[:, 1], return_inverse=True)
    table = np.zeros((codes.max() + 1, other.max() + 1))
    np.add.at(table, (codes, other), 1)
    edges = [
        np.concatenate([[-40.0], ndtri(np.cumsum(margin)[:-1] / margin.sum()), [40.0]])
        for margin in (table.sum(1), table.sum(0))
    ]

    def misfit(rho):
        law = multivariate_normal(cov=[[1, rho], [rho, 1]])
        below = np.array([[law.cdf([h, k]) for k in edges[1]] for h in edges[0]])
        cells = np.diff(np.diff(below, axis=0), axis=1)
        return -(table * np.log(np.maximum(cells, 1e-300))).sum()

    return minimize_scalar(misfit, bounds=(-0.995, 0.995), options={"xatol": 1e-9}).x


def test_thresholds_are_normal_quantiles_of_cumulative_proportions():
    items = code_items(np.array([[1, 2, 2, 3, 3, 3, 4, np.nan, 4, 4, 4]], dtype=float).T)
    np.testing.assert_allclose(items.thresholds, [ndtri([0.1, 0.3, 0.6])], atol=1e-15)
    assert items.counts.tolist() == [[1, 2, 3, 4]]
    assert items.codes[7, 0] == 4


def test_category_nobody_chose_has_no_threshold_of_its_own():
    items = code_items(np.array([[1, 1, 2, 5, 5, 4]], dtype=float).T)
    assert items.categories.tolist() == [[1, 2, 4, 5]]
    np.testing.assert_allclose(items.thresholds, [ndtri([2 / 6, 3 / 6, 4 / 6])], atol=1e-15)


def test_answer_that_is_not_a_whole_number_is_refused():
    with pytest.raises(DataError, match=r"answer 2\.5; only whole numbers"):
        code_items(np.array([[1.0], [2.5]]))


def test_answers_too_far_apart_are_refused():
    with pytest.raises(DataError, match=r"span 1e\+06 numbers; at most 1000"):
        code_items(np.array([[0.0], [1e6]]))


@pytest.mark.parametrize(("same", "other"), [(60, 40), (70, 30), (95, 5), (199, 1), (10, 90)])
def test_median_split_has_its_closed_form(same, other):
    pair = correlation_of(answers_of([[same, other], [other, same]]))
    low_on_both = same / (2 * (same + other))
    expected = np.sin(np.pi / 2 * (4 * low_on_both - 1))
    assert pair.correlations[0] == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("rho", [-0.97, -0.6, 0.0, 0.3, 0.8, 0.93])
def test_estimate_maximises_the_likelihood(rho):
    answers = likert(seed=7, n=150, rho=rho)
    pair = correlation_of(answers)
    assert pair.correlations[0] == pytest.approx(maximised_directly(answers), abs=1e-6)


def test_items_with_different_numbers_of_categories():
    answers = np.column_stack(
        [np.minimum(likert(seed=3)[:, 0], 2), likert(seed=3)[:, 1], likert(seed=3)[:, 0]]
    )
    estimates = polychoric(code_items(answers), np.array([0, 1]), np.array([1, 2])).correlations
    assert estimates[0] == pytest.approx(maximised_directly(answers[:, :2]), abs=1e-6)
    assert estimates[1] == pytest.approx(maximised_directly(answers[:, 1:]), abs=1e-6)


@pytest.mark.parametrize("name", REFERENCE["tables"])
def test_tables_with_empty_cells_agree_with_lavaan(name):
    table = REFERENCE["tables"][name]
    pair = correlation_of(answers_of(table["counts"]))
    assert pair.correlations[0] == pytest.approx(table["correlation"], abs=1e-6)


@given(seed=st.integers(0, 10_000), rho=st.floats(-0.9, 0.9))
@settings(deadline=None, max_examples=40)
def test_reversing_an_item_flips_the_sign(seed, rho):
    answers = likert(seed, n=80, rho=rho)
    reversed_item = np.column_stack([6 - answers[:, 0], answers[:, 1]])
    plain, flipped = correlation_of(answers), correlation_of(reversed_item)
    np.testing.assert_allclose(flipped.correlations, -plain.correlations, atol=1e-9)
    np.testing.assert_allclose(flipped.influences, -plain.influences, rtol=1e-5, atol=1e-6)


@given(seed=st.integers(0, 10_000), rho=st.floats(-0.9, 0.9))
@settings(deadline=None, max_examples=40)
def test_swapping_the_items_changes_nothing(seed, rho):
    answers = likert(seed, n=80, rho=rho)
    plain, swapped = correlation_of(answers), correlation_of(answers[:, ::-1])
    np.testing.assert_allclose(swapped.correlations, plain.correlations, atol=1e-9)
    np.testing.assert_allclose(swapped.influences, plain.influences, rtol=1e-5, atol=1e-6)


@given(seed=st.integers(0, 10_000), copies=st.integers(2, 5))
@settings(deadline=None, max_examples=30)
def test_repeating_all_rows_changes_nothing(seed, copies):
    answers = likert(seed, n=60)
    plain, repeated = correlation_of(answers), correlation_of(np.tile(answers, (copies, 1)))
    np.testing.assert_allclose(repeated.correlations, plain.correlations, atol=1e-9)
    np.testing.assert_allclose(repeated.influences[:60], plain.influences, rtol=1e-5, atol=1e-6)


@given(seed=st.integers(0, 10_000), scores=st.sets(st.integers(-20, 20), min_size=5, max_size=5))
@settings(deadline=None, max_examples=30)
def test_only_the_order_of_the_categories_counts(seed, scores):
    answers = likert(seed, n=60)
    renamed = np.array([0, *sorted(scores)], dtype=float)[answers.astype(int)]
    np.testing.assert_array_equal(
        correlation_of(renamed).correlations, correlation_of(answers).correlations
    )


def test_influences_have_mean_zero():
    pair = correlation_of(likert(seed=5))
    assert abs(pair.influences.mean()) < 1e-9


@pytest.mark.parametrize(
    ("table", "outcome", "correlation"),
    [
        ([[30, 0], [0, 20]], PairOutcome.PERFECT, 1.0),
        ([[0, 30], [20, 0]], PairOutcome.PERFECT, -1.0),
        ([[30, 0, 0], [5, 30, 10], [0, 0, 40]], PairOutcome.PERFECT, 1.0),
        ([[0, 0, 10], [3, 5, 182]], PairOutcome.PERFECT, -1.0),
        ([[20, 30]], PairOutcome.CONSTANT, np.nan),
        ([[50]], PairOutcome.CONSTANT, np.nan),
    ],
)
def test_degenerate_tables_have_a_named_outcome(table, outcome, correlation):
    pair = correlation_of(answers_of(table))
    assert pair.outcomes[0] == outcome
    np.testing.assert_equal(pair.correlations[0], correlation)
    assert np.isnan(pair.influences).all()


def test_pair_that_nobody_answered_together():
    answers = np.array([[1, np.nan], [2, np.nan], [np.nan, 1], [np.nan, 2]], dtype=float)
    assert correlation_of(answers).outcomes[0] == PairOutcome.NO_OVERLAP


def test_answers_without_probability_under_normality():
    table = np.diag([200, 200, 200, 200, 200])
    table[0, 4] = table[4, 0] = 1
    table[1, 2] = 1
    pair = correlation_of(answers_of(table))
    assert pair.outcomes[0] == PairOutcome.IMPROBABLE
    assert np.isnan(pair.correlations[0])


def test_degenerate_pairs_leave_the_others_alone():
    answers = likert(seed=11, n=120)
    constant = np.full((120, 1), 4.0)
    pairs = polychoric(
        code_items(np.hstack([answers, constant])), np.array([0, 0, 1]), np.array([1, 2, 2])
    )
    alone = correlation_of(answers)
    assert pairs.outcomes.tolist() == [
        PairOutcome.ESTIMATED,
        PairOutcome.CONSTANT,
        PairOutcome.CONSTANT,
    ]
    np.testing.assert_allclose(pairs.correlations[0], alone.correlations[0], atol=1e-14)
    np.testing.assert_allclose(pairs.influences[:, 0], alone.influences[:, 0], atol=1e-10)


def test_every_outcome_has_a_message():
    messages = {outcome.message for outcome in PairOutcome}
    assert len(messages) == len(PairOutcome)
