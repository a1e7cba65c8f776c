"""Groups whose sessions repeat one another: answers copied are no evidence.

A model that nearly always answers alike repeats itself without copying: its sessions coincide where
they give the most frequent answers. Sessions that depart from those at several items do not
coincide by chance in a questionnaire of some length; where they do, they are copies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vaar.vocabulary import HUMAN

Floats = NDArray[np.float64]

FEWEST_PATTERNS = 50
"""A group with fewer different patterns of answers is not analysed."""

LEAST_DISTINCT = 0.25
"""Nor is one in which less than this share of the sessions has a pattern of its own."""

ENOUGH_ITEMS = 20
"""With fewer items sessions may well coincide by chance, wherever they are."""

OFF_THE_MODE = 4
"""Items at which a session must depart from the most frequent answers to be looked at."""

LEAST_OWN = 0.85
"""Share of such sessions that must have a pattern of its own. Copies make standard errors too small
by √share, so that 95 % intervals decide P(|z| > 1.96 √share) of paths without effect: .07 here."""

FEWEST_OFF = 20
"""Fewer such sessions are not judged."""


def distinct_patterns(answers: ArrayLike) -> int:
    """How many different rows there are, a missing answer being taken as the most frequent one.

    A row without any answer is none.
    """
    return _distinct(filled_in(np.asarray(answers, dtype=float))[0])


def filled_in(answers: Floats) -> tuple[Floats, Floats]:
    """The rows with an answer, the most frequent answer to each item in place of a missing one; and
    these, the smallest of those that are equally frequent."""
    kept = answers[np.isfinite(answers).any(axis=1)]
    values = np.unique(kept[np.isfinite(kept)])
    counts = np.array([(kept == value).sum(axis=0) for value in values])
    if not values.size:
        return kept, np.full(answers.shape[1], np.nan)
    modes = np.where(counts.any(axis=0), values[counts.argmax(axis=0)], np.nan)
    return np.where(np.isfinite(kept), kept, modes), modes


def _distinct(rows: Floats) -> int:
    return len({row.tobytes() for row in rows})


def refused_for_copies(scores: pd.DataFrame, items: Sequence[str]) -> dict[str, str]:
    """Groups with too few patterns of answers, each with the reason in words.

    Parameters
    ----------
    scores : DataFrame
        One row a session: ``group`` and the item answers. People are refused for copies only: they
        may be few, as their errors tell, and many coincide in a short questionnaire.
    """
    refused, answers = {}, scores[list(items)].to_numpy(dtype=float)
    places = scores.groupby("group", sort=False, observed=True).indices
    for group in dict.fromkeys(scores["group"]):
        filled, modes = filled_in(answers[places[group]])
        distinct, n = _distinct(filled), len(places[group])
        people = group == HUMAN
        judged = not people or len(items) >= ENOUGH_ITEMS
        few = distinct < FEWEST_PATTERNS and not people
        if few or (judged and distinct < LEAST_DISTINCT * n):
            refused[str(group)] = _told(distinct, n, "people" if people else "sessions")
        elif why := _copied(filled, modes, "people" if people else "sessions"):
            refused[str(group)] = why
    return refused


def _copied(filled: Floats, modes: Floats, noun: str) -> str:
    """Why sessions far from the most frequent answers are copies; empty where they are not."""
    if filled.shape[1] < ENOUGH_ITEMS:
        return ""
    apart = filled[_far(filled, modes)]
    repeated = len(apart) - _distinct(apart)
    if len(apart) < FEWEST_OFF or len(apart) - repeated >= LEAST_OWN * len(apart):
        return ""
    return (
        f"of its {len(apart):,} {noun} that depart from the most frequent answers at "
        f"{OFF_THE_MODE} items or more, {repeated:,} repeat another one answer by answer, as only "
        f"copies do; at most {1 - LEAST_OWN:.0%} may"
    )


def off_the_mode(answers: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Rows that depart from the most frequent answers at several items.

    Returns
    -------
    places, filled : ndarray
        Where they are, and their answers, none missing.
    """
    there = np.flatnonzero(np.isfinite(answers).any(axis=1))
    filled, modes = filled_in(answers)
    far = _far(filled, modes)
    return there[far], filled[far]


def _far(filled: Floats, modes: Floats) -> NDArray[np.bool_]:
    far: NDArray[np.bool_] = (filled != modes).sum(axis=1) >= OFF_THE_MODE
    return far


def _told(distinct: int, n: int, noun: str) -> str:
    if distinct == n:
        return f"it has {n} {noun} with answers, and {FEWEST_PATTERNS} at least are needed"
    if distinct == 1:
        found = f"its {n:,} {noun} are all the same pattern of answers"
    else:
        found = (
            f"its {n:,} {noun} hold only {distinct:,} different patterns of answers, the others "
            "are copies"
        )
    return (
        f"{found}: {FEWEST_PATTERNS} patterns, and one in every {1 / LEAST_DISTINCT:.0f} {noun}, "
        "are needed"
        if noun == "sessions"
        else f"{found}: each may stand there once"
    )
