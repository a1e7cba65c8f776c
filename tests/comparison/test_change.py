import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vaar.analyses.contrasts.wald import difference
from vaar.comparison.change import Estimate, change

Z = stats.norm.ppf(0.975)
numbers = st.floats(-5, 5)
widths = st.floats(0.01, 3)


def normal(value, se):
    return Estimate(value, value - Z * se, value + Z * se)


@given(numbers, widths, numbers, widths)
def test_of_normal_estimates_it_is_the_wald_interval_and_test(one, one_se, other, other_se):
    found = change(normal(one, one_se), normal(other, other_se))
    wald = difference(one, one_se, other, other_se)
    expected = [float(x) for x in (wald.value, wald.lower, wald.upper, wald.p)]
    assert [found.value, found.lower, found.upper, found.p] == pytest.approx(expected, abs=1e-9)


def test_the_published_example_of_two_proportions():
    # Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10, example (a):
    # 56/70 less 48/80 from Wilson intervals is .2000 [.0524, .3339]
    def wilson(k, n):
        ends = stats.binomtest(k, n).proportion_ci(method="wilson")
        return Estimate(k / n, ends.low, ends.high)

    found = change(wilson(56, 70), wilson(48, 80))
    assert (found.value, found.lower, found.upper) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(numbers, widths, widths, numbers, widths, widths)
def test_the_test_and_the_interval_agree_and_turning_the_two_turns_the_sign(
    one, down, up, other, down_too, up_too
):
    first = Estimate(one, one - down, one + up)
    second = Estimate(other, other - down_too, other + up_too)
    found, turned = change(first, second), change(second, first)
    outside = not found.lower <= 0 <= found.upper
    if abs(found.p - 0.05) > 1e-9:
        assert (found.p < 0.05) == outside
    assert (turned.value, turned.lower) == pytest.approx((-found.value, -found.upper))
    assert turned.p == pytest.approx(found.p)


def test_a_figure_less_itself_is_no_difference():
    found = change(Estimate(0.3, 0.1, 0.4), Estimate(0.3, 0.1, 0.4))
    assert found.value == 0 and found.lower < 0 < found.upper and found.p == 1


def test_without_an_interval_there_is_a_difference_and_no_test():
    found = change(Estimate(0.3, math.nan, math.nan), Estimate(0.1, 0, 0.2))
    assert found.value == pytest.approx(0.2)
    assert all(map(math.isnan, (found.lower, found.upper, found.p)))
