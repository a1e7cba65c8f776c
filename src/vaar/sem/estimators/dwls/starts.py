"""Where the search begins with ordinal items."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.estimators.dwls.objective import Places
from vaar.sem.model.matrices import SCALING, Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.search.starting_values import starting_values

_THETA_SCALE = 1.4  # standard deviation of y* where half of its variance is residual, and that is 1


def ordinal_starts(
    layout: Layout, spec: ModelSpec, structure: Structure, sample: OrdinalSample
) -> Floats:
    """(n_free,) starting values: those of continuous variables on the scale of y*; thresholds at
    their sample values and scalings at 1."""
    cov, mean = sample.response_moments
    spread = _THETA_SCALE if spec.parameterization == "theta" else 1.0
    scale = np.where(sample.ordered, spread, 1.0)
    cov = cov * np.outer(scale, scale)
    x = starting_values(layout, spec, structure, cov, mean, sample.present)
    places = Places.of(np.arange(len(spec.rows)), structure, sample.frame)
    theta = np.full(layout.index.shape, np.nan)
    theta[:, structure.matrix == SCALING] = 1.0
    weight = sample.statistics.weight[:, places.cut_statistic]
    value = spread * sample.statistics.value[:, places.cut_statistic]
    theta[:, places.cut] = np.where(weight > 0, value, np.nan)
    known = np.isfinite(theta) & (layout.index >= 0)
    count = np.bincount(layout.index[known], minlength=len(x))
    total = np.bincount(layout.index[known], weights=theta[known], minlength=len(x))
    return np.where(count > 0, total / np.maximum(count, 1), x)
