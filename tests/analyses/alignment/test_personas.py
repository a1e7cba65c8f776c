"""Sessions of one persona are not independent: what they add to the evidence is not doubled."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vaar.sem as sem
from vaar.analyses.alignment.align import align
from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.alignment.paths import PathIndex
from vaar.analyses.alignment.resample import bootstrapping, subsamples

OPTIONS = AnalysisOptions(replicates=150, subsamples=10)
ONCE, TIMES = 80, 4


@pytest.fixture(scope="module")
def repeated(simulate):
    """Every session of one group four times over, and a group of single sessions beside it."""
    once = simulate("privacy-blind", ONCE)
    four = once.loc[np.repeat(once.index, TIMES)].assign(
        group="repeated", persona=np.repeat(once.index, TIMES).astype(str)
    )
    alone = once.assign(group="alone", persona="")
    return pd.concat([four, alone], ignore_index=True)


@pytest.fixture(scope="module")
def aligned(repeated, bundled):
    return align(repeated, bundled, OPTIONS)


@pytest.fixture(scope="module")
def naive(repeated, bundled):
    return align(repeated.drop(columns="persona"), bundled, OPTIONS)


def test_replicates_are_drawn_only_where_some_are_wanted(monkeypatch):
    monkeypatch.setattr(sem, "bootstrap", lambda *given, **how: pytest.fail("drawn in vain"))
    index = PathIndex(("g", "h", "dropped"), np.zeros((2, 4), int))
    fit: Any = None
    assert bootstrapping(AnalysisOptions(replicates=0))(fit, index).shape == (0, 3, 4)


def errors(aligned, group):
    paths = aligned.paths
    return paths.loc[paths["group"] == group, "std_se"].to_numpy(float)


def test_standard_errors_are_those_of_as_many_sessions_as_personas(aligned, naive):
    assert errors(naive, "repeated") == pytest.approx(errors(naive, "alone") / 2, rel=0.15)
    assert errors(aligned, "repeated") == pytest.approx(errors(aligned, "alone"), rel=0.35)
    assert errors(aligned, "alone") == pytest.approx(errors(naive, "alone"))


def test_the_directional_confidence_follows_them(aligned, naive):
    from scipy.stats import norm

    rows = aligned.paths[aligned.paths["group"] == "repeated"]
    z = rows["expected_sign"] * rows["std_estimate"] / rows["std_se"]
    assert rows["confidence"].to_numpy() == pytest.approx(norm.cdf(z))
    assert rows["df"].tolist() == [ONCE - 1] * 2
    assert aligned.paths.loc[aligned.paths["group"] == "alone", "df"].isna().all()


def test_it_is_said(aligned):
    reasons = aligned.vaar.set_index("group")["reason"]
    assert f"sessions come from {ONCE} personas" in reasons["repeated"]
    assert "from leaving out each of them in turn" in reasons["repeated"]
    assert "persona" not in reasons["alone"]
    assert aligned.personas == {"repeated": ONCE}


def test_the_interval_is_that_of_the_same_errors(aligned, naive):
    rates, plain = (t.vaar.set_index("group") for t in (aligned, naive))
    row = rates.loc["repeated"]
    assert row["vaar_lower"] <= row["vaar"] <= row["vaar_upper"]
    width, narrow = (t["vaar_upper"] - t["vaar_lower"] for t in (rates, plain))
    assert width["repeated"] > narrow["repeated"]


def test_without_replicates_it_is_said_that_they_are_not_heeded(repeated, bundled):
    found = align(repeated, bundled, AnalysisOptions(replicates=0, subsamples=2))
    reason = found.vaar.set_index("group").loc["repeated", "reason"]
    assert "take them as independent, as there are no bootstrap replicates" in reason


def test_few_personas_are_taken_as_given(simulate, bundled):
    scores = simulate("human-like", 120)
    few = scores.assign(persona=[f"p{k % 5}" for k in range(120)])
    plain, given = (align(t, bundled, OPTIONS) for t in (scores, few))
    assert errors(given, "human-like") == pytest.approx(errors(plain, "human-like"))
    (row,) = given.vaar.to_dict("records")
    assert row["vaar_lower"] == plain.vaar["vaar_lower"].item()
    assert row["reason"] == "its 5 personas are taken as given: too few to speak for others"
    assert given.personas == {}
    assert row["flag"] == row["reason"]


def test_personas_that_do_not_repeat_change_nothing(simulate, bundled):
    scores = simulate("human-like", 90)
    single = scores.assign(persona=[f"p{k}" for k in range(90)])
    first, second = (align(t, bundled, OPTIONS) for t in (scores, single))
    pd.testing.assert_frame_equal(first.vaar, second.vaar)
    pd.testing.assert_frame_equal(first.vaar_by_n, second.vaar_by_n)


@given(st.lists(st.integers(1, 6), min_size=2, max_size=20), st.data())
def test_subsamples_take_whole_personas_but_for_the_last(sizes, data):
    units = np.repeat(np.arange(len(sizes)), sizes)
    n = data.draw(st.integers(1, len(units)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    (drawn,) = subsamples({"m": np.arange(len(units))}, n, 1, rng, units)
    assert len(drawn) == len(set(drawn)) == n
    counts = pd.Series(units[drawn]).value_counts()
    assert sum(counts[unit] < sizes[unit] for unit in counts.index) <= (max(sizes) > 1)
