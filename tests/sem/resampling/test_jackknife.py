"""The jackknife of clusters: against CR3 in linear regression, and against fits without each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.arrays import Floats

DATA = pd.read_csv(Path(__file__).parents[2] / "reference" / "cluster_data.csv")
MODEL = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ f"


def few(clusters: int = 16) -> pd.DataFrame:
    """The rows of some clusters, with a variable of the cluster."""
    data = DATA[DATA["cluster"].isin(DATA["cluster"].unique()[:clusters])]
    return data.assign(w=data.groupby("cluster")["x"].transform("mean"))


def cr3(data: pd.DataFrame) -> Floats:
    """Of the regression of y1 on x and w, from leverages (Bell & McCaffrey 2002)."""
    x = np.column_stack([data["x"], data["w"], np.ones(len(data))])
    y, clusters = data["y1"].to_numpy(), data.reset_index().groupby("cluster").indices
    bread = np.linalg.inv(x.T @ x)
    residual = y - x @ bread @ x.T @ y
    meat = np.zeros((3, 3))
    for rows in clusters.values():
        own = np.eye(len(rows)) - x[rows] @ bread @ x[rows].T
        score = x[rows].T @ np.linalg.solve(own, residual[rows])
        meat += np.outer(score, score)
    return np.asarray(np.sqrt(np.diag(bread @ meat @ bread) * (1 - 1 / len(clusters))))


@pytest.mark.parametrize("clusters", [66, 16, 6])
def test_errors_of_a_regression_are_cr3(clusters: int) -> None:
    data = few(clusters)
    found = sem.jackknife(sem.fit("y1 ~ x + w", data, cluster="cluster")).intervals()
    found = found.set_index(["lhs", "op", "rhs"])
    ours = [found["se"][key] for key in (("y1", "~", "x"), ("y1", "~", "w"), ("y1", "~1", ""))]
    np.testing.assert_allclose(ours, cr3(data), rtol=1e-5)


@pytest.mark.parametrize(
    "options",
    [
        {"missing": "fiml", "sampling_weights": "weight"},
        {"group": "half", "group_equal": ["loadings"]},
    ],
    ids=["gaps and weights", "groups"],
)
def test_it_is_fits_without_each_cluster(options: dict[str, Any]) -> None:
    data = few(44)  # 38 of the first half, 6 of the second
    model = MODEL.replace("y", "m") if "missing" in options else MODEL
    fit = sem.fit(model, data, cluster="cluster", **options)
    total = np.zeros(len(fit.params))
    for _, part in data.groupby("half") if "group" in options else [("", data)]:
        names = part["cluster"].unique()
        for name in names[-6:]:
            left = sem.fit(model, data[data["cluster"] != name], cluster="cluster", **options)
            total += (left.params["est"] - fit.params["est"]) ** 2 * (1 - 1 / len(names))
    made = sem.jackknife(fit)
    kept = np.concatenate([np.flatnonzero(made.home == g)[-6:] for g in range(len(fit.groups))])
    moved = made.refits.est[kept] - fit.params["est"].to_numpy()
    count = np.bincount(made.home)[made.home[kept]]
    ours = ((1 - 1 / count)[:, None] * moved**2).sum(axis=0)
    np.testing.assert_allclose(np.sqrt(ours), np.sqrt(total), rtol=1e-3, atol=1e-5)
    assert made.failed == 0


def test_intervals_are_those_of_t() -> None:
    fit = sem.fit(f"{MODEL.replace('g ~ f', 'g ~ a*f')}\nb := 2*a", few(), cluster="cluster")
    found = sem.jackknife(fit).intervals(level=0.9)
    free = found["se"] > 0
    np.testing.assert_array_equal(found["df"][free], 15)
    reach = scipy.stats.t.ppf(0.95, 15) * found["se"]
    np.testing.assert_allclose(found["ci_upper"][free], (found["est"] + reach)[free])
    assert found["se"].iloc[-1] == pytest.approx(2 * found.loc[found["op"] == "~", "se"].iloc[0])
    assert (found["se"] > fit.params["se"])[free].mean() > 0.5


def test_clusters_may_be_given_to_a_fit_without_them() -> None:
    data = few()
    model = f"{MODEL.replace('g ~ f', 'g ~ a*f')}\nb := 2*a"
    own = sem.jackknife(sem.fit(model, data, cluster="cluster", estimator="MLR")).intervals()
    given = sem.jackknife(sem.fit(model, data, meanstructure=True), data["cluster"]).intervals()
    pd.testing.assert_frame_equal(given, own, rtol=1e-6)


def test_rows_without_a_cluster_stay_and_their_group_has_no_errors() -> None:
    data = few(44)
    first = data["half"] == data["half"].iloc[0]
    labels = data["cluster"].astype(object).where(first, None)
    fit = sem.fit(MODEL, data, group="half", group_equal=["loadings"])
    made = sem.jackknife(fit, labels)
    assert len(made.home) == data.loc[first, "cluster"].nunique()
    found = made.intervals().set_index("group")
    path = found["op"] == "~"
    own, other = found[path]["se"]
    both = sem.jackknife(fit, data["cluster"]).intervals()
    assert own == pytest.approx(both["se"][both["op"] == "~"].iloc[0], rel=0.1)
    assert np.isnan(other)
    assert found["se"][found["op"] == "=~"].replace(0, np.nan).isna().all()  # shared by both


def test_standardised_estimates_have_their_own() -> None:
    fit = sem.fit(MODEL, few(), cluster="cluster")
    found = sem.jackknife(fit).intervals(standardised=True)
    np.testing.assert_array_equal(found["est"], fit.params["std_all"])
    path = found[found["op"] == "~"].iloc[0]
    near = fit.params.loc[fit.params["op"] == "~", "std_all_se"].iloc[0]
    assert 0.9 * near < path["se"] < 1.6 * near


def test_ordinal_items_too() -> None:
    data = few(30)
    items = [f"o{j}" for j in range(1, 7)]
    fit = sem.fit(
        MODEL.replace("y", "o"), data, estimator="WLSMV", ordered=items, cluster="cluster"
    )
    made = sem.jackknife(fit)
    ratio = made.intervals()["se"] / fit.params["se"]
    assert made.failed == 0 and 0.8 < ratio[fit.params["op"] == "=~"].median() < 1.3


def test_an_indispensable_cluster_leaves_no_error() -> None:
    data = few(12)
    data["only"] = (data["cluster"] == data["cluster"].iloc[0]).astype(float)
    made = sem.jackknife(sem.fit("y1 ~ only + x", data, cluster="cluster"))
    assert made.failed == 1
    assert made.intervals().loc[lambda d: d["op"] == "~", "se"].isna().all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: sem.fit(MODEL, DATA), "the fit has none: give cluster="),
        (
            lambda: sem.fit(f"{MODEL}\ng ~~ lower(0)*g", DATA, cluster="cluster"),
            "the jackknife takes no inequalities",
        ),
        (
            lambda: sem.fit(
                "level: 1\nf =~ y1 + y2 + y3\nlevel: 2\nf =~ y1 + y2 + y3", DATA, cluster="cluster"
            ),
            "the jackknife",
        ),
    ],
)
def test_what_cannot_be_left_out_is_refused(make: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        sem.jackknife(make())


def test_a_level_outside_is_refused() -> None:
    made = sem.jackknife(sem.fit("y1 ~ x", few(5), cluster="cluster"))
    with pytest.raises(DataError, match="level got 95"):
        made.intervals(level=95)


def test_an_empty_entry_is_no_cluster_however_it_is_written(hs: pd.DataFrame) -> None:
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", hs)
    some = hs["ageyr"].astype(object).where(hs.index % 5 > 0, None)
    ours = sem.jackknife(fit, some)
    other = sem.jackknife(fit, hs["ageyr"].where(hs.index % 5 > 0))
    assert len(ours.home) == len(other.home) == some.nunique()
    np.testing.assert_allclose(other.errors(), ours.errors())
