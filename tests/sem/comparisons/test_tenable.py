from math import inf, nan

import pytest

from vaar.sem.comparisons.tenable import is_tenable

ABOVE = {"tenable": True}


def level(cfi=0.0, rmsea=0.0, chisq=10.0):
    return {"delta_cfi": cfi, "delta_rmsea": rmsea, "chisq": chisq}


@pytest.mark.parametrize(
    ("row", "expected"),
    [  # Chen (2007): −.010 in CFI and .015 in RMSEA, themselves still allowed
        (level(cfi=-0.0100), True),
        (level(cfi=-0.0101), False),
        (level(rmsea=0.0150), True),
        (level(rmsea=0.0151), False),
        (level(cfi=-0.02, rmsea=0.0), False),
        (level(cfi=0.0, rmsea=0.02), False),
        (level(cfi=0.05, rmsea=-0.05), True),
        (level(cfi=nan), False),
        (level(rmsea=nan), False),
        (level(chisq=nan), False),
        (level(chisq=inf), False),
    ],
)
def test_a_level_is_tenable_where_neither_measure_changes_by_more(row, expected):
    assert is_tenable(row, ABOVE, True) is expected


def test_no_level_is_tenable_above_which_one_is_not():
    assert not is_tenable(level(), {"tenable": False}, True)


def test_the_first_level_is_held_to_nothing_but_its_fit():
    assert is_tenable(level(cfi=nan, rmsea=nan), None, True)
    assert not is_tenable(level(), None, False)
    assert not is_tenable(level(), ABOVE, False)
