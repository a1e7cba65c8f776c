"""Sums within clusters, weighted sums, and rows drawn again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vaar.sem.data.sampling_design import UNSTRUCTURED, SamplingDesign, few_clusters

LABELS = arrays(np.int64, st.integers(2, 30), elements=st.integers(0, 6))


@given(LABELS)
def test_totals_are_corrected_sums_within_clusters(cluster: np.ndarray) -> None:
    values = np.arange(2.0 * len(cluster)).reshape(-1, 2)
    labels = np.unique(cluster)
    if len(labels) < 2:
        return
    sums = np.array([values[cluster == label].sum(axis=0) for label in labels])
    root = np.sqrt(len(labels) / (len(labels) - 1))
    totals = SamplingDesign(cluster).totals(values, slice(0, len(values)))
    np.testing.assert_allclose(totals, sums * root)


def test_totals_of_rows_without_clusters_are_the_rows() -> None:
    values = np.ones((3, 2))
    assert UNSTRUCTURED.totals(values, slice(0, 3)) is values


@given(LABELS)
def test_members_are_the_rows_of_each_cluster(cluster: np.ndarray) -> None:
    found = SamplingDesign(cluster).members
    assert sorted(np.concatenate(found).tolist()) == list(range(len(cluster)))
    assert all(len(set(cluster[rows])) == 1 for rows in found)
    assert len(found) == SamplingDesign(cluster).count(slice(0, len(cluster)))


def test_a_cluster_drawn_twice_counts_as_two() -> None:
    design = SamplingDesign(np.array([0, 0, 1, 1, 1]), np.arange(1.0, 6.0))
    drawn = design.take(np.array([2, 3, 4, 0, 1, 2, 3, 4]))
    assert drawn.count(slice(0, 8)) == 3
    assert drawn.cluster is not None and drawn.weight is not None
    assert len({*drawn.cluster[:3]}) == len({*drawn.cluster[5:]}) == 1
    assert drawn.cluster[0] != drawn.cluster[5]
    np.testing.assert_array_equal(drawn.weight, [3, 4, 5, 1, 2, 3, 4, 5])


@given(arrays(float, st.integers(1, 20), elements=st.floats(0.01, 100)))
def test_scaled_weights_sum_to_the_rows_and_keep_their_ratios(weight: np.ndarray) -> None:
    scaled = SamplingDesign(None, weight).scaled().weight
    assert scaled is not None
    assert scaled.sum() == pytest.approx(len(weight))
    np.testing.assert_allclose(scaled / scaled[0], weight / weight[0])


def test_weighted_values_and_the_sum_of_weights() -> None:
    weight = np.array([1.0, 2.0, 4.0])
    values, total = SamplingDesign(None, weight).weighted(np.ones((2, 3)), slice(1, 3))
    np.testing.assert_array_equal(values, [[2.0] * 3, [4.0] * 3])
    assert total == 6.0
    values, total = UNSTRUCTURED.weighted(np.ones((2, 3)), slice(1, 3))
    assert (values == 1).all() and total == 2.0


def test_one_cluster_has_no_variance() -> None:
    assert np.isnan(few_clusters(1))
    assert few_clusters(20) == pytest.approx(20 / 19)
