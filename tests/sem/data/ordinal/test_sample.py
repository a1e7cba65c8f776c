from __future__ import annotations

import numpy as np
import pytest

from vaar.errors import DataError
from vaar.sem.data.ordinal.sample import OrdinalSample, ordinal, used_categories
from vaar.sem.data.ordinal.statistics import ordinal_statistics
from vaar.sem.data.sample import sample_of
from vaar.sem.model.group_rules import Boundary


@pytest.fixture
def sample() -> OrdinalSample:
    """Two groups; x0 has categories 1, 2, 5, of which group 1 lacks 2; x1 is continuous and x2
    binary; x3 is masked in group 1."""
    rng = np.random.default_rng(6)
    f = rng.normal(size=(160, 1))
    y = f + rng.normal(size=(160, 4))
    values = np.column_stack(
        [
            np.array([1.0, 2.0, 5.0])[np.searchsorted([-0.6, 0.5], y[:, 0])],
            y[:, 1],
            np.where(y[:, 2] > 0, 3.0, 7.0),
            1.0 + np.searchsorted([-1, 1], y[:, 3]),
        ]
    )
    group = np.repeat([0, 1], [90, 70])
    values[(group == 1) & (values[:, 0] == 2), 0] = 5
    present = np.array([[True] * 4, [True, True, True, False]])
    ordered = np.array([True, False, True, True])
    used = used_categories(values, ordered, ("x0", "x1", "x2", "x3"))
    return ordinal(sample_of(values, group, present)[0], used, "listwise")


def test_frame_has_levels_then_variances_and_pairs(sample: OrdinalSample) -> None:
    frame = sample.frame
    assert frame.item.tolist() == [0, 0, 2, 3, 3]
    assert frame.boundary.tolist() == [0, 1, 0, 0, 1]
    assert frame.mean.tolist() == [1]
    pairs = list(zip(frame.first.tolist(), frame.second.tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 3)]
    assert frame.pairs.tolist() == [6, 7, 8, 10, 11, 12]


def test_statistics_of_a_group_stand_in_the_places_of_the_frame(sample: OrdinalSample) -> None:
    values = sample.values[sample.group == 0]
    alone = ordinal_statistics(values, sample.ordered)
    place = [0, 1, 5, 2, 3, 4, 9, 6, 7, 8, 10, 11, 12]
    got = sample.statistics
    np.testing.assert_allclose(got.value[0, place], alone.values)
    np.testing.assert_allclose(got.weight[0, place] * alone.asymptotic_variances, 1.0)
    np.testing.assert_allclose(got.influence[0][:, place], alone.influences)


def test_what_a_group_does_not_have_weighs_nothing(sample: OrdinalSample) -> None:
    got = sample.statistics
    absent = np.flatnonzero(got.weight[1] == 0)
    assert absent.tolist() == [1, 3, 4, 8, 11, 12]
    assert not got.influence[1][:, absent].any()
    assert got.count == 2 * sample.frame.size - len(absent)


def test_boundaries_are_named_by_the_categories_of_all_groups(sample: OrdinalSample) -> None:
    both, one = sample.boundary_of
    assert both[0, 0] is both[0, 1] is Boundary.EXACT
    assert one[0, 0] is Boundary.SPANNING
    assert (0, 1) not in one
    assert one[2, 0] is Boundary.EXACT


def test_response_moments_have_unit_variances_for_items(sample: OrdinalSample) -> None:
    cov, mean = sample.response_moments
    values = sample.values[sample.group == 1]
    np.testing.assert_allclose(np.diagonal(cov[1]), [1, values[:, 1].var(), 1, 0])
    np.testing.assert_allclose(mean[1], [0, values[:, 1].mean(), 0, 0])


def test_rows_taken_in_any_order_are_the_same_sample(sample: OrdinalSample) -> None:
    rows = np.random.default_rng(1).permutation(sample.n_rows)
    again = sample.take(rows)
    np.testing.assert_allclose(again.statistics.value, sample.statistics.value, atol=1e-9)
    assert again.missing == sample.missing


def test_groups_selected_keep_their_statistics(sample: OrdinalSample) -> None:
    alone = sample.select(np.array([1]))
    assert alone.n_groups == 1
    np.testing.assert_array_equal(alone.statistics.value[0], sample.statistics.value[1])


def test_categories_are_whole_numbers() -> None:
    with pytest.raises(DataError, match="'x' has the answer"):
        used_categories(np.array([[1.0], [2.25]]), np.array([True]), ("x",))
