"""Groups whose sessions repeat one another: answers copied are no evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

FEWEST_PATTERNS = 50
"""A group with fewer different patterns of answers is not analysed."""

LEAST_DISTINCT = 0.25
"""Nor is one in which less than this share of the sessions has a pattern of its own."""


def distinct_patterns(answers: pd.DataFrame) -> int:
    """How many different rows there are, a missing answer being taken as the most frequent one.

    A row without any answer is none.
    """
    answered = answers.dropna(how="all")
    if answered.empty:
        return 0
    modes = answered.mode().reindex(columns=answered.columns).iloc[0]
    return int((~answered.fillna(modes).duplicated()).sum())


def refused_for_copies(scores: pd.DataFrame, items: Sequence[str]) -> dict[str, str]:
    """Groups with too few patterns of answers, each with the reason in words.

    Parameters
    ----------
    scores : DataFrame
        One row a session: ``group`` and the item answers.
    """
    refused = {}
    for group, rows in scores.groupby("group", sort=False, observed=True):
        distinct, n = distinct_patterns(rows[list(items)]), len(rows)
        if distinct < FEWEST_PATTERNS or distinct < LEAST_DISTINCT * n:
            refused[str(group)] = _told(distinct, n)
    return refused


def _told(distinct: int, n: int) -> str:
    if distinct == n:
        return f"it has {n} sessions with answers, and {FEWEST_PATTERNS} at least are needed"
    return (
        f"its {n:,} sessions hold only {distinct:,} different patterns of answers, the others are "
        f"copies: {FEWEST_PATTERNS} patterns, and one in every {1 / LEAST_DISTINCT:.0f} sessions, "
        "are needed"
    )
