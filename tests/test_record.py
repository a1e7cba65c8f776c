"""A recorded run, analysed again, gives the numbers it gave when it was recorded."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vaar

RECORD = Path(__file__).parent / "data" / "three_respondents"
TOLERANCE = 1e-10  # the same sums in the same order; BLAS builds differ in the last bits

ADDED = {"profile": {"first_refusal_rate"}}
"""Columns that tables have got since the recording."""


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    directory = tmp_path_factory.mktemp("record") / "run"
    shutil.copytree(RECORD, directory)
    for table in directory.glob("*.csv"):
        table.unlink()
    vaar.analyze(directory)
    return directory


@pytest.mark.slow
@pytest.mark.parametrize("table", ["vaar", "paths", "profile", "invariance", "vaar_by_n"])
def test_every_figure_is_reproduced(analysed, table):
    recorded = pd.read_csv(RECORD / f"{table}.csv")
    again = pd.read_csv(analysed / f"{table}.csv")
    assert set(again) - set(recorded) == ADDED.get(table, set())
    again = again.drop(columns=list(ADDED.get(table, ())))
    assert list(again) == list(recorded)
    numbers = recorded.select_dtypes("number").columns
    assert len(numbers) >= 4
    np.testing.assert_allclose(again[numbers], recorded[numbers], rtol=TOLERANCE, atol=TOLERANCE)
    pd.testing.assert_frame_equal(
        again.drop(columns=numbers), recorded.drop(columns=numbers), check_dtype=False
    )
