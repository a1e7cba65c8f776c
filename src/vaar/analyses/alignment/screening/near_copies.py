"""Groups of which many sessions are another one but for a few items.

Sessions that depart from the most frequent answers at ten items or more do not come that near to
each other by chance. They are no copies answer by answer, and the group is shown; but their errors
are not independent, and it is in no headline.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.screening.copies import ENOUGH_ITEMS, FEWEST_OFF, LEAST_OWN, filled_in
from vaar.analyses.notes import Note
from vaar.vocabulary import HUMAN

OFF_THE_MODE = 10
"""Items at which a session must depart from the most frequent answers to be looked at."""

NEAR = 0.1
"""Two sessions are near where they differ at no more than this share of the items at which the
later one departs from the most frequent answers."""

AROUND = 0.3
"""A session that has others further off than near, up to this share, is no copy of those that are
near: a model whose answers hang on an order or a wording, and vary little besides, looks so."""

MOST_COMPARED = 2_000
"""Of more sessions the first are compared with each other."""


def near_copies(scores: pd.DataFrame, items: Sequence[str]) -> dict[str, Note]:
    """What must be said of groups with more such sessions than copies may be.

    Parameters
    ----------
    scores : DataFrame
        One row a session: ``group``, the item answers, and ``persona`` where there are some.
        Sessions of one persona may be alike, which their errors heed. People are left aside.
    """
    if len(items) < ENOUGH_ITEMS:
        return {}
    said: dict[str, Note] = {}
    answers = scores[list(items)].to_numpy(dtype=float)
    persona = _persona(scores)
    for group, places in scores.groupby("group", sort=False, observed=True).indices.items():
        found, n = _near(answers[places], persona[places])
        if group != HUMAN and n >= FEWEST_OFF and found > (1 - LEAST_OWN) * n:
            said[str(group)] = notes.near_copies(found, n)
    return said


def _persona(scores: pd.DataFrame) -> NDArray[np.int64]:
    """A number for each persona; −1 for a session without one."""
    if "persona" not in scores:
        return np.full(len(scores), -1)
    told = scores["persona"].mask(scores["persona"].eq(""))
    return np.asarray(pd.factorize(told)[0], np.int64)


def _near(answers: NDArray[np.float64], persona: NDArray[np.int64]) -> tuple[int, int]:
    """Sessions near an earlier one of another persona, and those that were compared."""
    there = np.isfinite(answers).any(axis=1)
    filled, modes = filled_in(answers)
    off = (filled != modes).sum(axis=1)
    chosen = np.flatnonzero(off >= OFF_THE_MODE)[:MOST_COMPARED]
    rows, off, persona = filled[chosen], off[chosen], persona[there][chosen]
    apart = _apart(rows)
    near, around = (apart <= share * off[:, None] for share in (NEAR, AROUND))
    alone = near.sum(axis=1) == around.sum(axis=1)
    near &= (persona[:, None] != persona) | (persona < 0)
    return int((np.tril(near, -1).any(axis=1) & alone).sum()), len(rows)


def _apart(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """At how many items each row differs from each."""
    same = np.zeros((len(rows), len(rows)), np.float32)
    for value in np.unique(rows):
        there = (rows == value).astype(np.float32)
        same += there @ there.T
    return np.float32(rows.shape[1]) - same
