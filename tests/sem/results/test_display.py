import pandas as pd

import vaar.sem as sem

MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\ng ~ f"


def test_text_says_how_it_ended_and_what_is_missing(likert: pd.DataFrame) -> None:
    likert.loc[likert["model"] == "m2", ["x5", "x6", "x7"]] = 1
    likert.loc[likert["model"] == "m3", "x1"] = 1
    fit = sem.fit(MODEL, likert, group="model", estimator="MLR", group_equal=["loadings"])
    text = repr(fit)
    assert text.startswith("vaar.sem MLR: converged\n2 group(s), 400 rows")
    assert "equal across groups: loadings" in text
    assert "dropped: m2 (constant scale: g" in text
    assert "masked: x1 in m3 (constant item)" in text
    assert "scaled χ²" in text and "robust CFI" in text
    assert "more rows: summary() has all of them" in text
    assert len(fit.summary().splitlines()) == len(fit.params) + len(text.splitlines()) - 41


def test_html_escapes_names(likert: pd.DataFrame) -> None:
    likert["model"] = likert["model"].replace({"m1": "<script>alert(1)</script>"})
    html = sem.fit(MODEL, likert, group="model")._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_measures_read_by_either_name(likert: pd.DataFrame) -> None:
    measures = sem.fit(MODEL, likert).measures
    assert measures["rmsea.ci.lower"] == measures["rmsea_ci_lower"]
    assert "cfi" in repr(measures)


def test_r_squared_and_residuals(likert: pd.DataFrame) -> None:
    fit = sem.fit(MODEL, likert, group="model")
    assert list(fit.r2.columns) == [*(f"x{i}" for i in range(1, 8)), "g"]
    assert ((fit.r2 > 0) & (fit.r2 < 1)).all(axis=None)
    path = fit.params.query("op == '~'")["std_all"].to_numpy()
    assert abs(fit.r2["g"].to_numpy() - path**2).max() < 1e-9
    assert abs(fit.residuals["m1"].to_numpy()).max() < 0.3
    assert fit.implied_means.shape == (3, 7)
