import numpy as np
import pytest
from scipy.stats import norm, t

from vaar.analyses.alignment.rate.negligible import DELTA
from vaar.analyses.alignment.rate.verdicts import (
    Verdict,
    certain_but_negligible,
    verdicts,
)


def one(path, se, sign=1, delta=DELTA, df=np.inf):
    return verdicts([path], [se], [sign], delta, df)[0]


@pytest.mark.parametrize(
    ("path", "se", "sign", "expected"),
    [
        (0.30, 0.05, 1, Verdict.AS_IN_PEOPLE),
        (0.30, 0.05, -1, Verdict.AGAINST),
        (-0.30, 0.05, -1, Verdict.AS_IN_PEOPLE),
        (0.15, 0.10, 1, Verdict.UNDECIDED),
        (0.02, 0.03, 1, Verdict.NEGLIGIBLE),
        (0.05, 0.01, 1, Verdict.NEGLIGIBLE),
        (np.nan, 0.05, 1, Verdict.NOT_ESTIMABLE),
        (0.30, np.nan, 1, Verdict.NOT_ESTIMABLE),
        (0.30, 0.0, 1, Verdict.NOT_ESTIMABLE),
    ],
)
def test_the_questions_are_asked_in_their_order(path, se, sign, expected):
    assert one(path, se, sign) is expected


def test_the_bounds_are_those_of_a_95_and_a_90_percent_interval():
    edge = norm.ppf(0.975)
    assert one(edge * 0.1 + 1e-9, 0.1) is Verdict.AS_IN_PEOPLE
    assert one(edge * 0.1 - 1e-9, 0.1) is Verdict.UNDECIDED
    inner = DELTA - norm.ppf(0.95) * 0.03
    assert one(inner - 1e-9, 0.03) is Verdict.NEGLIGIBLE
    assert one(inner + 1e-9, 0.03) is not Verdict.NEGLIGIBLE


def test_few_clusters_widen_both_intervals():
    edge = t.ppf(0.975, 19) * 0.1
    assert one(edge + 1e-9, 0.1, df=19) is Verdict.AS_IN_PEOPLE
    assert one(edge - 1e-9, 0.1, df=19) is Verdict.UNDECIDED
    inner = DELTA - t.ppf(0.95, 19) * 0.03
    assert one(inner - 1e-9, 0.03, df=19) is Verdict.NEGLIGIBLE
    assert one(inner + 1e-9, 0.03, df=19) is not Verdict.NEGLIGIBLE


def test_certain_and_negligible_is_said_of_both_at_once_only():
    path, se = np.array([0.05, 0.02, 0.3]), np.array([0.01, 0.03, 0.05])
    found = certain_but_negligible(path, se, verdicts(path, se, [1, 1, 1]))
    assert found.tolist() == [True, False, False]


@pytest.mark.parametrize("beta", [0.0, 0.05, 0.1, 0.2, -0.1])
@pytest.mark.parametrize("se", [0.1, 0.06, 0.03, 0.015])
def test_wrong_verdicts_are_rare(beta, se):
    """Wrong: negligible where |β| ≥ δ, a direction where β is 0 or of the other sign."""
    b = beta + se * np.random.default_rng(3).standard_normal((4000, 1))
    said = verdicts(b, np.full_like(b, se), [1])[:, 0]
    wrong = (said == Verdict.NEGLIGIBLE) & (abs(beta) >= DELTA)
    wrong |= (said == Verdict.AS_IN_PEOPLE) & (beta <= 0)
    wrong |= (said == Verdict.AGAINST) & (beta >= 0)
    assert wrong.mean() <= 0.065  # .05 by construction, plus four Monte Carlo errors of .0034
