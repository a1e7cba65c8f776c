"""Reading rows in clusters: what is refused, dropped and told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, NoGroupError
from vaar.sem.two_level.source import intraclass

from .conftest import MODEL, clustered

REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("has two levels, and cluster= is not given", {"cluster": None}),
    ("do not take ordered=", {"ordered": ["y1"]}),
    ("do not take sampling_weights=", {"sampling_weights": "x"}),
    ("have means: leave meanstructure=False out", {"meanstructure": False}),
    ("models of two levels have ML and MLR", {"estimator": "WLSMV"}),
    ("leave rows with missing answers out", {"missing": "fiml"}),
    ("is no kind|got 'everything'", {"group": "half", "group_equal": ["everything"]}),
]


@pytest.mark.parametrize(("message", "options"), REFUSED, ids=range(len(REFUSED)))
def test_refusals(data: pd.DataFrame, message: str, options: dict[str, Any]) -> None:
    data["half"] = np.where(data["cluster"] < 20, "a", "b")
    with pytest.raises(DataError, match=message):
        sem.fit(MODEL, data, **({"cluster": "cluster"} | options))


def test_covariances_do_not_tell_two_levels(data: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="do not take sample_cov="):
        sem.fit(MODEL, sample_cov=data.cov(), nobs=100)


def test_a_variable_of_level_2_must_not_differ_within_a_cluster(data: pd.DataFrame) -> None:
    data.loc[data["cluster"] == 3, "w"] += np.arange((data["cluster"] == 3).sum())
    with pytest.raises(DataError, match=r"'w' stands at level 2 only, and differs within 1 clu"):
        sem.fit(MODEL, data, cluster="cluster")


def test_too_few_clusters_are_no_group() -> None:
    with pytest.raises(NoGroupError, match="4 clusters for 4 variables of level 2"):
        sem.fit(MODEL, clustered(1, clusters=4, size=9), cluster="cluster")


def test_clusters_of_one_row_do_not_tell_the_levels() -> None:
    with pytest.raises(NoGroupError, match="0 rows beyond one in each cluster"):
        sem.fit(MODEL, clustered(1, clusters=60, size=1), cluster="cluster")


def test_a_group_that_cannot_carry_the_model_is_dropped_and_the_others_are_fitted() -> None:
    one, other = clustered(1).assign(half="a"), clustered(2, 3, 9).assign(half="b")
    data = pd.concat([one, other.assign(cluster=other["cluster"] + 100)])
    fit = sem.fit(MODEL, data, group="half", cluster="cluster")
    assert fit.groups == ("a",)
    assert "3 clusters" in fit.dropped["b"]


def test_a_constant_item_is_no_group(data: pd.DataFrame) -> None:
    with pytest.raises(NoGroupError, match="y2"):
        sem.fit(MODEL, data.assign(y2=1.0), cluster="cluster")


def test_a_variable_of_level_1_that_varies_between_clusters_is_told(data: pd.DataFrame) -> None:
    told = sem.fit(MODEL, data, cluster="cluster").screening
    assert "varies between clusters" not in set(told["finding"])
    data["x"] += data["w"]
    told = sem.fit(MODEL, data, cluster="cluster").screening
    assert told.loc[told["item"] == "x", "finding"].tolist() == ["varies between clusters"]


def test_the_order_of_rows_and_the_names_of_clusters_do_not_matter(data: pd.DataFrame) -> None:
    one = sem.fit(MODEL, data, cluster="cluster", estimator="MLR")
    turned = data.sample(frac=1, random_state=2)
    turned["cluster"] = "c" + turned["cluster"].astype(str)
    other = sem.fit(MODEL, turned, cluster="cluster", estimator="MLR")
    np.testing.assert_allclose(other.params["est"], one.params["est"], atol=1e-6)
    np.testing.assert_allclose(other.params["se"], one.params["se"], rtol=1e-5)


def test_rows_with_missing_answers_are_left_out(data: pd.DataFrame) -> None:
    gaps = data.copy()
    gaps.loc[[3, 8, 40], "y1"] = np.nan
    one = sem.fit(MODEL, gaps, cluster="cluster")
    other = sem.fit(MODEL, gaps.dropna(), cluster="cluster")
    assert one.n_rows == len(data) - 3
    np.testing.assert_allclose(one.params["est"], other.params["est"], rtol=1e-10)


def test_intraclass_correlation_of_the_analysis_of_variance() -> None:
    """Equal clusters: (MSB − MSW) / (MSB + (s − 1) MSW)."""
    data = clustered(3, 30, 5)
    by = data.groupby("cluster")["y1"]
    msw = by.var().mean()
    msb = 5 * by.mean().var()
    found = intraclass(data[["y1"]].to_numpy(), data["cluster"].to_numpy())
    assert found[0] == pytest.approx((msb - msw) / (msb + 4 * msw))
