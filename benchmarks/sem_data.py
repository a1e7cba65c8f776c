"""Simulated answers to three questionnaires, and the model that is fitted to them.

All figures made from these data are simulated.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SCALES = {"privacy": 8, "prosocial": 12, "aods": 12}
MODEL = "\n".join(
    [
        *(
            f"{scale} =~ " + " + ".join(f"{scale}{i}" for i in range(1, count + 1))
            for scale, count in SCALES.items()
        ),
        "aods ~ privacy + prosocial",
        "privacy ~~ prosocial",
    ]
)
ITEMS = [f"{scale}{i}" for scale, count in SCALES.items() for i in range(1, count + 1)]
THRESHOLDS = (-1.4, -0.5, 0.4, 1.3)


def answers(groups: int, rows: int = 200, seed: int = 20260101) -> pd.DataFrame:
    """Five-point answers of several groups with the same loadings and different paths.

    Parameters
    ----------
    groups, rows : int
        How many groups, and how many rows each.

    Returns
    -------
    DataFrame
        A column ``group`` and one for each of the 32 items, coded 1 to 5.
    """
    parts = [_group(np.random.default_rng([seed, number]), rows) for number in range(groups)]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "group", np.repeat([f"g{number + 1:03d}" for number in range(groups)], rows))
    return table


def clustered(
    items: int, factors: int, clusters: int, groups: int, seed: int = 20261129
) -> pd.DataFrame:
    """Answers of rows in clusters of 4 to 12, with the same factors at both levels.

    Returns
    -------
    DataFrame
        Columns ``group`` and ``cluster`` and one for each item, y1, y2, …
    """
    rng = np.random.default_rng([seed, items, groups])
    at = np.repeat(np.arange(clusters * groups), rng.integers(4, 13, clusters * groups))
    own, loading = np.arange(items) % factors, np.linspace(0.9, 0.6, items)
    related = 0.5 * (np.eye(factors) + 1)
    none = np.zeros(factors)
    inner = rng.multivariate_normal(none, related, len(at))[:, own] * loading
    outer = rng.multivariate_normal(none, 0.3 * related, clusters * groups)[:, own] * loading
    values = inner + outer[at] + 0.6 * rng.standard_normal((len(at), items))
    values += 0.3 * rng.standard_normal((clusters * groups, items))[at]
    table = pd.DataFrame(values, columns=[f"y{i + 1}" for i in range(items)])
    return table.assign(group=[f"g{number + 1}" for number in at // clusters], cluster=at)


def two_level_model(items: int, factors: int) -> str:
    """The model of :func:`clustered`."""
    lines = [
        f"f{k + 1} =~ " + " + ".join(f"y{i + 1}" for i in range(k, items, factors))
        for k in range(factors)
    ]
    return "\n".join(["level: 1", *lines, "level: 2", *lines])


def _group(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    privacy = rng.standard_normal(rows)
    prosocial = 0.3 * privacy + rng.standard_normal(rows)
    paths = rng.uniform([-0.6, 0.2], [-0.2, 0.6])
    aods = paths[0] * privacy + paths[1] * prosocial + 0.8 * rng.standard_normal(rows)
    factors = np.column_stack([privacy, prosocial, aods])
    owner = np.repeat(np.arange(3), list(SCALES.values()))
    loadings = np.concatenate([np.linspace(0.9, 0.6, count) for count in SCALES.values()])
    latent = factors[:, owner] * loadings + 0.7 * rng.standard_normal((rows, len(ITEMS)))
    coded = 1 + np.searchsorted(THRESHOLDS, latent + 0.1 * rng.standard_normal(len(ITEMS)))
    return pd.DataFrame(coded, columns=ITEMS)
