"""What the engine asks of a sample, whatever its kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.sem.data.sample import sample_of


def test_a_completed_sample_has_every_variable_unrelated_and_of_unit_variance() -> None:
    values = np.array([[1.0, np.nan], [2.0, np.nan], [0.5, 3.0], [1.5, 4.0]])
    present = np.array([[True, False], [True, True]])
    sample, _ = sample_of(values, np.array([0, 0, 1, 1]), present)
    moments = sample.completed().moments
    np.testing.assert_allclose(moments.cov, np.broadcast_to(np.eye(2), (2, 2, 2)), atol=1e-15)
    np.testing.assert_allclose(moments.mean, 0, atol=1e-15)
    assert moments.complete


def test_sums_of_blocks_within_groups() -> None:
    """One of the groups has no rows, as in a sample that was drawn with repeats."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(12, 2))
    values[::3, 0] = np.nan
    group = np.repeat([0, 1, 2], 4)
    sample, _ = sample_of(values, group, np.ones((3, 2), dtype=bool))
    for part in (sample, sample.take(np.flatnonzero(sample.group != 1))):
        moments = part.moments
        one = np.arange(len(moments.n), dtype=float)
        expected = [one[moments.group == g].sum() for g in range(3)]
        np.testing.assert_allclose(moments.by_group(one), expected)


def test_answers_come_in_the_order_that_is_asked_for() -> None:
    rng = np.random.default_rng(2)
    data = pd.DataFrame(rng.normal(size=(20, 2)), columns=["x1", "x2"])
    fit = sem.fit("x1 ~ x2", data.assign(g=["b", "a"] * 10), group="g", fixed_x=False)
    values, seen, group = fit.sample.answers(np.argsort(fit.row_index), np.array([1, 0]))[:3]
    np.testing.assert_array_equal(values, data[["x2", "x1"]])
    assert seen.all()
    np.testing.assert_array_equal(group, [0, 1] * 10)
