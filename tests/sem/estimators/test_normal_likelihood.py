"""Derivatives against differences of the function they belong to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Moments, Sample, sample_of
from vaar.sem.estimators.normal_likelihood import (
    case_scores,
    evaluate,
    expected_information,
    gradient,
    observed_information,
)
from vaar.sem.model.matrices import Structure, imply, structure_of
from vaar.sem.model.parameters import specify

MODEL = """
f =~ x1 + x2 + x3
g =~ x4 + x5 + x6
h =~ f + g
y ~ h + z
w ~ y
x1 ~~ x4
"""
STEP = 1e-5


@pytest.fixture(params=["complete", "with gaps"])
def problem(request: pytest.FixtureRequest) -> tuple[Structure, Sample, Floats]:
    spec = specify(MODEL)
    rng = np.random.default_rng(1)
    values = rng.normal(size=(90, 9)) @ (np.eye(9) + 0.3 * rng.normal(size=(9, 9))) + 1
    if request.param == "with gaps":
        values[rng.random(values.shape) < 0.05] = np.nan
    present = np.ones((2, 9), dtype=bool)
    present[1, 2] = request.param == "complete"
    sample, _ = sample_of(values, np.repeat([0, 1], 45), present)
    theta = 0.2 * rng.normal(size=(2, len(spec.rows)))
    for i, row in enumerate(spec.rows):
        if row.op == "~~" and row.lhs == row.rhs:
            theta[:, i] = 1.5
    return structure_of(spec), sample, theta


def loss(theta: Floats, structure: Structure, moments: Moments) -> Floats:
    return moments.by_group(evaluate(imply(theta, structure), moments).loss)


def difference(function: Callable[[Floats], Floats], theta: Floats) -> Floats:
    parts = []
    for j in range(theta.shape[1]):
        shift = np.zeros_like(theta)
        shift[:, j] = STEP
        parts.append((function(theta + shift) - function(theta - shift)) / (2 * STEP))
    return np.stack(parts, axis=-1)


def test_gradient(problem: tuple[Structure, Sample, Floats]) -> None:
    structure, sample, theta = problem
    moments = sample.moments
    exact = gradient(evaluate(imply(theta, structure), moments), moments, structure)
    approximate = difference(lambda t: loss(t, structure, moments), theta)
    np.testing.assert_allclose(exact, approximate, atol=1e-6)


def test_observed_information(problem: tuple[Structure, Sample, Floats]) -> None:
    structure, sample, theta = problem
    moments = sample.moments

    def slope(t: Floats) -> Floats:
        return gradient(evaluate(imply(t, structure), moments), moments, structure)

    exact = observed_information(evaluate(imply(theta, structure), moments), moments, structure)
    np.testing.assert_allclose(list(exact), difference(slope, theta), atol=1e-6)


def test_case_scores_sum_to_the_gradient(problem: tuple[Structure, Sample, Floats]) -> None:
    structure, sample, theta = problem
    at = evaluate(imply(theta, structure), sample.moments)
    scores = case_scores(at, sample, structure)
    total = np.zeros_like(theta)
    np.add.at(total, sample.group, scores)
    np.testing.assert_allclose(-total, gradient(at, sample.moments, structure), atol=1e-9)


def test_expected_information_is_the_observed_one_where_the_model_is_true() -> None:
    spec = specify("f =~ x1 + x2 + x3\ny ~ f")
    structure = structure_of(spec)
    values = {"f=~x1": 1.0, "f=~x2": 0.8, "f=~x3": 1.2, "y~f": 0.5}
    theta = np.array([[values.get(r.name, 1.0 * (r.op == "~~")) for r in spec.rows]])
    implied = imply(theta, structure)
    moments = Moments(
        np.array([50.0]), implied.mean, implied.cov, np.ones((1, 4), bool), np.array([0]), 1
    )
    at = evaluate(implied, moments)
    np.testing.assert_allclose(
        list(expected_information(at, moments, structure)),
        list(observed_information(at, moments, structure)),
        atol=1e-10,
    )


def test_loss_is_the_normal_density(problem: tuple[Structure, Sample, Floats]) -> None:
    stats = pytest.importorskip("scipy.stats")
    structure, sample, theta = problem
    implied = imply(theta, structure)
    expected = 0.0
    for row, block in zip(sample.values, sample.block, strict=True):
        seen, group = sample.observed[block], sample.block_group[block]
        expected += stats.multivariate_normal.logpdf(
            row[seen], implied.mean[group][seen], implied.cov[group][np.ix_(seen, seen)]
        )
    moments = sample.moments
    answers = (moments.n[:, None] * moments.observed).sum()
    found = -evaluate(implied, moments).loss.sum() - 0.5 * answers * np.log(2 * np.pi)
    assert found == pytest.approx(expected, rel=1e-10)


def test_an_impossible_covariance_is_infinitely_bad() -> None:
    spec = specify("f =~ x1 + x2")
    structure = structure_of(spec)
    theta = np.array([[1.0, 1.0, -3.0, 1.0, 1.0, 0.0, 0.0, 0.0]])
    moments = Moments(
        np.array([50.0]), np.zeros((1, 2)), np.eye(2)[None], np.ones((1, 2), bool), np.array([0]), 1
    )
    assert np.isinf(evaluate(imply(theta, structure), moments).loss[0])


def test_a_barely_indefinite_covariance_is_bad_too() -> None:
    """Its smallest eigenvalue rounds to something positive, and yet it has no Cholesky factor."""
    cov = np.array([[1.0, 1.0 + 1e-17], [1.0 + 1e-17, 1.0]])
    spec = specify("x1 ~~ x2")
    structure = structure_of(spec)
    names = [row.name for row in spec.rows]
    theta = np.zeros((1, len(names)))
    theta[0, [names.index("x1~~x1"), names.index("x2~~x2"), names.index("x1~~x2")]] = 1.0
    moments = Moments(
        np.ones(1), np.zeros((1, 2)), cov[None], np.ones((1, 2), bool), np.zeros(1, int), 1
    )
    at = evaluate(imply(theta, structure), moments)
    assert np.isinf(at.loss[0]) and np.isfinite(at.weight).all()
