import numpy as np
import pytest

from vaar.analyses.stability.intraclass import agreement, share_between

# Shrout & Fleiss (1979), table 2: six targets, four judges
RATINGS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)


def test_published_ratings_agree_as_published():
    # psych::ICC(sf): ICC2 .29 [.019, .76]; ICC1 .17 [−.133, .72]
    two_way = agreement(RATINGS)
    assert two_way.value == pytest.approx(0.2897638, abs=1e-7)
    assert [two_way.lower, two_way.upper] == pytest.approx([0.0188, 0.7611], abs=1e-3)
    one_way = share_between(list(RATINGS))
    assert one_way.value == pytest.approx(0.1657418, abs=1e-7)
    assert [one_way.lower, one_way.upper] == pytest.approx([-0.1329, 0.7226], abs=1e-3)


def test_a_shift_of_one_batch_lowers_absolute_agreement():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(12, 1)) + 0.1 * rng.normal(size=(12, 4))
    shifted = table + np.array([0, 0, 0, 2.0])
    assert agreement(table).value > 0.95 > 0.7 > agreement(shifted).value


def test_the_share_is_that_of_the_population():
    rng = np.random.default_rng(2)
    sizes = rng.integers(20, 80, size=60)
    samples = [rng.normal(rng.normal(0, 0.5), 1.0, n) for n in sizes]
    found = share_between(samples)
    assert found.lower < 0.2 < found.upper  # .25 / 1.25
    assert found.upper - found.lower < 0.2


def test_groups_that_never_vary_have_no_share():
    assert np.isnan(share_between([np.ones(5), np.full(5, 2.0)]).value)
    assert np.isnan(agreement(np.ones((3, 3))).value)


@pytest.mark.parametrize(
    ("models", "share", "least"), [(2, 0.0, 0.9), (3, 0.5, 0.92), (8, 0.5, 0.92)]
)
def test_intervals_hold_the_truth_and_their_own_estimate_also_of_two_models(models, share, least):
    rng, held, n = np.random.default_rng(5), 0, 1000
    for _ in range(n):
        own, shared = rng.standard_normal((models, 4)), rng.standard_normal((models, 1))
        found = agreement(np.sqrt(1 - share) * own + np.sqrt(share) * shared)
        assert np.isnan(found.value) or found.lower <= found.value <= found.upper
        held += found.lower <= share <= found.upper
    assert held / n > least  # nominally .95; the error of a share is .007
