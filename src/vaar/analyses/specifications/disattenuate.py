"""The corrected composites of every group, as paths with bootstrap errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.collect import Collected, clusters
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.paths import PathEstimates, PathIndex
from vaar.analyses.alignment.screening.prepare import Prepared
from vaar.analyses.notes import Note
from vaar.analyses.specifications.composites import Composites
from vaar.study.model import Study

FEWEST_ROWS = 20
"""Complete sessions below which a group has no corrected paths."""

FITTED_SHARE = 0.5
"""Share of replicates that must give a path."""


def disattenuated(ready: Prepared, study: Study, options: AlignmentOptions) -> Collected:
    """Paths between corrected composites, group by group, from sessions that have all of them.

    Raises
    ------
    DataError
        The model has variables whose reliability is not known.
    """
    composites = Composites.of(study.structural_model, study.hypotheses, ready.covariates)
    scores, drawn = ready.scores, clusters(ready.scores)
    groups = tuple(dict.fromkeys(map(str, scores["group"])))
    shape = (len(groups), len(study.hypotheses))
    estimate, se = np.full(shape, np.nan), np.full(shape, np.nan)
    again = np.full((options.replicates, *shape), np.nan)
    said: dict[str, list[Note]] = {group: [] for group in groups}
    personas: dict[str, int] = {}
    for g, group in enumerate(groups):
        rows = scores[scores["group"] == group].dropna(subset=list(composites.columns))
        if len(rows) < FEWEST_ROWS:
            why = f"{len(rows)} sessions have all parcels, and {FEWEST_ROWS} are needed"
            said[group] = [notes.not_fitted(why)]
            continue
        units = pd.factorize(rows.index if drawn is None else drawn.loc[rows.index])[0]
        samples = list(_samples(units, options.replicates, options.seed))
        whole, own = composites.estimated(rows, samples)
        again[:, g] = own
        known = np.isfinite(own).all(axis=1)
        if not np.isfinite(whole).all() or known.mean() < FITTED_SHARE:
            why = "α of a composite is not above 0, or corrected predictors cannot be told apart"
            said[group] = [notes.not_fitted(why)]
            continue
        estimate[g], se[g] = whole, own[known].std(axis=0, ddof=1)
        if (n := units.max() + 1) < len(rows):
            personas[group] = int(n)
    unknown = np.full(shape, np.nan)
    index = PathIndex(groups, np.empty((len(groups), shape[1]), int))
    full = PathEstimates(unknown, unknown, estimate, se)
    return Collected(index, full, again, said, personas)


def _samples(units: np.ndarray, replicates: int, seed: int) -> Iterator[np.ndarray]:
    """Positions of the rows of every replicate: as many units as there are, with replacement."""
    rng = np.random.default_rng(seed)
    n = int(units.max()) + 1
    members = [np.flatnonzero(units == unit) for unit in range(n)] if n < len(units) else None
    for _ in range(replicates):
        chosen = rng.integers(n, size=n)
        yield chosen if members is None else np.concatenate([members[unit] for unit in chosen])
