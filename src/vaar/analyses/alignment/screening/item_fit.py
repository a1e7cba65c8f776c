"""How the model fits a group alone where items stand in the place of parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.items import on_items
from vaar.analyses.alignment.screening.each_group import Members, of_each_group
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


def item_fits(
    scores: pd.DataFrame,
    study: Study,
    groups: Sequence[str],
    map_chunks: sem.MapChunks | None = None,
) -> dict[str, ItemFit]:
    """Fit the model on items to each of these groups alone, wherever chunks are computed.

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
    return of_each_group(_OnItems(model, len(items)), scores[["group", *items]], groups, map_chunks)


@dataclass(frozen=True)
class _OnItems:
    """How a model of so many items fits each of some groups alone."""

    model: str
    items: int

    def __call__(self, members: Members) -> dict[str, ItemFit]:
        found = {}
        for group, answers in members:
            rows = answers.dropna()
            if len(rows) < LEAST_PER_ITEM * self.items:
                continue
            try:
                fit = sem.fit(self.model, rows, std_lv=True)
            except DataError:
                continue
            if fit.outcome.usable:
                m = fit.measures
                cfi, rmsea, srmr = (float(m[name]) for name in ("cfi", "rmsea", "srmr"))
                found[group] = ItemFit(cfi, rmsea, srmr, int(m["df"]), self.items)
        return found
