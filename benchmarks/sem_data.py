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
