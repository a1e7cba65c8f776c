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

ORDER = "order"

FEWEST_PER_PLACE = 10
"""Sessions that each indicator of a place needs where orders are too many to be told apart: every
indicator takes a degree of freedom that the errors of the fit know nothing of."""


def adjusted_scores(
    scores: pd.DataFrame, factors: pd.DataFrame, variables: Sequence[str], names: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Take the additive effects of design factors out of every score, group by group.

    Within a group each variable is regressed on indicators of the factors' levels; what remains,
    about the group's mean, takes its place. By the Frisch–Waugh–Lovell theorem the paths are then
    those of a model in which every variable has its own effect of every factor. Of orders that are
    too many for an indicator each, the places of the questionnaires have indicators.

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
        found = {name: _indicators(own[name]) for name in names if varies(own[name])}
        columns = {name: columns for name, columns in found.items() if columns is not None}
        if columns:
            told[str(group)] = list(columns)
            values = rows[list(variables)].to_numpy(float)
            design = np.column_stack([np.ones(len(rows)), *columns.values()])
            out.loc[rows.index, list(variables)] = _freed(values, design)
    return out, told


def varies(factor: pd.Series) -> bool:
    """Whether every session of a group was given the factor, and not all the same of it."""
    return bool(factor.notna().all()) and factor.nunique() > 1


def _indicators(factor: pd.Series) -> np.ndarray | None:
    """Indicators of the levels, or of what makes them; None where they are too many."""
    if factor.nunique() <= min(MAX_LEVELS, len(factor) // FEWEST_PER_LEVEL):
        return pd.get_dummies(factor.astype(str), drop_first=True, dtype=float).to_numpy()
    if factor.name != ORDER:
        return None
    places = _places(factor)
    enough = len(factor) >= FEWEST_PER_PLACE * (places.shape[1] + 1)
    return places if enough and places.shape[1] else None


def _places(order: pd.Series) -> np.ndarray:
    """For each questionnaire but one, in which place it was asked, the first place apart."""
    asked = [str(own).split() for own in order]
    codes = sorted(set().union(*asked))[1:]
    place = pd.DataFrame([{c: own.index(c) if c in own else -1 for c in codes} for own in asked])
    varying = place.loc[:, place.nunique() > 1].astype("category")
    return pd.get_dummies(varying, drop_first=True, dtype=float).to_numpy()


def _freed(values: np.ndarray, design: np.ndarray) -> np.ndarray:
    freed = values.copy()
    for k, column in enumerate(values.T):
        there = np.isfinite(column)
        if there.any():
            effects, *_ = np.linalg.lstsq(design[there], column[there], rcond=None)
            freed[there, k] += column[there].mean() - design[there] @ effects
    return freed
