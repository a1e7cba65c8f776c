"""What is found of each group alone, some groups at a time, wherever that is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

import vaar.sem as sem

TOGETHER = 20
"""Groups that one process takes at a time."""

Found = TypeVar("Found")
Members = Sequence[tuple[str, pd.DataFrame]]


def of_each_group(
    of_some: Callable[[Members], dict[str, Found]],
    scores: pd.DataFrame,
    groups: Sequence[str],
    map_chunks: sem.MapChunks | None = None,
) -> dict[str, Found]:
    """Gather what is found of these groups, by their names.

    Parameters
    ----------
    of_some : callable
        What is found of some groups, given each with its rows without ``group``.
    map_chunks : callable, optional
        Computes chunks of groups elsewhere; see :func:`vaar.sem.bootstrap`.
    """
    by_group = scores.groupby("group", sort=False, observed=True).indices
    answers = scores.drop(columns="group")
    rows = [(group, answers.iloc[by_group[group]]) for group in groups]
    chunks = [rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER)]
    found: dict[str, Found] = {}
    for part in (map_chunks or map)(of_some, chunks):
        found |= part
    return found
