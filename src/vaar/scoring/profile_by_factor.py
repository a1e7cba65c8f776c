"""The profile by level of each design factor: do order, options or wording move the means?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from vaar.scoring.design_factors import MAX_LEVELS, levels
from vaar.scoring.profile import mean_with_interval
from vaar.scoring.scales import scales
from vaar.study.model import Study

COLUMNS = (
    *("group", "factor", "level", "scale", "n", "mean", "sd", "ci_lower", "ci_upper"),
    *("n_sessions", "instrument", "title"),
)


def described_factors(design_factors: pd.DataFrame) -> list[str]:
    """Factors with at least two levels and at most :data:`MAX_LEVELS`, replicates left out."""
    counts = design_factors.drop(columns="replicate", errors="ignore").nunique()
    return [str(name) for name in counts.index[(counts > 1) & (counts <= MAX_LEVELS)]]


def profile_by_factor(
    scores: pd.DataFrame, design_factors: pd.DataFrame, study: Study
) -> pd.DataFrame:
    """Describe every group on every scale at every level of the factors that varied.

    Parameters
    ----------
    scores : DataFrame
        From :func:`vaar.scoring.scales.score`.
    design_factors : DataFrame
        From :func:`vaar.scoring.design_factors.design_factors`, of the same rows.

    Returns
    -------
    DataFrame
        One row per group × factor × level × scale: ``n_sessions`` of that level, ``n`` of them
        with a score, and mean, sd and 95 % Student interval of the scores as in
        :func:`vaar.scoring.profile.profile`.
    """
    rows = [
        {"group": group, "factor": factor, "level": level, **row}
        for factor in described_factors(design_factors)
        for group, members in scores.groupby("group", sort=False, observed=True)
        for level, there in _by_level(members, design_factors[factor])
        for row in _rows(there, study)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _by_level(members: pd.DataFrame, factor: pd.Series) -> Iterator[tuple[str, pd.DataFrame]]:
    own = factor.loc[members.index]
    for level in levels(own):
        yield level, members[own.eq(level).fillna(False).to_numpy(dtype=bool)]


def _rows(members: pd.DataFrame, study: Study) -> Iterator[dict[str, Any]]:
    for scale in scales(study):
        yield {
            "scale": scale.code,
            **mean_with_interval(members[scale.code].to_numpy(dtype=float)),
            "n_sessions": len(members),
            "instrument": scale.instrument,
            "title": scale.title,
        }
