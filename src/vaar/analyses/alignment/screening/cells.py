"""Cells of a design with too few sessions for paths of their own."""

from __future__ import annotations

from dataclasses import replace

from vaar.analyses.alignment.screening.screen import Screened
from vaar.analyses.base import Coded
from vaar.vocabulary import HUMAN

FEWEST_PER_CELL = 150
"""Sessions that paths of a single cell take: at fewer their differences cannot be seen."""


def without_small_cells(screened: Screened, data: Coded) -> Screened:
    """Leave out groups that are cells of facts, drawn for every session, and are too small.

    Groups that no fact of the study splits stay as they are, and so do people.
    """
    facts = [fact.name for fact in data.study.variation.facts if fact.name in data.by]
    if not facts:
        return screened
    counts = screened.scores["group"].value_counts()
    cells = _cells_of_each(data)
    refused = {
        str(group): too_small(int(n), " × ".join(facts), cells.get(str(group), 1))
        for group, n in counts.items()
        if group != HUMAN and n < FEWEST_PER_CELL
    }
    kept = screened.scores[~screened.scores["group"].isin(list(refused))]
    return replace(screened, scores=kept, refused={**screened.refused, **refused})


def too_small(n: int, facts: str, cells: int) -> str:
    """Why a cell has no paths, and how many sessions it takes."""
    return (
        f"paths by {facts} take {FEWEST_PER_CELL} sessions a cell, and this one has {n}: ask "
        f"{FEWEST_PER_CELL * cells:,} sessions of the respondent for its {cells} cells"
    )


def _cells_of_each(data: Coded) -> dict[str, int]:
    """Into how many groups the respondent of each group is split in its condition."""
    groups = data.groups[~data.groups["people"].astype(bool)]
    size = groups.groupby(["respondent", "condition"])["group"].transform("size")
    return dict(zip(groups["group"].astype(str), size.astype(int), strict=True))
