import numpy as np
import pytest

from vaar.analyses.stability.intraclass import agreement
from vaar.comparison.agreement import FEWEST_ROWS, retest

TABLE = np.array([[0.1, 0.2], [0.4, 0.3], [0.6, 0.7], [0.8, 0.9], [0.5, 0.5]])


def test_it_is_the_agreement_of_single_columns():
    assert retest(TABLE) == agreement(TABLE)


def test_the_same_answers_again_agree_wholly():
    column = TABLE[:, :1]
    assert retest(np.hstack([column, column, column])).value == 1.0


def test_rows_with_a_missing_answer_are_left_out():
    holed = np.vstack([TABLE, [[0.9, np.nan]]])
    assert retest(holed) == agreement(TABLE)


def test_a_constant_shift_lowers_agreement():
    column = TABLE[:, :1]
    assert 0 < retest(np.hstack([column, column + 0.2])).value < 1


@pytest.mark.parametrize("table", [TABLE[: FEWEST_ROWS - 1], TABLE[:, :1], np.full((6, 2), 0.5)])
def test_nothing_is_told_of_few_rows_one_run_or_no_variance(table):
    assert np.isnan(retest(table).value)


def test_four_rows_are_enough():
    assert FEWEST_ROWS == 4
    assert np.isfinite(retest(TABLE[:4]).value)
