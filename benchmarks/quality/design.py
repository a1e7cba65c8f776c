"""The simulation study: its population, its cells, and one replicate of a cell.

Two groups with the same population, so that every null hypothesis tested is true. Nine items
measure three factors; ``aods`` is predicted by the two others, with the signs that are expected of
people. All parameters compared are completely standardised ones, of the latent responses where
items are ordinal.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

import vaar.sem as sem

FACTORS = ("privacy", "prosocial", "aods")
LOADINGS = (0.85, 0.8, 0.7)
CORRELATION = 0.3
PATHS = (-0.3, 0.4)
CUTS = (0.0, 0.67, 1.17, 1.75)  # 50, 25, 13, 8 and 4 % of the answers: skewness 1.2
GROUPS = 2
MISSING = 0.20
SIZES = (100, 200, 500)
ESTIMATORS = ("ML", "MLR", "FIML", "FIML-MLR", "WLSMV")
SHAPES = ("normal", "skewed")
ITEMS = tuple(f"{factor}{i + 1}" for factor in FACTORS for i in range(len(LOADINGS)))
MODEL = "\n".join(
    [
        *(
            f"{factor} =~ " + " + ".join(f"{factor}{i + 1}" for i in range(len(LOADINGS)))
            for factor in FACTORS
        ),
        "aods ~ privacy + prosocial",
        "privacy ~~ prosocial",
    ]
)
TRUTH = np.array([*LOADINGS * len(FACTORS), *PATHS, CORRELATION])
KINDS = np.array(["loading"] * len(ITEMS) + ["path"] * 2 + ["correlation"])


@dataclass(frozen=True)
class Cell:
    """One condition of the study; ``n`` is the number of rows in each group."""

    shape: str
    n: int
    estimator: str

    @property
    def name(self) -> str:
        return f"{self.shape}-{self.n}-{self.estimator}"


@dataclass(frozen=True)
class Replicate:
    """What one replicate yields.

    Attributes
    ----------
    est, se : (GROUPS, len(TRUTH)) arrays
        Standardised estimates of the metric model; NaN where it has none.
    p : (3,) array
        p-values of the configural model, of the metric model, and of their difference.
    usable, admissible : bool
        Whether the metric fit has estimates of both groups, and no negative variance.
    """

    est: np.ndarray
    se: np.ndarray
    p: np.ndarray
    usable: bool
    admissible: bool


def cells(estimators: tuple[str, ...] = ESTIMATORS) -> list[Cell]:
    """All conditions; WLSMV has none for continuous items."""
    every = [Cell(*parts) for parts in product(SHAPES, SIZES, estimators)]
    return [cell for cell in every if not (cell.estimator == "WLSMV" and cell.shape == "normal")]


def draw(cell: Cell, seed: int) -> pd.DataFrame:
    """Data of one replicate: the same for all estimators at the same shape, n and seed."""
    rng = np.random.default_rng([seed, cell.n, SHAPES.index(cell.shape)])
    rows = GROUPS * cell.n
    privacy, rest = rng.standard_normal((2, rows))
    prosocial = CORRELATION * privacy + np.sqrt(1 - CORRELATION**2) * rest
    explained = PATHS[0] ** 2 + PATHS[1] ** 2 + 2 * CORRELATION * PATHS[0] * PATHS[1]
    aods = PATHS[0] * privacy + PATHS[1] * prosocial
    aods += np.sqrt(1 - explained) * rng.standard_normal(rows)
    loadings = np.tile(LOADINGS, len(FACTORS))
    factors = np.repeat(np.column_stack([privacy, prosocial, aods]), len(LOADINGS), axis=1)
    answers = factors * loadings + np.sqrt(1 - loadings**2) * rng.standard_normal(factors.shape)
    if cell.shape == "skewed":
        answers = 1.0 + np.searchsorted(CUTS, answers)
    if cell.estimator.startswith("FIML"):
        answers[rng.random(answers.shape) < MISSING] = np.nan
    data = pd.DataFrame(answers, columns=ITEMS)
    data.insert(0, "group", np.repeat([f"g{g + 1}" for g in range(GROUPS)], cell.n))
    return data


def replicate(cell: Cell, seed: int) -> Replicate:
    """Draw, fit configural and metric models, and keep what the study needs."""
    data = draw(cell, seed)
    configural, metric = _fit(cell, data, ()), _fit(cell, data, ("loadings",))
    test = "pvalue" if cell.estimator in ("ML", "FIML") else "pvalue_scaled"
    usable = [fit.outcome.usable and not fit.dropped for fit in (configural, metric)]
    p = np.full(3, np.nan)
    if usable[0]:
        p[0] = configural.measures[test]
    if usable[1]:
        p[1] = metric.measures[test]
    if all(usable):
        p[2] = sem.compare(metric, configural).pvalue
    admissible = metric.outcome is sem.Outcome.CONVERGED
    est, se = _estimates(metric)
    return Replicate(est, se, p, usable[1], usable[1] and admissible)


def _fit(cell: Cell, data: pd.DataFrame, equal: tuple[str, ...]) -> sem.Fit:
    if cell.estimator == "WLSMV":
        return sem.fit(
            MODEL, data, group="group", estimator="WLSMV", ordered=True, group_equal=equal
        )
    return sem.fit(
        MODEL,
        data,
        group="group",
        estimator="MLR" if cell.estimator.endswith("MLR") else "ML",
        missing="fiml" if cell.estimator.startswith("FIML") else "listwise",
        group_equal=equal,
    )


def _estimates(fit: sem.Fit) -> tuple[np.ndarray, np.ndarray]:
    out = np.full((2, GROUPS, len(TRUTH)), np.nan)
    if not fit.outcome.usable or fit.dropped:
        return out[0], out[1]
    table = fit.params.set_index(["group", "op", "lhs", "rhs"]).sort_index()
    keys = [("=~", item[:-1], item) for item in ITEMS]
    keys += [("~", "aods", name) for name in FACTORS[:2]] + [("~~", *FACTORS[:2])]
    for number in range(GROUPS):
        rows = table.loc[[(f"g{number + 1}", *key) for key in keys]]
        out[0, number], out[1, number] = rows["std_all"], rows["std_all_se"]
    return out[0], out[1]
