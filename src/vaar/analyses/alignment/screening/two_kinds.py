"""Groups of two kinds of sessions: some that are all the same, and others that vary widely.

A model that nearly always answers alike has many sessions that depart from its most frequent
answers a little. Where sessions repeat each other and hardly any is near them without being the
same, a path may be nothing but the distance of the one pattern from the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.screening.copies import ENOUGH_ITEMS, LEAST_OWN, filled_in
from vaar.analyses.alignment.screening.near_copies import OFF_THE_MODE
from vaar.analyses.notes import Note
from vaar.vocabulary import HUMAN

LEAST_FAR = 0.25
"""Share of sessions that must vary widely for the others to be another kind."""

LEAST_ANSWERED = 0.5
"""Sessions with less of the items answered are alike because nothing is there, and do not count."""


def two_kinds(scores: pd.DataFrame, items: Sequence[str]) -> dict[str, Note]:
    """What must be said of groups in which so many sessions are another one that none is near to.

    Parameters
    ----------
    scores : DataFrame
        One row a session: ``group`` and the item answers. People are left aside.
    """
    if len(items) < ENOUGH_ITEMS:
        return {}
    said: dict[str, Note] = {}
    answers = scores[list(items)].to_numpy(dtype=float)
    for group, places in scores.groupby("group", sort=False, observed=True).indices.items():
        same = _same(answers[places]) if group != HUMAN else 0
        if same:
            said[str(group)] = notes.two_kinds(same, len(places))
    return said


def _same(answers: NDArray[np.float64]) -> int:
    """Sessions that are one of few patterns, apart from which the group varies widely; else 0."""
    filled, modes = filled_in(answers[np.isfinite(answers).mean(axis=1) >= LEAST_ANSWERED])
    if not len(filled):
        return 0
    patterns, counts = np.unique(filled, axis=0, return_counts=True)
    far = (patterns != modes).sum(axis=1) >= OFF_THE_MODE
    repeated = counts > 1
    repeats = int((counts - 1).sum())
    near_alone = int((~far & ~repeated).sum())
    enough = repeats > (1 - LEAST_OWN) * len(filled) and 2 * near_alone < repeats
    varies = int((far & ~repeated).sum()) >= LEAST_FAR * len(filled)
    return int(counts[repeated].sum()) if enough and varies else 0
