import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from vaar.sem.data.ordinal.bivariate_normal import (
    FAR,
    CellProbabilities,
    cell_derivatives,
    corner_probabilities,
)

THRESHOLDS = np.array([[-2.7], [-1.1], [0.0], [0.4], [1.1], [3.2]])


def cell_probabilities(row, column, rho, first=None):
    law = CellProbabilities(row, column, rho if first is None else first)
    return law.at(rho, np.array([0]))


@pytest.mark.parametrize("size", [0.0, 0.1, 0.3, 0.5, 0.75, 0.9, 0.925, 0.93, 0.99, 0.9999])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_corner_probabilities_agree_with_scipy(size, sign):
    rho = sign * size
    other = THRESHOLDS + np.array([[0.0], [0.3], [0.0], [-1.0], [0.01], [0.0]])
    got = corner_probabilities(THRESHOLDS, other, np.array([rho]))[:, :, 0]
    law = multivariate_normal(cov=[[1.0, rho], [rho, 1.0]])
    expected = [[law.cdf([h, k]) for k in other[:, 0]] for h in THRESHOLDS[:, 0]]
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("rho", [-0.98, -0.4, 0.0, 0.6, 0.95])
def test_far_threshold_leaves_the_margin(rho):
    got = corner_probabilities(THRESHOLDS, np.array([[FAR]]), np.array([rho]))[:, 0, 0]
    np.testing.assert_allclose(got, ndtr(THRESHOLDS[:, 0]), rtol=0, atol=1e-15)


@given(
    h=st.floats(-4, 4),
    k=st.floats(-4, 4),
    rho=st.floats(-0.9999, 0.9999),
)
@settings(deadline=None, max_examples=200)
def test_reflecting_one_variable_reverses_the_correlation(h, k, rho):
    below = corner_probabilities(np.array([[h]]), np.array([[k]]), np.array([rho]))
    reflected = corner_probabilities(np.array([[h]]), np.array([[-k]]), np.array([-rho]))
    assert below.item() + reflected.item() == pytest.approx(ndtr(h), abs=1e-14)


@pytest.mark.parametrize("rho", [-0.95, -0.5, 0.0, 0.2, 0.8, 0.97])
def test_cells_have_the_given_margins(rho):
    column = np.array([[-0.5], [0.9], [FAR]])
    cells = cell_probabilities(THRESHOLDS, column, np.array([rho]))[:, :, 0]
    edges = ndtr(np.concatenate([[-np.inf], THRESHOLDS[:, 0], [np.inf]]))
    np.testing.assert_allclose(cells.sum(axis=1), np.diff(edges), atol=1e-14)
    np.testing.assert_allclose(
        cells.sum(axis=0), [ndtr(-0.5), ndtr(0.9) - ndtr(-0.5), ndtr(-0.9), 0.0], atol=1e-14
    )


@pytest.mark.parametrize("rho", [-0.97, -0.5, 0.0, 0.3, 0.9])
def test_derivatives_agree_with_differences(rho):
    column = np.array([[-0.5], [0.9]])
    step = 1e-5

    def cells(at):
        return cell_probabilities(THRESHOLDS, column, np.array([at]))

    def slopes(at):
        return cell_derivatives(THRESHOLDS, column, np.array([at]))[0]

    first, second = cell_derivatives(THRESHOLDS, column, np.array([rho]))
    by_difference = (cells(rho + step) - cells(rho - step)) / (2 * step)
    np.testing.assert_allclose(first, by_difference, atol=1e-6)
    by_difference = (slopes(rho + step) - slopes(rho - step)) / (2 * step)
    np.testing.assert_allclose(second, by_difference, atol=1e-6 * max(1, np.abs(second).max()))


@pytest.mark.parametrize("first", [-0.97, -0.6, 0.0, 0.5, 0.9, 0.96])
@pytest.mark.parametrize("share", [-0.9, -0.099, -0.05, 1e-6, 0.05, 0.099, 0.5])
def test_cells_do_not_depend_on_the_first_correlation(first, share):
    rho = np.array([first + share * (1 - abs(first))])
    column = np.array([[-0.5], [0.9]])
    moved = cell_probabilities(THRESHOLDS, column, rho, np.array([first]))
    np.testing.assert_allclose(
        moved, cell_probabilities(THRESHOLDS, column, rho), rtol=0, atol=1e-13
    )
