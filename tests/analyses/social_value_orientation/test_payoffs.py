"""The numbers of coins are the published ones, in the facts and in what is shown."""

import re
from dataclasses import replace

import numpy as np
import pytest

from vaar.analyses.social_value_orientation.payoffs import allocations, wrong_allocations

PUBLISHED = """
1 | 85 85 85 85 85 85 85 85 85 | 85 76 68 59 50 41 33 24 15 | prosocial competitive
2 | 85 87 89 91 93 94 96 98 100 | 15 19 24 28 33 37 41 46 50 | competitive individualistic
3 | 50 54 59 63 68 72 76 81 85 | 100 98 96 94 93 91 89 87 85 | altruistic prosocial
4 | 50 54 59 63 68 72 76 81 85 | 100 89 79 68 58 47 36 26 15 | altruistic competitive
5 | 100 94 88 81 75 69 63 56 50 | 50 56 63 69 75 81 88 94 100 | individualistic altruistic
6 | 100 98 96 94 93 91 89 87 85 | 50 54 59 63 68 72 76 81 85 | individualistic prosocial
"""
ENDS = {
    7: ((100, 50), (70, 100)),
    8: ((90, 100), (100, 90)),
    9: ((100, 70), (50, 100)),
    10: ((100, 70), (90, 100)),
    11: ((70, 100), (100, 70)),
    12: ((50, 100), (100, 90)),
    13: ((50, 100), (100, 50)),
    14: ((100, 90), (70, 100)),
    15: ((90, 100), (100, 50)),
}


def test_the_primary_items_pay_what_was_published(svo):
    for task in ("primary", "understanding"):
        for one, line in zip(allocations(svo, task), PUBLISHED.strip().split("\n"), strict=True):
            number, own, other, ends = line.split(" | ")
            assert one.code == f"{task}_{number}"
            assert one.own.tolist() == [int(n) for n in own.split()]
            assert one.other.tolist() == [int(n) for n in other.split()]
            assert [one.left, one.right] == ends.split()


def test_the_secondary_items_are_nine_equal_steps_between_the_published_ends(secondary):
    for one, (number, ends) in zip(secondary, ENDS.items(), strict=True):
        assert one.code == f"secondary_{number}"
        for place, steps in enumerate((one.own, one.other)):
            exact = np.linspace(ends[0][place], ends[1][place], 9)
            assert steps.tolist() == np.floor(exact + 0.5).tolist()


@pytest.mark.parametrize("task", ["primary", "secondary", "understanding"])
def test_what_is_shown_is_what_is_counted(svo, task):
    for one in allocations(svo, task):
        labels = svo.item[one.code][0].scale.labels
        shown = [tuple(map(float, re.findall(r"\d+", label))) for label in labels]
        assert shown == list(zip(one.own.tolist(), one.other.tolist(), strict=True))


def without(study, code, **facts):
    """The study with other facts of one item; None takes a fact away."""
    item, part = study.item[code]
    kept = {n: t for n, t in {**dict(item.facts), **facts}.items() if t is not None}
    changed = replace(item, facts=tuple(kept.items()))
    items = tuple(changed if one is item else one for one in part.items)
    instruments = tuple(replace(p, items=items) if p is part else p for p in study.instruments)
    return replace(study, instruments=instruments)


def test_items_that_do_not_say_what_they_pay_are_refused(svo):
    assert wrong_allocations(svo) == ""
    assert "6 items have to have" in wrong_allocations(without(svo, "primary_3", task=None))
    assert "not as many" in wrong_allocations(without(svo, "secondary_8", other="1 2 3"))
    assert '"self" and "other"' in wrong_allocations(without(svo, "primary_1", self=None))
    assert '"self" and "other"' in wrong_allocations(without(svo, "primary_1", self="a b"))
