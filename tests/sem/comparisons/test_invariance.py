from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def test_the_textbook_ladder(hs: pd.DataFrame) -> None:
    """Metric holds, scalar does not; letting go of x3 and x7 restores it."""
    ladder = sem.invariance(HS, hs, "school")
    assert ladder.table["level"].tolist() == ["configural", "metric", "scalar", "strict"]
    assert ladder.table["tenable"].tolist() == [True, True, False, False]
    assert ladder.tenable == "metric"
    found = sem.propose_partial(ladder, "scalar")
    assert found.released == ("x3~1", "x7~1")
    assert found.tenable
    again = sem.invariance(HS, hs, "school", group_partial=found.released)
    np.testing.assert_allclose(
        again.fits["scalar"].measures["chisq"], found.table["chisq"].iloc[-1], rtol=1e-9
    )


def test_deltas_are_differences(hs: pd.DataFrame) -> None:
    table = sem.invariance(HS, hs, "school", levels=["configural", "scalar"]).table
    assert table["delta_cfi"].iloc[1] == pytest.approx(table["cfi"].diff().iloc[1])
    assert table["delta_df"].iloc[1] == table["df"].diff().iloc[1]
    assert table["delta_chisq"].iloc[1] == pytest.approx(table["chisq"].diff().iloc[1])
    assert table.filter(like="delta").iloc[0].isna().all()


def test_robust_estimators_use_scaled_tests_and_robust_indices(hs: pd.DataFrame) -> None:
    ladder = sem.invariance(HS, hs, "school", estimator="MLR", levels=["configural", "metric"])
    measures = ladder.fits["metric"].measures
    row = ladder.table.iloc[1]
    assert row["variant"] == "robust"
    assert row["chisq"] == measures["chisq_scaled"]
    assert (row["cfi"], row["rmsea"]) == (measures["cfi_robust"], measures["rmsea_robust"])
    loose, strict = ladder.fits.values()
    test = sem.compare(loose, strict)
    assert row["delta_chisq"] == test.statistic


def test_identification_does_not_matter(hs: pd.DataFrame) -> None:
    ways: list[dict[str, Any]] = [{}, {"std_lv": True}, {"effect_coding": True}]
    tables = [sem.invariance(HS, hs, "school", **way).table for way in ways]
    for other in tables[1:]:
        np.testing.assert_allclose(
            other[["chisq", "df", "cfi", "rmsea", "srmr"]],
            tables[0][["chisq", "df", "cfi", "rmsea", "srmr"]],
            atol=1e-5,
        )


def test_all_levels_have_the_same_rows(likert: pd.DataFrame) -> None:
    likert.loc[likert["model"] == "m2", ["x1", "x2", "x3"]] = 4
    ladder = sem.invariance("a =~ x1 + x2 + x3\nb =~ x5 + x6 + x7", likert, "model")
    assert {fit.groups for fit in ladder.fits.values()} == {("m1", "m3")}
    assert len(ladder.table) == 4


@pytest.mark.parametrize("levels", [[], ["metric", "residual"]])
def test_unknown_levels_are_refused(hs: pd.DataFrame, levels: list[str]) -> None:
    with pytest.raises(DataError, match="allowed are configural, metric, scalar, strict"):
        sem.invariance(HS, hs, "school", levels=levels)


def test_there_must_be_groups(hs: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="invariance compares groups: name their column"):
        sem.invariance(HS, hs)


def test_the_first_level_cannot_be_relaxed(hs: pd.DataFrame) -> None:
    ladder = sem.invariance(HS, hs, "school", levels=["configural", "metric"])
    with pytest.raises(DataError, match="can be relaxed at metric"):
        sem.propose_partial(ladder, "configural")


def test_two_indicators_stay_equal(hs: pd.DataFrame) -> None:
    moved = hs.copy()
    second = moved["school"] == "Pasteur"
    moved.loc[second, ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9"]] += np.arange(9) * 1.5
    found = sem.propose_partial(sem.invariance(HS, moved, "school"), "scalar")
    for names in (("x1", "x2", "x3"), ("x4", "x5", "x6"), ("x7", "x8", "x9")):
        assert sum(f"{name}~1" in found.released for name in names) <= 1
    assert "let go" in repr(found)


def test_no_difference_from_a_search_that_did_not_end(hs: pd.DataFrame) -> None:
    ladder = sem.invariance("f =~ x2 + x3 + x4", hs, "school")
    table = ladder.table.set_index("level")
    assert ladder.fits["scalar"].outcome is sem.Outcome.NOT_CONVERGED
    assert table.loc[["scalar", "strict"], ["chisq", "delta_chisq"]].isna().all(axis=None)
    assert table.loc["metric", "delta_chisq"] == pytest.approx(2.505, abs=1e-3)
