"""What is said of many effects is said of them together, not of each alone."""

import pytest

from support.grouped import groups_of
from vaar.analyses.conflict.section import conflict_section
from vaar.analyses.conflict.tables import CELLS, EFFECTS
from vaar.study.conditions import Fact
from vaar.tables.text import without_marks

FACTS = (Fact("risk", ("high", "low")),)


def lead(*p, holm):
    rows = [
        {
            **{"group": "m", "effect": "risk", "outcome": f"o{n}", "n": 100, "p": one},
            **{"estimate": 0.3 - n / 10, "lower": 0.1, "upper": 0.6, "p_holm": adjusted},
        }
        for n, (one, adjusted) in enumerate(zip(p, holm, strict=True))
    ]
    tables = {"conflict_effects": EFFECTS.filled(rows), "conflict_cells": CELLS.filled([])}
    return without_marks(conflict_section(tables, groups_of("m"), FACTS).lead)


def test_an_effect_that_one_of_many_would_show_by_chance_is_none():
    told = lead(0.03, 0.5, 0.6, holm=(0.09, 1.0, 1.0))
    assert "moved nothing beyond chance: none of 3 effects" in told
    assert "1 interval below leaves out 0, as 1 in 20 does by chance" in told
    assert "interval" not in lead(0.3, holm=(0.3,))


@pytest.mark.parametrize(
    ("p", "words"), [((0.001, 0.5), "Of 2 effects 1 is other"), ((0.001,) * 2, "2 are other")]
)
def test_effects_that_stay_are_counted_and_the_largest_is_named(p, words):
    told = lead(*p, holm=[2 * one for one in p])
    assert words in told and "that of risk on o0 in m: 0.30 [0.10, 0.60]" in told
