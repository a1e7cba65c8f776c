"""People's paths as they are published: their sizes, and how surely they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.rate.arrays import Array
from vaar.study.model import PeopleSummary, Study
from vaar.study.people_summary import correlation_matrix
from vaar.study.structural_model import read_structure
from vaar.vocabulary import Z_95

_SEED = 1


@dataclass(frozen=True)
class PublishedPaths:
    """Standardised paths in people, in the order of a study's hypotheses.

    Attributes
    ----------
    estimate, se : ndarray, shape (K,)
        NaN where nothing is published.
    between_studies : float
        τ: standard deviation of a path between studies of people.
    """

    estimate: Array
    se: Array
    between_studies: float = 0.0

    def drawn(self, replicates: int) -> Array:
        """(R, K) paths that studies of as many people might have found; the same in every call."""
        rng = np.random.default_rng(_SEED)
        return self.estimate + self.se * rng.standard_normal((replicates, len(self.estimate)))


def published_paths(study: Study) -> PublishedPaths | None:
    """What a study says was published of people's paths, if anything.

    Correlations are fitted by the regressions of the structural model, among the variables
    themselves, with the standard errors of standardised paths.
    """
    people = study.people
    if people is None:
        return None
    outcomes = frozenset(h.outcome for h in study.hypotheses)
    known = (
        _fitted(people, study.structural_model, outcomes) if people.correlations else _told(people)
    )
    pairs = [known.get(h.path, (np.nan, np.nan)) for h in study.hypotheses]
    estimate, se = np.array(pairs, float).T
    return PublishedPaths(estimate, se, people.between_studies)


def _told(people: PeopleSummary) -> dict[str, tuple[float, float]]:
    return {
        f"{path.outcome} ~ {path.predictor}": (path.value, (path.upper - path.lower) / (2 * Z_95))
        for path in people.paths
    }


@lru_cache(maxsize=8)
def _fitted(
    people: PeopleSummary, structural_model: str, outcomes: frozenset[str]
) -> Mapping[str, tuple[float, float]]:
    """Fitted once, as a calibration asks for them in every data set."""
    pairs = [p for p in read_structure(structural_model).regressions if p[0] in outcomes]
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    matrix = pd.DataFrame(correlation_matrix(names, people.correlations), names, names)
    model = "\n".join(f"{outcome} ~ {predictor}" for outcome, predictor in pairs)
    fit = sem.fit(model, sample_cov=matrix, nobs=people.n, fixed_x=False)
    rows = fit.params[fit.params["op"] == "~"].set_index(["lhs", "rhs"])
    values = rows[["std_all", "std_all_se"]].to_numpy(float).tolist()
    found = {
        f"{outcome} ~ {predictor}": (b, se)
        for (outcome, predictor), (b, se) in zip(rows.index, values, strict=True)
    }
    return MappingProxyType(found)
