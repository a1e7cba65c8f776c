"""How the model fits a group alone where items stand in the place of parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.items import on_items
from vaar.errors import DataError
from vaar.sem.model.parameters import specify
from vaar.study.model import Study

LEAST_PER_ITEM = 2
"""Complete sessions for each item below which no such model is fitted."""


@dataclass(frozen=True)
class ItemFit:
    """Fit of the model on items: ML of complete sessions.

    Attributes
    ----------
    cfi, rmsea, srmr : float
    df : int
    items : int
    """

    cfi: float
    rmsea: float
    srmr: float
    df: int
    items: int


def item_fits(scores: pd.DataFrame, study: Study, groups: Sequence[str]) -> dict[str, ItemFit]:
    """Fit the model on items to each of these groups alone.

    Parcels hide misfit of single items; this shows it, and decides nothing. A group with too few
    complete sessions, or without a solution, is left out, and all are where the model has no
    parcels or cannot be put on items.
    """
    try:
        model = on_items(study.structural_model, study)
    except DataError:
        return {}
    items = [name for name in specify(model).observed if name in scores]
    if model == study.structural_model or len(items) < len(specify(model).observed):
        return {}
    found, by_group = {}, scores.groupby("group", sort=False, observed=True).indices
    answers = scores[items]
    for group in groups:
        rows = answers.iloc[by_group[group]].dropna()
        if len(rows) < LEAST_PER_ITEM * len(items):
            continue
        try:
            fit = sem.fit(model, rows, std_lv=True)
        except DataError:
            continue
        if fit.outcome.usable:
            m = fit.measures
            found[group] = ItemFit(
                float(m["cfi"]), float(m["rmsea"]), float(m["srmr"]), int(m["df"]), len(items)
            )
    return found
