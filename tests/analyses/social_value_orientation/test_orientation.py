import numpy as np
import pytest

from vaar.analyses.social_value_orientation.orientation import (
    VALUES,
    Ideal,
    angle,
    category,
    ideals,
)


def test_the_ideal_angles_are_the_published_ones(primary):
    """Murphy, Ackermann & Handgraaf (2011): 61.39, 37.09 to 52.91, −7.82 to 7.82, −16.26."""
    found = {value: (ideal.lower, ideal.upper) for value, ideal in ideals(primary).items()}
    assert found["altruistic"] == pytest.approx((61.39, 61.39), abs=0.005)
    assert found["prosocial"] == pytest.approx((37.09, 52.91), abs=0.005)
    assert found["individualistic"] == pytest.approx((-7.82, 7.82), abs=0.005)
    assert found["competitive"] == pytest.approx((-16.26, -16.26), abs=0.005)


def test_equal_shares_have_the_published_angle(primary):
    equal = [int(np.argmin(np.abs(one.own - one.other))) for one in primary]
    own = np.mean([one.own[k] for one, k in zip(primary, equal, strict=True)])
    other = np.mean([one.other[k] for one, k in zip(primary, equal, strict=True)])
    assert float(angle(own, other)) == pytest.approx(37.48, abs=0.005)


def test_the_angle_holds_where_one_keeps_less_than_half():
    """Without the second argument of atan2 both would be wrong."""
    assert float(angle(np.array(50.0), np.array(80.0))) == 90
    assert float(angle(np.array(40.0), np.array(60.0))) == pytest.approx(135)


@pytest.mark.parametrize(
    ("cut", "above", "below"),
    [
        (57.15, "altruistic", "prosocial"),
        (22.45, "prosocial", "individualistic"),
        (-12.04, "individualistic", "competitive"),
    ],
)
def test_categories_begin_at_the_published_cuts(cut, above, below):
    assert category(cut) == above
    assert category(cut - 0.001) == below
    assert category(float("nan")) == ""


def test_rationality_is_one_in_full_accord_and_zero_farthest_from_it(primary):
    found = ideals(primary)
    assert found["altruistic"].rationality(-16.2602) == pytest.approx(0, abs=1e-5)
    assert found["competitive"].rationality(61.38954) == pytest.approx(0, abs=1e-5)
    assert found["prosocial"].rationality(45.0) == 1
    assert found["individualistic"].rationality(0.0) == 1
    for ideal in found.values():
        assert all(0 <= ideal.rationality(a) <= 1 for a in np.linspace(-16.26, 61.38, 50))
    assert Ideal(10, 20, 40).rationality(0) == 0.75


def test_values_are_ranked_by_their_angles(primary):
    lowers = [ideals(primary)[value].lower for value in VALUES]
    assert lowers == sorted(lowers, reverse=True)
