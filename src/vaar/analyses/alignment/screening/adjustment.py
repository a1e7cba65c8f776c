"""Scores freed of what the study itself varied: orders, directions of the options, wordings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vaar.scoring.design_factors import MAX_LEVELS

DESIGN = ("order", "options", "wording")
"""What is adjusted for wherever it varies within a group."""

FEWEST_PER_LEVEL = 5
"""Sessions a level of each factor needs on average; with fewer the factor is left as it is."""


def adjusted_scores(
    scores: pd.DataFrame, factors: pd.DataFrame, variables: Sequence[str], names: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Take the additive effects of design factors out of every score, group by group.

    Within a group each variable is regressed on indicators of the factors' levels; what remains,
    about the group's mean, takes its place. By the Frisch–Waugh–Lovell theorem the paths are then
    those of a model in which every variable has its own effect of every factor.

    Parameters
    ----------
    scores : DataFrame
        One row a session: ``group`` and the variables.
    factors : DataFrame
        What each session was given, indexed as the scores.
    variables : sequence of str
        Columns to be adjusted; missing values stay missing.
    names : sequence of str
        Factors; one that does not vary in a group is passed over there.

    Returns
    -------
    DataFrame, dict
        The scores, and by group the factors that were taken out.
    """
    out = scores.copy()
    told: dict[str, list[str]] = {}
    for group, rows in scores.groupby("group", sort=False, observed=True):
        own = factors.loc[rows.index, list(names)]
        varying = [name for name in names if _adjustable(own[name])]
        if varying:
            told[str(group)] = varying
            values = rows[list(variables)].to_numpy(float)
            out.loc[rows.index, list(variables)] = _freed(values, _indicators(own[varying]))
    return out, told


def _adjustable(factor: pd.Series) -> bool:
    levels = factor.nunique()
    most = min(MAX_LEVELS, len(factor) // FEWEST_PER_LEVEL)
    return bool(factor.notna().all()) and 2 <= levels <= most


def _indicators(factors: pd.DataFrame) -> np.ndarray:
    columns = pd.get_dummies(factors.astype(str), drop_first=True, dtype=float).to_numpy()
    return np.column_stack([np.ones(len(factors)), columns])


def _freed(values: np.ndarray, design: np.ndarray) -> np.ndarray:
    freed = values.copy()
    for k, column in enumerate(values.T):
        there = np.isfinite(column)
        if there.any():
            effects, *_ = np.linalg.lstsq(design[there], column[there], rcond=None)
            freed[there, k] += column[there].mean() - design[there] @ effects
    return freed
