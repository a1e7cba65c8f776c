from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.report import text


@settings(deadline=None, max_examples=60)
@given(st.text())
def test_visible_leaves_nothing_hidden(said: str) -> None:
    shown = text.visible(said)
    assert all(c in "\n\t" or not unicodedata.category(c).startswith("C") for c in shown)
    shown.encode("utf-8")


def test_visible_names_the_code_point() -> None:
    assert text.visible("a\u202eb\x00\ud800") == "a‹U+202E›b‹U+0000›‹U+D800›"


def test_visible_keeps_other_scripts() -> None:
    assert text.visible("سلام 你好 é") == "سلام 你好 é"


def test_excerpt_says_how_much_was_cut() -> None:
    assert text.excerpt("x" * 1500, 300) == "x" * 300 + " … (1\u202f200 more characters)"
    assert text.excerpt("one\r\ntwo\nthree") == "one ↵ two ↵ three"


def test_shorten_keeps_both_ends() -> None:
    short = text.shorten("provider/" + "x" * 50 + "/instruct", 20)
    assert len(short) == 20
    assert short.startswith("provider/") and short.endswith("/instruct"[-9:])


@pytest.mark.parametrize("nothing", [None, np.nan, float("nan"), pd.NA, pd.NaT, ""])
def test_a_missing_value_is_a_dash_and_never_a_zero(nothing: object) -> None:
    forms = (text.words, text.count, text.decimal, text.coefficient, text.share)
    for form in (*forms, text.percent, text.probability):
        assert form(nothing) == text.NO_VALUE


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, ".00"), (1, "1.00"), (0.999, ">.99"), (0.994, ".99"), (0.001, "<.01"), (0.5, ".50")],
)
def test_a_share_is_rounded_to_its_ends_only_if_it_is_there(value: float, shown: str) -> None:
    assert text.share(value) == shown


@settings(deadline=None, max_examples=100)
@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_inside_is_never_shown_as_certain(value: float) -> None:
    assert text.share(value) not in {".00", "1.00"}
    assert text.share(value, 3) not in {".000", "1.000"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0, ">.999"), (0.0, "<.001"), (0.5, ".500"), (0.9994, ".999"), (float("nan"), "—")],
)
def test_a_confidence_is_never_quite_certain(value: float, shown: str) -> None:
    assert text.confidence(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(-0.312, "−.31"), (1.204, "1.20"), (-1.2, "−1.20"), (-0.001, ".00"), (10.5, "10.50")],
)
def test_coefficient(value: float, shown: str) -> None:
    assert text.coefficient(value) == shown


def test_percent_and_probability_do_not_round_to_nothing() -> None:
    assert text.percent(0.0004) == "<0.1\u202f%"
    assert text.percent(0) == "0.0\u202f%"
    assert text.probability(0.0004) == "<.001"
    assert text.probability(0.0312) == ".031"


def test_estimate_without_interval_is_the_value_alone() -> None:
    assert text.estimate(".98", ".95", ".99") == ".98 [.95, .99]"
    assert text.estimate(".98", text.NO_VALUE, ".99") == ".98"


def test_listing_counts_the_rest() -> None:
    assert text.listing(["a", "b", "c"], 2) == "a, b and 1 more"
    assert text.listing(["a", "b"], 2) == "a, b"
