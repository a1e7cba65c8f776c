"""The difference of two figures that are means over the same scenarios, or items of topics."""

from __future__ import annotations

import math

import numpy as np

from vaar.analyses.bootstrap import interval, resampled
from vaar.analyses.headlines import Units
from vaar.comparison.change import Change, Estimate, change

REPLICATES = 2000
_SEED = 1


def paired_change(later: Units, earlier: Units) -> Change | None:
    """`later` less `earlier`, unit by unit; None where the two have not the same units.

    The interval is an expanded percentile interval of bootstrap samples of whole clusters: see
    :mod:`vaar.analyses.bootstrap`. None too where all units differ alike, which leaves it no width.

    Parameters
    ----------
    later, earlier : mapping of (str, str) to float
        Values by cluster and unit; NaN for one without a value.
    """
    known = [{key for key, v in own.items() if math.isfinite(v)} for own in (later, earlier)]
    if known[0] != known[1] or not known[0]:
        return None
    keys = sorted(known[0])
    differences = np.array([[later[key] - earlier[key]] for key in keys])
    names, clusters = np.unique([cluster for cluster, _ in keys], return_inverse=True)
    draws = resampled(differences, REPLICATES, _SEED, clusters.astype(np.intp))
    lower, upper = interval(draws[:, 0], len(names))
    if not math.isfinite(lower):
        return None
    return change(Estimate(float(differences.mean()), lower, upper), Estimate(0.0, 0.0, 0.0))
