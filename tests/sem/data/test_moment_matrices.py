"""A matrix of moments in place of rows of answers is refused, in whatever form it comes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.data.moment_matrices import refuse_moments

ITEMS = [f"x{i}" for i in range(1, 10)]
MODEL = "f =~ x1 + x2 + x3"
Made = Callable[[pd.DataFrame], pd.DataFrame]


def mean_row(hs: pd.DataFrame) -> pd.DataFrame:
    return hs[ITEMS].mean().to_frame("mean").T


FORMS: dict[str, Made] = {
    "covariances": lambda hs: hs[ITEMS].cov(),
    "correlations": lambda hs: hs[ITEMS].corr(),
    "of the model": lambda hs: hs[ITEMS[:3]].cov(),
    "some columns": lambda hs: hs[ITEMS].cov()[ITEMS[:3]],
    "without labels": lambda hs: hs[ITEMS].cov().reset_index(drop=True),
    "read from a file": lambda hs: hs[ITEMS].cov().reset_index(),
    "in another order": lambda hs: hs[ITEMS].cov().iloc[::-1],
    "a triangle": lambda hs: hs[ITEMS].cov().where(np.tril(np.ones((9, 9), dtype=bool))),
    "rounded": lambda hs: hs[ITEMS].corr().round(3),
    "text": lambda hs: hs[ITEMS].cov().astype(str),
    "with means": lambda hs: pd.concat([hs[ITEMS].cov(), mean_row(hs)]),
    "below means": lambda hs: pd.concat([mean_row(hs), hs[ITEMS].cov()]),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_a_matrix_is_no_data(hs: pd.DataFrame, form: str, estimator: str) -> None:
    with pytest.raises(DataError, match="look like a covariance or correlation matrix"):
        sem.fit(MODEL, FORMS[form](hs), estimator=estimator, missing="fiml")


def test_nor_are_those_of_several_groups(hs: pd.DataFrame) -> None:
    parts = [part[ITEMS].cov().assign(school=name) for name, part in hs.groupby("school")]
    with pytest.raises(DataError, match="sample_cov="):
        sem.fit(MODEL, pd.concat(parts), "school")
    with pytest.raises(DataError, match="sample_cov="):
        sem.fit(MODEL, pd.concat(parts, ignore_index=True), "school")


@pytest.mark.parametrize("rows", [2, 3, 9, 10, 11, 12, 301])
def test_as_many_answers_as_items_are_data(hs: pd.DataFrame, rows: int) -> None:
    refuse_moments(hs.head(rows), ITEMS, "school")
    refuse_moments(hs[ITEMS].head(rows), ITEMS, None)
    refuse_moments(hs[ITEMS].head(rows).set_index(pd.Index(ITEMS * 40)[:rows]), ITEMS, None)


@pytest.mark.parametrize(
    "rows",
    [
        [[4, 4], [4, 4]],  # the same answer throughout
        [[5, 3], [3, 5]],
        [[5, 3, 2], [3, 4, 1], [2, 1, 5]],
        [[3.25, 3.25], [3.25, 3.25]],  # scale means that correlate perfectly
    ],
)
def test_a_few_answers_that_are_symmetric_by_chance_are_data(rows: list[list[float]]) -> None:
    data = pd.DataFrame(rows, columns=ITEMS[: len(rows)])
    refuse_moments(data, list(data.columns), None)
    refuse_moments(data.assign(school="a"), list(data.columns), "school")
    with pytest.raises(DataError, match="sample_cov="):
        named = data.set_index(data.columns)
        refuse_moments(named, list(data.columns), None)


def test_one_symmetric_group_among_others_is_data() -> None:
    small = pd.DataFrame([[3.25, 3.0], [3.0, 4.0]], columns=["x1", "x2"]).assign(school="a")
    others = pd.DataFrame([[1.0, 3.5], [2.5, 3.0]], columns=["x1", "x2"]).assign(school="b")
    refuse_moments(pd.concat([small, others]), ["x1", "x2"], "school")
    with pytest.raises(DataError, match="sample_cov="):
        refuse_moments(pd.concat([small, small.assign(school="b")]), ["x1", "x2"], "school")
