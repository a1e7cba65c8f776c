"""The sessions of respondents under one condition, as the stability analysis takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.scoring.scales import scales
from vaar.study.model import Study

Array = NDArray[np.float64]

FEWEST_SESSIONS = 8
"""A group with fewer sessions that have all scales is left out."""


@dataclass(frozen=True)
class Cell:
    """Respondents under one condition, real or simulated ones.

    Attributes
    ----------
    scales : tuple of str
        Codes of the scales.
    groups : tuple of str
    samples : tuple of ndarray, shape (nᵢ, S)
        Complete scores of each group's sessions, in the order they were planned.
    """

    condition: str
    levels: str
    simulated: bool
    scales: tuple[str, ...]
    groups: tuple[str, ...]
    samples: tuple[Array, ...]

    @property
    def where(self) -> dict[str, object]:
        """What tells the cell from others, for a row of a table."""
        return {"condition": self.condition, "levels": self.levels, "simulated": self.simulated}

    def column(self, scale: int) -> list[Array]:
        """The scores of one scale, by group."""
        return [one[:, scale] for one in self.samples]

    @property
    def varying(self) -> tuple[Array, ...]:
        """Samples of the groups whose covariances can be inverted."""
        return tuple(one for one in self.samples if _has_full_rank(one))


def whole_scales(study: Study) -> tuple[str, ...]:
    """The scores of whole questionnaires: a profile."""
    return tuple(scale.code for scale in scales(study) if scale.code == scale.instrument)


def cells(scores: pd.DataFrame, groups: pd.DataFrame, study: Study) -> Iterator[Cell]:
    """Every condition under which two respondents or more have sessions enough."""
    names = whole_scales(study)
    asked = groups[~groups["people"].astype(bool)]
    if not names:
        return
    ordered = scores.sort_values("session").dropna(subset=list(names))
    by_group = {str(name): own for name, own in ordered.groupby("group", observed=True)}
    keys = ["condition", "levels", "simulated"]
    for (condition, levels, simulated), own in asked.groupby(keys, sort=False):
        found = {
            name: by_group[name][list(names)].to_numpy(float)
            for name in map(str, own["group"])
            if name in by_group and len(by_group[name]) >= FEWEST_SESSIONS
        }
        if len(found) > 1:
            where = (str(condition), str(levels), bool(simulated))
            yield Cell(*where, names, tuple(found), tuple(found.values()))


def batch_means(sample: Array, batches: int) -> Array:
    """Means of consecutive batches of sessions of about equal size."""
    return np.array([part.mean() for part in np.array_split(sample, batches)])


def _has_full_rank(sample: Array) -> bool:
    covariance = np.atleast_2d(np.cov(sample, rowvar=False))
    enough = len(sample) > sample.shape[1] + 1
    return bool(enough and np.linalg.matrix_rank(covariance, tol=1e-8) == sample.shape[1])
