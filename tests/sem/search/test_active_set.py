"""Which inequalities bind, in a problem with a known answer: the point of a box nearest to another,
coordinates being correlated."""

from __future__ import annotations

import numpy as np
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.sem.arrays import Floats
from vaar.sem.search.active_set import active_set


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_the_answer_is_that_of_quadratic_programming(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size + 2))
    metric, goal = root @ root.T + 0.3 * np.eye(size), rng.normal(size=size)
    factor = np.linalg.cholesky(metric)

    def slack(held: frozenset[int]) -> Floats:
        """x >= 0 with those held at 0, the others free."""
        x, free = np.zeros(size), [i for i in range(size) if i not in held]
        x[free] = np.linalg.solve(metric[np.ix_(free, free)], (metric @ goal)[free])
        return x

    held, ended = active_set(slack)
    wanted = scipy.optimize.nnls(factor.T, factor.T @ goal)[0]
    assert ended
    np.testing.assert_allclose(slack(held), wanted, atol=1e-6)
