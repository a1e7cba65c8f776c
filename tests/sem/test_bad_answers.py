"""Every kind of answers that a model can spoil its group with, by every estimator.

One of three groups is spoiled. Whatever becomes of it, the others are fitted as well as ever, and
what was done is said.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem

MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\ng ~ f"
ITEMS = [f"x{i}" for i in range(1, 8)]
ESTIMATORS: dict[str, dict[str, object]] = {
    "ML": {"estimator": "ML"},
    "MLR": {"estimator": "MLR"},
    "FIML": {"estimator": "MLR", "missing": "fiml"},
    "WLSMV": {"estimator": "WLSMV", "ordered": True},
    "pairwise": {"estimator": "WLSMV", "ordered": True, "missing": "pairwise"},
}
Spoil = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


def _answers(rng: np.random.Generator, rows: int = 200) -> pd.DataFrame:
    f = rng.standard_normal(rows)
    g = 0.5 * f + 0.9 * rng.standard_normal(rows)
    latent = np.column_stack([f] * 4 + [g] * 3) + 0.8 * rng.standard_normal((rows, 7))
    return pd.DataFrame(1.0 + np.searchsorted([-1.5, -0.5, 0.5, 1.5], latent), columns=ITEMS)


def _set(columns: list[str], value: float, share: float = 1.0) -> Spoil:
    def spoil(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        out = part.copy()
        out.loc[rng.random(len(out)) < share, columns] = value
        return out

    return spoil


def _each_row_one_answer(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({name: part["x1"] for name in ITEMS})


def _few_different_rows(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return part.iloc[rng.integers(0, 5, len(part))]


def _sum_of_others(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return part.assign(x3=part["x1"] + part["x2"])


def _noise(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(rng.integers(1, 6, part.shape).astype(float), columns=ITEMS)


def _copied(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return part.assign(x6=part["x5"])


def _with_gaps(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return part.mask(rng.random(part.shape) < 0.05)


def _two_answers(part: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return (part > 3).astype(float) * 4 + 1


KINDS: dict[str, Spoil] = {
    "constant item": _set(["x2"], 3.0),
    "constant marker": _set(["x1"], 5.0),
    "constant scale": _set(["x5", "x6", "x7"], 1.0),
    "everything constant": _set(ITEMS, 4.0),
    "straight-lining": _each_row_one_answer,
    "some straight-lining": _set(ITEMS, 3.0, 0.3),
    "ceiling": _set(ITEMS, 5.0, 0.8),
    "near-ceiling of one item": _set(["x4"], 5.0, 0.97),
    "duplicated item": _copied,
    "few different rows": _few_different_rows,
    "dependent items": _sum_of_others,
    "item never answered": _set(["x3"], np.nan),
    "scale never answered": _set(["x5", "x6", "x7"], np.nan),
    "nothing answered": _set(ITEMS, np.nan),
    "missing here and there": _with_gaps,
    "fewer rows than items": lambda part, rng: part.iloc[:6],
    "one row": lambda part, rng: part.iloc[:1],
    "few rows": lambda part, rng: part.iloc[:15],
    "noise": _noise,
    "infinite": _set(["x1"], np.inf, 0.02),
    "reversed marker": lambda part, rng: part.assign(x1=6 - part["x1"]),
    "two answers only": _two_answers,
}
SAID_NOTHING = {"few rows", "noise", "reversed marker", "missing here and there"}
LEFT_OUT = {"constant scale", "everything constant", "straight-lining", "few different rows"}
LEFT_OUT |= {"scale never answered", "nothing answered", "fewer rows than items", "one row"}


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_other_groups_are_fitted_and_the_account_is_clear(kind: str, estimator: str) -> None:
    rng = np.random.default_rng(17)
    parts = {name: _answers(rng) for name in ("one", "bad", "two")}
    parts["bad"] = KINDS[kind](parts["bad"], rng)
    data = pd.concat([part.assign(by=name) for name, part in parts.items()], ignore_index=True)
    fit = sem.fit(MODEL, data, "by", **ESTIMATORS[estimator], group_equal=["loadings"])  # type: ignore[arg-type]
    assert {"one", "two"} <= set(fit.groups)
    assert set(fit.groups) | set(fit.dropped) == {"one", "bad", "two"}
    assert kind not in LEFT_OUT or "bad" in fit.dropped
    for group in ("one", "two"):
        assert fit.group_outcome[group].usable
    good = fit.params[fit.params["group"].isin(["one", "two"])]
    assert np.isfinite(good[["est", "se", "std_all", "std_all_se"]].to_numpy(float)).all()
    assert fit.measures["df"] > 0 and np.isfinite(fit.measures["chisq"])
    if kind not in SAID_NOTHING:
        assert len(fit.screening) or fit.dropped
        assert set(fit.screening["group"]) == {"bad"}
    assert all(reason in repr(fit) for reason in fit.dropped.values())
