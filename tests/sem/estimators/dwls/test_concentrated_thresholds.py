"""Setting thresholds apart changes no result: against the whole information and all scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.estimators.base import precision_of
from vaar.sem.estimators.dwls.concentrated_thresholds import SlopesAt, freely_met, set_apart
from vaar.sem.estimators.dwls.estimator import score_products
from vaar.sem.solution.influence import column_influences

MODEL = "f =~ x1 + x2 + x3 + x4"
LABELLED = "f =~ x1 + x2 + x3 + x4\nx2 | c(a, b)*t1\ngap := a - b"
SCALED = "\nf ~~ 1*f\nx3 ~*~ c(1, NA)*x3\nx3 | c(a, a)*t1 + c(b, b)*t2"
CASES = [
    (MODEL, ["loadings"], "WLSMV", "delta"),
    (MODEL, ["loadings"], "DWLS", "theta"),
    (LABELLED, [], "WLSMV", "theta"),
    (MODEL + SCALED, ["loadings"], "WLSMV", "delta"),
]


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """Simulated answers in two groups of different size."""
    rng = np.random.default_rng(8)
    parts = []
    for name, n in (("u", 150), ("v", 210)):
        f = rng.normal(size=n)
        y = np.outer(f, [0.8, 1.0, 0.6, 0.9]) + rng.normal(size=(n, 4))
        part = pd.DataFrame(np.searchsorted([-1, 0.5], y), columns=["x1", "x2", "x3", "x4"])
        parts.append(part.assign(group=name))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(params=CASES, ids=["delta", "theta", "labels", "scaling"])
def fit(request: pytest.FixtureRequest, data: pd.DataFrame) -> sem.Fit:
    model, equal, estimator, parameterization = request.param
    return sem.fit(
        model,
        data,
        group="group",
        estimator=estimator,
        ordered=True,
        group_equal=equal,
        group_partial=["f=~x3"] if equal else (),
        parameterization=parameterization,
    )


def whole_covariances(fit: sem.Fit) -> list[np.ndarray]:
    """(P, P) covariances of each group, no threshold being set apart."""
    sample, layout, theta = fit.sample, fit.layout, fit.layout.filled(fit.solution.theta)
    assert isinstance(sample, OrdinalSample)
    none = np.zeros(layout.index.shape, dtype=bool)
    apart = set_apart(layout, fit.structure, sample.statistics, none)
    slopes_of = SlopesAt(sample, fit.structure, apart.places, theta)
    weight = sample.statistics.n[:, None] * apart.weight
    second = (slopes_of(g).information(row) for g, row in enumerate(weight))
    meat = score_products(slopes_of, sample.statistics, apart.weight)
    robust = fit.estimator.robust
    found = precision_of(apart.searched, second, meat if robust else None)
    factor = sample.n_rows / (sample.n_rows - sample.n_groups)
    return [layout.places(found.covariance.columns(g) * factor, g) for g in range(2)]


def test_covariances_are_those_of_the_whole_information(fit: sem.Fit) -> None:
    assert fit.solution.precision is not None
    theta = fit.layout.filled(fit.solution.theta)
    found = fit.estimator.group_covariances(
        fit.sample, fit.structure, fit.layout, fit.solution.precision, theta
    )
    met = freely_met(fit.layout, fit.structure) & (np.array(fit.layout.label) == "")
    assert met.any()
    for g, (one, other) in enumerate(zip(found, whole_covariances(fit), strict=True)):
        between = np.outer(met[g], met[g]) & ~np.eye(len(one), dtype=bool)
        np.testing.assert_allclose(one, np.where(between, 0.0, other), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("fit", [case for case in CASES if case[2] == "WLSMV"], indirect=True)
def test_influences_have_these_covariances(fit: sem.Fit) -> None:
    scores = fit.case_scores()
    factor = fit.sample.n_rows / (fit.sample.n_rows - fit.sample.n_groups)
    whole = whole_covariances(fit)
    streams = column_influences(scores, fit.sample.group, fit.solution, fit.layout)
    for g, influence in enumerate(streams):
        on_places = influence @ fit.layout.spread_matrix(g).T
        np.testing.assert_allclose(
            factor * on_places.T @ on_places, whole[g], rtol=1e-7, atol=1e-12
        )


def test_a_defined_difference_of_thresholds_has_a_standard_error(data: pd.DataFrame) -> None:
    fit = sem.fit(LABELLED, data, group="group", estimator="WLSMV", ordered=True)
    rows = fit.params.set_index("lhs")
    gap, cuts = rows.loc["gap"], fit.params[fit.params["label"].isin(["a", "b"])]
    assert gap["se"] == pytest.approx(float(np.sqrt((cuts["se"] ** 2).sum())), rel=1e-9)
