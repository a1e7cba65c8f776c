"""Parameters that the data cannot tell: where they go in refits depends on where searches begin."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools
from vaar.sem.results.fit import Fit
from vaar.sem.search.outcome import Outcome


def undetermined(fit: Fit) -> Bools:
    """(rows of ``fit.params``,) those of groups that are not identified; defined parameters where
    any group is not."""
    bad = [fit.group_outcome[group] is Outcome.NOT_IDENTIFIED for group in fit.groups]
    places = np.repeat(bad, len(fit.spec.rows))
    return np.concatenate([places, np.full(len(fit.spec.defined), any(bad))])
