from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

MODEL = "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\na ~ p*b\nq := p^2"


def fitted(data: pd.DataFrame, **options: Any) -> sem.Fit:
    asked: dict[str, Any] = {
        "group": "model",
        "group_equal": ["loadings"],
        "std_lv": True,
        "estimator": "MLR",
    }
    return sem.fit(MODEL, data, **(asked | options))


@pytest.mark.parametrize(
    ("data", "missing"), [("likert", "listwise"), ("gaps", "listwise"), ("gaps", "fiml")]
)
@pytest.mark.parametrize("identify", ["std_lv", "marker", "effects"])
def test_a_refit_is_a_fit_of_those_rows(
    request: pytest.FixtureRequest, data: str, missing: str, identify: str
) -> None:
    frame = request.getfixturevalue(data)
    ways = {"std_lv": identify == "std_lv", "effect_coding": identify == "effects"}
    fit = fitted(frame, missing=missing, **ways)
    rows = np.random.default_rng(2).integers(0, fit.n_rows, fit.n_rows)
    found = sem.refit(fit, [rows])
    sampled = frame.iloc[fit.row_index[rows]]
    order = pd.Categorical(sampled["model"], categories=list(fit.groups))
    again = fitted(sampled.assign(model=order), missing=missing, **ways)
    assert found.ok.tolist() == [True] and again.outcome.usable
    np.testing.assert_allclose(found.est[0], again.params["est"], atol=2e-3)
    np.testing.assert_allclose(found.std_all[0], again.params["std_all"], atol=1e-3)
    np.testing.assert_allclose(
        found.std_all_se[0], again.params["std_all_se"], rtol=0.02, atol=1e-3
    )


def test_the_full_sample_gives_the_fit_itself(likert: pd.DataFrame) -> None:
    fit = fitted(likert)
    found = sem.refit(fit, [np.arange(fit.n_rows)])
    np.testing.assert_allclose(found.est[0], fit.params["est"], atol=1e-6)
    np.testing.assert_allclose(found.std_all_se[0], fit.params["std_all_se"], rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("group", ["m1", "m2"])
@pytest.mark.parametrize("what", ["no rows", "few rows", "one row repeated"])
def test_a_group_that_fails_does_not_stop_the_others(
    likert: pd.DataFrame, group: str, what: str
) -> None:
    fit = fitted(likert)
    mine, others = (np.flatnonzero((fit.row_groups == group) == flag) for flag in (True, False))
    kept = {"no rows": mine[:0], "few rows": mine[:6], "one row repeated": np.repeat(mine[:1], 99)}
    found = sem.refit(fit, [np.concatenate([others, kept[what]])])
    at = fit.groups.index(group)
    assert found.ok.tolist() == [False]
    assert found.ok_groups[0].tolist() == [i != at for i in range(3)]
    in_group = (fit.params["group"] == group).to_numpy()
    defined = (fit.params["op"] == ":=").to_numpy()
    assert np.isnan(found.est[0, in_group]).all()
    assert np.isfinite(found.std_all[0, ~in_group & ~defined]).all()
    alone = fitted(likert[likert["model"] != group])
    np.testing.assert_allclose(
        found.std_all[0, ~in_group & ~defined],
        alone.params.query("op != ':='")["std_all"],
        atol=1e-3,
    )


def test_a_constant_item_in_a_sample(likert: pd.DataFrame) -> None:
    fit = fitted(likert)
    values = fit.sample.values[:, fit.spec.observed.index("x1")]
    rows = np.flatnonzero((fit.row_groups != "m3") | (values == 3))
    assert sem.refit(fit, [rows]).ok_groups.tolist() == [[True, True, False]]


def test_masked_items_stay_masked(likert: pd.DataFrame) -> None:
    likert.loc[likert["model"] == "m2", "x1"] = 3
    fit = fitted(likert)
    found = sem.refit(fit, [np.arange(fit.n_rows)])
    np.testing.assert_array_equal(np.isnan(found.est[0]), fit.params["est"].isna())


def test_exogenous_moments_are_those_of_the_sample(likert: pd.DataFrame) -> None:
    fit = sem.fit("a =~ x1 + x2 + x3\na ~ z", likert, group="model")
    rows = np.random.default_rng(1).integers(0, fit.n_rows, fit.n_rows)
    found = sem.refit(fit, [rows])
    at = fit.params.query("group == 'm1' and lhs == 'z' and op == '~~'").index[0]
    z = fit.sample.values[rows][fit.row_groups[rows] == "m1", fit.spec.observed.index("z")]
    assert found.est[0, at] == pytest.approx(z.var())


def test_without_errors_there_are_none(likert: pd.DataFrame) -> None:
    fit = fitted(likert)
    found = sem.refit(fit, [np.arange(fit.n_rows)], with_errors=False)
    assert found.ok.all() and np.isnan(found.std_all_se).all()


def test_no_samples(likert: pd.DataFrame) -> None:
    fit = fitted(likert)
    assert sem.refit(fit, []).est.shape == (0, len(fit.params))


@pytest.mark.parametrize("rows", [[-1], [10**6], [0.5], [[0, 1]]])
def test_wrong_positions_are_refused(likert: pd.DataFrame, rows: list[Any]) -> None:
    with pytest.raises(DataError, match="a sample"):
        sem.refit(fitted(likert), [rows])
