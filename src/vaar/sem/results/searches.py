"""What searches from several starts found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.model.matrices import Structure, imply
from vaar.sem.solution.several_starts import SAME, Attempt
from vaar.sem.solution.solve import Solution
from vaar.sem.solution.standardise import standardised_values

if TYPE_CHECKING:
    import pandas as pd


def search_table(
    attempts: Sequence[Attempt], solution: Solution, structure: Structure
) -> pd.DataFrame:
    """Each search beside the solution that was taken."""
    import pandas as pd

    return pd.DataFrame(
        {
            "start": [attempt.start for attempt in attempts],
            "converged": [bool(np.isfinite(attempt.loss)) for attempt in attempts],
            "chisq_above": _above(attempts),
            "largest_difference": [_difference(one, solution, structure) for one in attempts],
        }
    )


def searches_line(attempts: Sequence[Attempt]) -> str:
    """Where several searches disagree, that they do; empty where they agree."""
    above = _above(attempts)
    elsewhere = above[above > 2 * SAME]
    failed = int(np.isnan(above).sum())
    if len(attempts) < 2 or not (len(elsewhere) or failed):
        return ""
    parts = []
    if len(elsewhere):
        most = f"{elsewhere.max():.3g}"
        parts.append(f"{len(elsewhere)} ended at other minima, with χ² up to {most} higher")
    if failed:
        parts.append(f"{failed} did not end")
    return f"of {len(attempts)} searches, {' and '.join(parts)}: see .searches"


def _above(attempts: Sequence[Attempt]) -> Floats:
    """By how much χ² is above the lowest; NaN where a search did not end."""
    loss = np.array([attempt.loss for attempt in attempts])
    ended = np.isfinite(loss)
    lowest = loss[ended].min() if ended.any() else np.nan
    return np.where(ended, 2 * (np.where(ended, loss, 0.0) - lowest), np.nan)


def _difference(attempt: Attempt, solution: Solution, structure: Structure) -> float:
    implied = imply(attempt.minimum.theta, structure)
    gap = np.abs(standardised_values(attempt.minimum.theta, implied, structure) - solution.std)
    return float(np.nanmax(gap)) if np.isfinite(gap).any() else float("nan")
