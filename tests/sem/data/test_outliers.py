import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.sem.data.outliers import without_absurd


def test_a_code_for_no_answer_is_made_missing() -> None:
    values = np.column_stack([np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 6), np.arange(30.0)])
    values[7, 0] = 99999.0
    found, flagged = without_absurd(values)
    assert np.argwhere(flagged).tolist() == [[7, 0]]
    assert np.isnan(found[7, 0])
    assert values[7, 0] == 99999.0


@pytest.mark.parametrize("n", [0, 19])
def test_of_a_few_values_none_is_absurd(n: int) -> None:
    values = np.ones((n, 1)) + 0.1 * np.arange(n)[:, None]
    if n:
        values[0] = 1e9
    assert without_absurd(values)[0] is values


@given(
    scale=st.floats(1e-3, 1e3),
    gaps=st.lists(st.integers(0, 49), max_size=20),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_units_and_gaps_do_not_matter(scale: float, gaps: list[int], seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(50, 2))
    values[gaps, 0] = np.nan
    values[3, 1] = 1e6
    _, flagged = without_absurd(values)
    _, rescaled = without_absurd(values * scale)
    assert (flagged == rescaled).all()
    assert np.argwhere(flagged).tolist() == [[3, 1]]
