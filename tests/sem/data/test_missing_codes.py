from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.data.missing_codes import missing_codes

ANSWERS = np.tile(np.arange(1.0, 6.0), 10)


@pytest.mark.parametrize("code", [-9.0, -99.0, 99.0, 999.0, 88.0, -8.0])
def test_codes_far_outside_the_scale_are_found(code: float) -> None:
    column = ANSWERS.copy()
    column[[3, 17]] = code
    assert missing_codes(np.column_stack([ANSWERS, column])) == [(1, code)]


@pytest.mark.parametrize("value", [8.0, 9.0, 7.0, -1.0, 100.0, 98.0])
def test_what_may_be_an_answer_is_not(value: float) -> None:
    column = ANSWERS.copy()
    column[0] = value
    assert missing_codes(column[:, None]) == []


def test_scales_that_reach_so_far_are_left_alone() -> None:
    assert missing_codes(np.linspace(0, 99, 40)[:, None]) == []
    assert missing_codes(np.full((5, 1), 99.0)) == []
    assert missing_codes(np.full((5, 1), np.nan)) == []


def test_they_are_reported_and_kept(likert: pd.DataFrame) -> None:
    data = likert.copy()
    group = data["model"].iloc[0]
    data.loc[data.index[:3], "x1"] = -99.0
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", data, "model")
    (row,) = fit.screening.to_dict("records")
    assert (row["group"], row["item"], row["action"]) == (group, "x1", "kept")
    assert row["finding"] == "possible missing code" and "-99, 3 times" in row["detail"]
    assert fit.n_rows == len(data)
