import numpy as np
import pytest

from vaar.sem.data.ordinal.pairs import PairStatistics
from vaar.sem.data.ordinal.polychoric import code_items, polychoric
from vaar.sem.data.ordinal.statistics import ordinal_statistics


@pytest.mark.parametrize("gaps", [False, True])
def test_tables_by_answer_give_the_influences_of_rows(gaps: bool) -> None:
    rng = np.random.default_rng(3)
    latent = rng.normal(size=(120, 1)) + rng.normal(size=(120, 3))
    answers = np.searchsorted([-1.0, 0.2, 1.1], latent).astype(float)
    if gaps:
        answers[rng.random(answers.shape) < 0.1] = np.nan
    found = ordinal_statistics(answers, np.ones(3, dtype=bool), "pairwise")
    items = code_items(answers[found.rows])
    pairs = polychoric(items, np.array([0, 0, 1]), np.array([1, 2, 2]))
    assert isinstance(pairs, PairStatistics)
    np.testing.assert_array_equal(found.influences[:, -3:], pairs.influences)
    levels = items.threshold_influence[np.arange(3), items.codes].reshape(len(items.codes), -1)
    np.testing.assert_array_equal(found.influences[:, :-3], levels)
