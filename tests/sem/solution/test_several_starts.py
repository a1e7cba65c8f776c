"""Several starts: the lowest minimum is taken, and where they disagree the fit says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.solution.several_starts import Attempt, lowest

ONE = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize("starts", [1, 2, 6])
def test_as_many_searches_as_asked_for(hs: pd.DataFrame, starts: int) -> None:
    fit = sem.fit(ONE, hs, starts=starts)
    assert list(fit.searches["start"]) == ["default"] + ["random"] * (starts - 1)
    assert list(fit.searches) == ["start", "converged", "chisq_above", "largest_difference"]


def test_searches_that_agree_change_nothing(hs: pd.DataFrame) -> None:
    once, often = sem.fit(ONE, hs, "school"), sem.fit(ONE, hs, "school", starts=5)
    np.testing.assert_allclose(once.params["est"], often.params["est"], atol=1e-4)
    assert often.searches["converged"].all()
    assert (often.searches["chisq_above"] < 1e-5).all() and "searches" not in repr(often)


def test_the_same_starts_in_every_call(hs: pd.DataFrame) -> None:
    first, again = (sem.fit(ONE, hs, starts=4).searches for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


def test_given_starts_are_held_against_the_default_one(hs: pd.DataFrame) -> None:
    fit = sem.fit("f =~ x1 + start(0.4)*x2 + x3 + x4", hs)
    assert list(fit.searches["start"]) == ["given", "default"]


def test_searches_that_disagree_are_told(hs: pd.DataFrame) -> None:
    fit = sem.fit(ONE, hs)
    least = fit.attempts[0].minimum
    higher = Attempt("random", replace(least, loss=least.loss + 2.0))
    lost = Attempt("random", replace(least, converged=np.zeros(1, dtype=bool)))
    told = replace(fit, attempts=(*fit.attempts, higher, lost))
    np.testing.assert_allclose(told.searches["chisq_above"], [0.0, 4.0, np.nan])
    assert list(told.searches["converged"]) == [True, True, False]
    assert "of 3 searches, 1 ended at other minima, with χ² up to 4 higher" in repr(told)
    assert "1 did not end" in repr(told)


def test_the_lowest_minimum_is_taken(hs: pd.DataFrame) -> None:
    """Of each group where groups share nothing, and of all where they do."""
    for equal, expected in (((), [1.0, 2.0]), (("loadings",), [3.0, 2.0])):
        fit = sem.fit(ONE, hs, "school", group_equal=equal)
        base = fit.attempts[0].minimum
        losses = ([1.0, 9.0], [3.0, 2.0])
        made = [Attempt("random", replace(base, loss=np.array(loss))) for loss in losses]
        assert lowest(made, fit.layout).loss.tolist() == expected


@pytest.mark.parametrize("starts", [0, -1, 1.5, True, "3"])
def test_starts_are_a_whole_number(hs: pd.DataFrame, starts: object) -> None:
    with pytest.raises(DataError, match="starts got"):
        sem.fit(ONE, hs, starts=starts)  # type: ignore[arg-type]
