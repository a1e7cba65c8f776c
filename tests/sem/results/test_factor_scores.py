from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError

RECORD = Path(__file__).parents[2] / "reference"
CASES = pd.read_csv(RECORD / "sem_cases.csv", keep_default_na=False).set_index("name")
SCORES = pd.read_csv(RECORD / "sem_scores.csv")
MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\ng ~ f"


def fitted(name: str) -> sem.Fit:
    case: Any = CASES.loc[name]
    return sem.fit(
        case["text"],
        pd.read_csv(RECORD / f"sem_data_{case['data']}.csv"),
        group=case["group"] or None,
        missing=case["missing"],
        group_equal=[word for word in case["equal"].split("|") if word],
        std_lv=case["ident"] == "std_lv",
    )


@pytest.mark.parametrize("name", sorted(set(SCORES["name"])))
def test_scores_are_lavaans(name: str) -> None:
    fit = fitted(name)
    said = SCORES[SCORES["name"] == name]
    compared = 0
    for method, part in said.groupby("method"):
        ours = sem.factor_scores(fit, str(method).lower())
        for (group, latent), rows in part.groupby(["group", "latent"]):
            mine = ours.loc[ours["group"] == fit.groups[group - 1], latent]
            np.testing.assert_allclose(mine.head(len(rows)), rows["score"], atol=2e-4)
            compared += len(rows)
    assert compared == len(said) >= 40


def test_rows_keep_their_places(gaps: pd.DataFrame) -> None:
    fit = sem.fit(MODEL, gaps, group="model")
    scores = sem.factor_scores(fit)
    complete = gaps[[f"x{i}" for i in range(1, 8)]].notna().all(axis=1)
    assert scores.index.tolist() == np.flatnonzero(complete).tolist()
    assert (scores["group"] == gaps.loc[scores.index, "model"]).all()


def test_regression_scores_shrink_and_bartlett_scores_do_not(likert: pd.DataFrame) -> None:
    fit = sem.fit(MODEL, likert, std_lv=True)
    regression, bartlett = (sem.factor_scores(fit, m)["f"] for m in ("regression", "bartlett"))
    assert regression.var() < 1 < bartlett.var()
    assert regression.corr(bartlett) > 0.95


def test_no_bartlett_scores_of_second_order_factors(hs: pd.DataFrame) -> None:
    model = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nd =~ x7 + x8 + x9\nh =~ a + b + d"
    scores = sem.factor_scores(sem.fit(model, hs), "bartlett")
    assert scores["h"].isna().all() and scores["a"].notna().all()


def test_an_unknown_method_is_refused(likert: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="allowed are regression, bartlett"):
        sem.factor_scores(sem.fit(MODEL, likert), "ten-berge")


def test_an_indicator_without_a_residual_is_the_bartlett_score(hs: pd.DataFrame) -> None:
    fit = sem.fit("a =~ x1 + x2 + x3\nx1 ~~ 0*x1\nb =~ x4\nb ~ a", hs, meanstructure=True)
    scores = sem.factor_scores(fit, "bartlett")
    np.testing.assert_allclose(scores["a"], hs["x1"] - hs["x1"].mean(), atol=1e-6)
    np.testing.assert_allclose(scores["b"], hs["x4"] - hs["x4"].mean(), atol=1e-6)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("kind", ["shuffled", "names", "dates", "filtered", "gaps"])
def test_scores_join_the_data_frame(hs: pd.DataFrame, kind: str, method: str) -> None:
    data = {
        "shuffled": hs.sample(frac=1, random_state=1),
        "names": hs.set_index(pd.Index([f"p{i}" for i in range(len(hs))])),
        "dates": hs.set_index(pd.date_range("2024-01-01", periods=len(hs))),
        "filtered": hs[hs["ageyr"] > 12],
        "gaps": hs.assign(x2=hs["x2"].mask(hs.index % 7 == 0)).sample(frac=1, random_state=2),
    }[kind]
    model = "f =~ x1 + x2 + x3 + x4"
    fit = sem.fit(model, data, group="school")
    scores = sem.factor_scores(fit, method)
    analysed = data[data["x2"].notna()]
    assert scores.index.equals(analysed.index)
    joined = data.join(scores)
    again = sem.factor_scores(sem.fit(model, analysed.reset_index(), group="school"), method)
    np.testing.assert_allclose(joined.loc[analysed.index, "f"], again["f"], atol=1e-8)
    assert joined.loc[data["x2"].isna(), "f"].isna().all()
    assert (joined.loc[analysed.index, "group"] == analysed["school"]).all()


def test_columns_of_scores_have_one_name_each(hs: pd.DataFrame) -> None:
    fit = sem.fit("group =~ x1 + x2 + x3 + x4", hs)
    with pytest.raises(DataError, match="two columns of the scores would be called 'group'"):
        sem.factor_scores(fit)
    fit = sem.fit("f =~ x1 + x2 + x3\nf_se =~ x4 + x5 + x6", hs)
    assert list(sem.factor_scores(fit)) == ["group", "f", "f_se"]
    with pytest.raises(DataError, match="called 'f_se'"):
        sem.factor_scores(fit, se=True)
