"""Groups of which so few sessions tell of the paths that verdicts err more often than promised."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vaar.analyses.alignment import notes
from vaar.analyses.notes import Note
from vaar.sem.model.parameters import specify

ENOUGH_SESSIONS = 100
"""The smallest number with which verdicts were found to be wrong as seldom as the documentation
says (docs/quality/rates.csv)."""


def few_sessions(scores: pd.DataFrame, model: str, groups: Sequence[str]) -> dict[str, list[Note]]:
    """What must be said of those of the fitted groups that have few sessions.

    Parameters
    ----------
    scores : DataFrame
        One row a session that is analysed: ``group`` and the observed variables of the model.
    """
    told = scores["group"].where(_tell(scores, model)).value_counts()
    counts = {group: int(told.get(group, 0)) for group in groups}
    return {
        group: [notes.few_sessions(n, ENOUGH_SESSIONS)]
        for group, n in counts.items()
        if n < ENOUGH_SESSIONS
    }


def _tell(scores: pd.DataFrame, model: str) -> pd.Series:
    """Sessions with an answer to something of every latent variable: the others tell of no path."""
    whole = pd.Series(True, scores.index)
    for indicators in specify(model).indicators.values():
        own = [name for name in indicators if name in scores]
        whole &= scores[own].notna().any(axis=1) if own else True
    return whole
