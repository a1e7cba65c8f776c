import numpy as np
import pytest

from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Sample, sample_of
from vaar.sem.data.sampling_design import SamplingDesign
from vaar.sem.fit_measures.benchmarks import free_trace, independence, saturated
from vaar.sem.fit_measures.incomplete_data import free_moments


def sample(values: Floats) -> Sample:
    return sample_of(values, np.zeros(len(values), dtype=np.int64), np.ones((1, 4), dtype=bool))[0]


@pytest.fixture
def values() -> Floats:
    rng = np.random.default_rng(4)
    return np.exp(0.5 * rng.normal(size=(150, 4)) @ (np.eye(4) + 0.4)) + 3


def test_complete_data_have_their_moments(values: Floats) -> None:
    found = saturated(sample(values), robust=False)
    np.testing.assert_allclose(found.cov[0], np.cov(values.T, ddof=0))
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0))


def test_em_reaches_the_maximum(values: Floats) -> None:
    gaps = values.copy()
    gaps[np.random.default_rng(5).random(gaps.shape) < 0.15] = np.nan
    found = saturated(sample(gaps), robust=True)

    def loss(cov: Floats, mean: Floats) -> float:
        total = 0.0
        for row in gaps:
            seen = ~np.isnan(row)
            if seen.any():
                part, gap = cov[np.ix_(seen, seen)], (row - mean)[seen]
                total += 0.5 * (np.linalg.slogdet(part)[1] + gap @ np.linalg.solve(part, gap))
        return total

    best = loss(found.cov[0], found.mean[0])
    assert best == pytest.approx(found.loss[0])
    for i in range(4):
        for step in (-1e-4, 1e-4):
            mean = found.mean[0].copy()
            mean[i] += step
            assert loss(found.cov[0], mean) > best
            cov = found.cov[0].copy()
            cov[i, 0] += step
            cov[0, i] = cov[i, 0]
            assert loss(cov, found.mean[0]) > best


def test_both_ways_to_the_trace_agree(values: Floats) -> None:
    """With one row set apart as its own pattern of nothing missing, the general way is taken."""
    whole = sample(values)
    split = Sample(
        whole.values,
        (np.arange(150) >= 75).astype(np.int64),
        np.array([0, 0]),
        np.ones((2, 4), dtype=bool),
        1,
    )
    one, other = saturated(whole, robust=True), saturated(split, robust=True)
    np.testing.assert_allclose(one.trace, free_moments(split, robust=True).trace, rtol=1e-6)
    np.testing.assert_allclose(one.loss, other.loss, rtol=1e-9)


def test_normal_data_have_a_trace_near_the_number_of_parameters() -> None:
    normal = np.random.default_rng(6).normal(size=(20000, 4))
    found = saturated(sample(normal), robust=True)
    assert found.trace[0] == pytest.approx(found.n_parameters[0], rel=0.03)


def test_independence_of_two_blocks(values: Floats) -> None:
    found = independence(sample(values), [0, 1], robust=False)
    cov = np.cov(values.T, ddof=0)
    log_det = np.linalg.slogdet(cov[:2, :2])[1] + np.log(cov[2, 2]) + np.log(cov[3, 3])
    assert found.loss[0] == pytest.approx(75 * (log_det + 4))
    assert found.n_parameters[0] == 5 + 2 + 2


def test_without_means_their_part_of_the_trace_is_left_out(values: Floats) -> None:
    """Of rows alike it is p; of weighted rows Σ w² dᵀ S⁻¹ d / Σ w."""
    with_means, without = (saturated(sample(values), True, means) for means in (True, False))
    assert with_means.trace[0] - without.trace[0] == pytest.approx(4)
    assert with_means.n_parameters[0] - without.n_parameters[0] == 4
    weight: Floats = np.tile([0.5, 1.5, 2.5], 50)
    design = SamplingDesign(weight=weight)
    d = values - np.average(values, axis=0, weights=weight)
    unit = np.linalg.solve(np.cov(values.T, aweights=weight, ddof=0), d.T).T
    part = np.sum(weight**2 * np.einsum("ij,ij->i", d, unit)) / weight.sum()
    both = [free_trace(values, design, slice(0, 150), means) for means in (True, False)]
    assert both[0] - both[1] == pytest.approx(part)
