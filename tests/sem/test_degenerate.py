"""Eighteen kinds of degenerate data: each ends in a fit of what can be fitted and an account of
the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, ModelSyntaxError
from vaar.sem import Outcome

MODEL = "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\nd =~ x8 + x9 + x10 + x11\nd ~ a + b"
ITEMS = [f"x{i}" for i in range(1, 12)]


def run(data: pd.DataFrame, **options: Any) -> sem.Fit:
    asked: dict[str, Any] = {
        "group": "model",
        "group_equal": ["loadings"],
        "std_lv": True,
        "estimator": "MLR",
    }
    return sem.fit(MODEL, data, **(asked | options))


def found(fit: sem.Fit, finding: str, group: str = "m2") -> pd.DataFrame:
    table = fit.screening
    return table[(table["finding"] == finding) & (table["group"] == group)]


def assert_others_fitted(fit: sem.Fit, missing: str | None = None) -> None:
    expected = tuple(name for name in ("m1", "m2", "m3") if name != missing)
    assert fit.groups == expected
    paths = fit.params.query("op == '~'")
    assert len(paths) == 2 * len(expected)
    assert np.isfinite(paths[["est", "se", "std_all", "std_all_se"]]).all(axis=None)
    assert fit.outcome.usable
    assert 0 < fit.measures["cfi"] <= 1


def in_m2(data: pd.DataFrame) -> pd.Series:
    return data["model"] == "m2"


@pytest.mark.parametrize("level", [(), ("loadings",), ("loadings", "intercepts")])
@pytest.mark.parametrize("identify", [{}, {"std_lv": True}, {"effect_coding": True}])
@pytest.mark.parametrize("item", ["x1", "x2"])
def test_constant_item_is_masked(
    likert: pd.DataFrame, level: tuple[str, ...], identify: dict[str, bool], item: str
) -> None:
    likert = likert.astype({item: float})
    likert.loc[in_m2(likert), item] = 5.0
    fit = run(likert, group_equal=level, **({"std_lv": False} | identify))
    assert_others_fitted(fit)
    assert found(fit, "constant item")["action"].tolist() == ["item masked"]
    masked = fit.params.query(f"group == 'm2' and (lhs == '{item}' or rhs == '{item}')")
    assert masked["est"].isna().all() and len(masked) == 3


def test_constant_scale_drops_the_group(likert: pd.DataFrame) -> None:
    likert.loc[in_m2(likert), ["x5", "x6", "x7"]] = 4
    fit = run(likert)
    assert_others_fitted(fit, missing="m2")
    assert fit.dropped["m2"].startswith("constant scale: b")


def test_scale_of_one_item_drops_the_group(likert: pd.DataFrame) -> None:
    likert.loc[in_m2(likert), ["x5", "x6"]] = 4
    assert_others_fitted(run(likert), missing="m2")


def test_everything_constant(likert: pd.DataFrame) -> None:
    likert.loc[in_m2(likert), ITEMS] = 3
    assert_others_fitted(run(likert), missing="m2")


def test_straight_lining_is_reported(likert: pd.DataFrame) -> None:
    rows = likert.index[in_m2(likert)][:40]
    likert.loc[rows, ITEMS] = np.tile((np.arange(40) % 5 + 1)[:, None], (1, 11))
    fit = run(likert)
    assert_others_fitted(fit)
    assert "27% of rows" in found(fit, "straight-lining")["detail"].item()


def test_a_group_that_only_straight_lines_is_dropped(likert: pd.DataFrame) -> None:
    size = int(in_m2(likert).sum())
    likert.loc[in_m2(likert), ITEMS] = np.tile((np.arange(size) % 5 + 1)[:, None], (1, 11))
    fit = run(likert)
    assert_others_fitted(fit, missing="m2")


def test_duplicated_item_is_masked(likert: pd.DataFrame) -> None:
    likert.loc[in_m2(likert), "x4"] = likert.loc[in_m2(likert), "x3"]
    fit = run(likert)
    assert_others_fitted(fit)
    assert found(fit, "duplicated item")["item"].tolist() == ["x4"]


def test_n_below_p_drops_the_group(likert: pd.DataFrame) -> None:
    rows = likert.index[in_m2(likert)][11:]
    fit = run(likert.drop(index=rows))
    assert_others_fitted(fit, missing="m2")
    assert fit.dropped["m2"] == "n below p: 11 rows for 11 variables"


def test_few_rows_are_fitted(likert: pd.DataFrame) -> None:
    rows = likert.index[in_m2(likert)][30:]
    fit = run(likert.drop(index=rows))
    assert set(fit.groups) >= {"m1", "m3"}
    assert fit.params.query("group == 'm1' and op == '~'")["se"].notna().all()


def test_group_of_one(likert: pd.DataFrame) -> None:
    rows = likert.index[in_m2(likert)][1:]
    fit = run(likert.drop(index=rows))
    assert_others_fitted(fit, missing="m2")
    assert fit.dropped["m2"] == "group of one: 1 row"


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_item_never_answered_is_masked(likert: pd.DataFrame, missing: str) -> None:
    likert = likert.astype({"x2": float})
    likert.loc[in_m2(likert), "x2"] = np.nan
    fit = run(likert, missing=missing)
    assert_others_fitted(fit)
    assert found(fit, "missing item")["item"].tolist() == ["x2"]
    assert fit.n_rows == len(likert)


def test_infinite_values_are_missing(likert: pd.DataFrame) -> None:
    likert = likert.astype({"x1": float})
    likert.loc[likert.index[in_m2(likert)][:3], "x1"] = [np.inf, -np.inf, np.inf]
    fit = run(likert)
    assert_others_fitted(fit)
    assert found(fit, "infinite value")["detail"].item() == "3 values"
    assert fit.n_rows == len(likert) - 3


def test_absurd_values_are_missing(likert: pd.DataFrame) -> None:
    likert = likert.astype({"x1": float})
    likert.loc[likert.index[in_m2(likert)][:2], "x1"] = [99999, -99999]
    fit = run(likert)
    assert_others_fitted(fit)
    assert found(fit, "absurd value")["action"].item() == "read as missing"
    assert fit.n_rows == len(likert) - 2


def test_numbers_as_text_are_read(likert: pd.DataFrame) -> None:
    fit = run(likert.astype({"x1": str}))
    assert_others_fitted(fit)
    assert "read as numbers" in fit.screening["action"].tolist()


@pytest.mark.parametrize("dtype", ["Int64", "Float32", "category", "float32"])
def test_other_types_of_numbers_give_the_same(likert: pd.DataFrame, dtype: str) -> None:
    plain = run(likert)
    fit = run(likert.astype(dict.fromkeys(ITEMS, dtype)))
    np.testing.assert_allclose(fit.params["est"], plain.params["est"], rtol=1e-9)


def test_words_are_refused(likert: pd.DataFrame) -> None:
    likert["x1"] = "agree"
    with pytest.raises(DataError, match=r"'x1' must hold numbers, got 'agree'"):
        run(likert)


def test_unknown_column_is_named(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"no column 'x11'; they have x1, x2"):
        run(likert.drop(columns="x11"))


def test_rows_without_a_group_are_left_out(likert: pd.DataFrame) -> None:
    likert.loc[likert.index[:5], "model"] = None
    fit = run(likert)
    assert_others_fitted(fit)
    assert fit.n_rows == len(likert) - 5
    assert found(fit, "group missing", group="")["detail"].item().startswith("5 rows")


def test_dependent_items_drop_the_group(likert: pd.DataFrame) -> None:
    here = in_m2(likert)
    likert = likert.astype(dict.fromkeys(ITEMS, float))
    likert.loc[here, "x4"] = likert.loc[here, ["x1", "x2", "x3"]].sum(axis=1)
    fit = run(likert)
    assert_others_fitted(fit, missing="m2")
    assert fit.dropped["m2"].startswith("dependent items")


def test_ceiling_is_kept_and_reported(likert: pd.DataFrame) -> None:
    here = likert.index[in_m2(likert)]
    likert.loc[here, "x2"] = 5
    likert.loc[here[:3], "x2"] = 4
    fit = run(likert)
    assert set(fit.groups) >= {"m1", "m3"}
    assert found(fit, "one answer prevails")["item"].tolist() == ["x2"]


def test_noise_is_never_silent(likert: pd.DataFrame) -> None:
    here = in_m2(likert)
    noise = np.random.default_rng(3).integers(1, 6, size=(int(here.sum()), 11))
    likert.loc[here, ITEMS] = noise
    fit = run(likert, group_equal=())
    assert {"m1", "m3"} <= set(fit.groups)
    trusted = "m2" in fit.groups and fit.group_outcome["m2"] is Outcome.CONVERGED
    weak = trusted and fit.params.query("group == 'm2' and op == '~'")["pvalue"].gt(0.01).all()
    assert "m2" in fit.dropped or not trusted or weak


def test_heywood_case_is_reported(likert: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    here = in_m2(likert)
    n = int(here.sum())
    likert = likert.astype(dict.fromkeys(ITEMS, float))
    f = rng.normal(size=n)
    likert.loc[here, "x5"] = f + 0.1 * rng.normal(size=n)
    likert.loc[here, "x6"] = f + 0.3 * rng.normal(size=n)
    likert.loc[here, "x7"] = 0.9 * likert.loc[here, "x5"] + 0.3 * rng.normal(size=n)
    fit = run(likert, group_equal=())
    assert fit.group_outcome["m2"] is Outcome.INADMISSIBLE
    assert fit.outcome is Outcome.INADMISSIBLE
    assert fit.group_outcome["m1"] is Outcome.CONVERGED
    assert "inadmissible" in str(fit.outcome)


def test_no_group_left_says_why(likert: pd.DataFrame) -> None:
    likert[ITEMS] = 3
    with pytest.raises(DataError, match=r"no group can carry the model \(m1: constant"):
        run(likert)


def test_identical_groups_give_identical_solutions(likert: pd.DataFrame) -> None:
    one = likert[likert["model"] == "m1"]
    both = pd.concat([one, one.assign(model="twin")], ignore_index=True)
    fit = run(both, group_equal=())
    first, second = (fit.params.query(f"group == '{g}'")["est"].to_numpy() for g in fit.groups)
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_unidentified_model_is_an_outcome(likert: pd.DataFrame) -> None:
    fit = sem.fit("a =~ x1 + x2", likert)
    assert fit.outcome is Outcome.NOT_IDENTIFIED
    assert fit.params["se"].isna().any()


def test_a_latent_variable_that_nothing_indicates_has_measures_that_say_so(
    likert: pd.DataFrame,
) -> None:
    fit = sem.fit("f =~ 0*x1\na =~ x4 + x5 + x6\na ~ f", likert)
    assert not fit.outcome.usable
    assert np.isnan(fit.measures["chisq"])


@pytest.mark.parametrize("line", ["x1 | t1", "x1 ~*~ 1*x1"])
def test_a_threshold_of_a_continuous_variable_is_not_dropped(
    likert: pd.DataFrame, line: str
) -> None:
    with pytest.raises(ModelSyntaxError, match="only ordinal items"):
        sem.fit(f"f =~ x1 + x2 + x3\n{line}", likert)


def test_data_must_be_a_data_frame() -> None:
    with pytest.raises(DataError, match="must be a pandas DataFrame, got list"):
        sem.fit("f =~ x1 + x2 + x3", [1, 2])  # type: ignore[arg-type]


def test_empty_data(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="no rows that belong to a group"):
        run(likert.iloc[:0])


def test_a_variable_of_the_model_names_no_groups(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="'x1' is a variable of the model and names the groups"):
        sem.fit("f =~ x1 + x2 + x3", likert, group="x1")


@pytest.mark.parametrize("name", ["std_lv", "effect_coding", "meanstructure", "fixed_x"])
def test_a_word_is_neither_true_nor_false(likert: pd.DataFrame, name: str) -> None:
    with pytest.raises(DataError, match=f"{name} got 'no'; it is True or False"):
        sem.fit("f =~ x1 + x2 + x3", likert, **{name: "no"})  # type: ignore[arg-type]


def test_repeated_column(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="'x1' is there twice"):
        run(pd.concat([likert, likert[["x1"]]], axis=1))
