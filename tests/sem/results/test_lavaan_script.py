import pandas as pd

import vaar.sem as sem

MODEL = 'f =~ x1 + x2 + x3 + x4\ng =~ "a"*x5 + x6 + x7'


def test_the_script_says_all_that_was_asked(likert: pd.DataFrame) -> None:
    likert.loc[likert["model"] == "m2", ["x5", "x6", "x7"]] = 1
    likert.loc[likert["model"] == "m3", "x1"] = 1
    fit = sem.fit(
        MODEL,
        likert,
        group="model",
        estimator="MLR",
        missing="fiml",
        group_equal=["loadings", "intercepts"],
        group_partial=["f =~ x2"],
        std_lv=True,
    )
    script = sem.to_lavaan(fit, data_file="my data.csv")
    assert 'read.csv("my data.csv", check.names = FALSE)' in script
    assert 'data[["model"]] %in% c("m1", "m3")' in script
    assert r"\"a\"*x5" in script
    for argument in (
        'estimator = "MLR"',
        'missing = "fiml"',
        'group = "model"',
        'group.equal = c("loadings", "intercepts")',
        'group.partial = c("f=~x2")',
        "std.lv = TRUE",
    ):
        assert argument in script
    assert "# group m2 is left out: constant scale: g" in script
    assert "# x1 in group m3: constant item, item masked" in script


def test_one_group_needs_no_group_argument(likert: pd.DataFrame) -> None:
    script = sem.to_lavaan(sem.fit("f =~ x1 + x2 + x3", likert, effect_coding=True))
    assert "group" not in script
    assert 'effect.coding = c("loadings", "intercepts")' in script


def test_uncorrelated_factors_stay_so(likert: pd.DataFrame) -> None:
    two = "f =~ x1 + x2 + x3\ng =~ x5 + x6 + x7"
    assert "orthogonal" not in sem.to_lavaan(sem.fit(two, likert))
    assert "orthogonal = TRUE" in sem.to_lavaan(sem.fit(two, likert, orthogonal=True))
    levels = "level: 1\nf =~ x1 + x2 + x3\nlevel: 2\nh =~ x1 + x2 + x3"
    data = likert.assign(cluster=likert.index // 6)
    fit = sem.fit(levels, data, cluster="cluster", orthogonal=True)
    assert "orthogonal = TRUE" in sem.to_lavaan(fit)
