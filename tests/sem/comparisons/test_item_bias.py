"""dMACS: against its defining integral, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy

import vaar.sem as sem
from vaar.errors import DataError

HS = pd.read_csv(Path(__file__).parents[2] / "reference" / "sem_data_hs.csv")
MODEL = "f =~ x1 + x2 + x3 + x4"


def test_it_is_the_integral_of_its_definition() -> None:
    fit = sem.fit(
        MODEL,
        HS,
        group="school",
        group_equal=["loadings", "intercepts"],
        group_partial=["f =~ x3", "x3 ~ 1", "x2 ~ 1"],
    )
    est = fit.params.set_index(["group", "lhs", "op", "rhs"])["est"]
    one, other = fit.groups
    density = scipy.stats.norm(est[other, "f", "~1", ""], est[other, "f", "~~", "f"] ** 0.5)
    found = sem.dmacs(fit).set_index("item")
    for item in ("x1", "x2", "x3", "x4"):

        def gap(eta: float, item: str = item) -> float:
            low, high = (
                est[g, item, "~1", ""] + est[g, "f", "=~", item] * eta for g in (one, other)
            )
            return float(high - low)

        square, mean = (
            scipy.integrate.quad(lambda eta, p=p: gap(eta) ** p * density.pdf(eta), -15, 15)[0]
            for p in (2, 1)
        )
        spread = [HS.loc[HS["school"] == g, item] for g in (one, other)]
        weight = [len(each) - 1 for each in spread]
        pooled = sum(w * each.var(ddof=0) for w, each in zip(weight, spread, strict=True))
        wanted = np.sqrt(square) / np.sqrt(pooled / sum(weight))
        assert found.loc[item, "dmacs"] == pytest.approx(wanted, rel=1e-6, abs=1e-9)
        assert found.loc[item, "mean_difference"] == pytest.approx(mean, rel=1e-6, abs=1e-9)
    assert found.loc[["x1", "x4"], "dmacs"].max() < 1e-9 < found.loc[["x2", "x3"], "dmacs"].min()


def test_refusals() -> None:
    with pytest.raises(DataError, match="share no parameters"):
        sem.dmacs(sem.fit(MODEL, HS, group="school"))
    ordinal = HS[["x1", "x2", "x3", "x4"]].apply(lambda x: pd.qcut(x, 3, labels=False))
    ordinal["school"] = HS["school"]
    options: Any = {"group": "school", "group_equal": ["loadings", "thresholds"], "ordered": True}
    with pytest.raises(DataError, match="has thresholds"):
        sem.dmacs(sem.fit(MODEL, ordinal, estimator="WLSMV", **options))
