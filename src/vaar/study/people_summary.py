"""What a publication tells of people, where there is no table of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PeoplePath:
    """A standardised path in people, with the ends of its 95 % interval."""

    outcome: str
    predictor: str
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class PeopleSummary:
    """Published paths, or the correlations from which they follow.

    Attributes
    ----------
    source : str
    between_studies : float
        τ ≥ 0: standard deviation of a path between studies of people.
    paths : tuple of PeoplePath
    correlations : tuple of (str, str, float)
        Each pair of variables of the structural model, and their correlation in people.
    n : int or None
        The number of people behind the correlations; None without them.
    """

    source: str
    between_studies: float = 0.0
    paths: tuple[PeoplePath, ...] = ()
    correlations: tuple[tuple[str, str, float], ...] = ()
    n: int | None = None


def correlation_matrix(
    names: Sequence[str], correlations: Iterable[tuple[str, str, float]]
) -> list[list[float]]:
    """The rows of the correlation matrix of some variables; 0 for pairs that are not told."""
    rows = [[float(one == other) for other in names] for one in names]
    for one, other, r in correlations:
        i, j = names.index(one), names.index(other)
        rows[i][j] = rows[j][i] = r
    return rows
