import pytest

from vaar.analyses.alignment.options import MANY_GROUPS
from vaar.analyses.alignment.resample import curve_sizes


@pytest.mark.parametrize(
    ("largest", "groups", "sizes"),
    [
        (200, MANY_GROUPS, [25, 50, 100, 150, 200]),
        (200, MANY_GROUPS + 1, [50, 100, 150, 200]),
        (160, 1, [20, 40, 80, 120, 160]),
        (152, 1, [38, 76, 114, 152]),  # an eighth would be 19 sessions
        (10, 1, []),
    ],
)
def test_the_curve_begins_where_groups_can_carry_the_model(largest, groups, sizes):
    assert curve_sizes(largest, groups) == sizes
