"""What the arrays of paths have in common: the last axis runs over paths, NaN is not estimable."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def estimable(estimate: ArrayLike, se: ArrayLike) -> NDArray[np.bool_]:
    """Where a path has a finite estimate and a positive, finite standard error."""
    se = np.asarray(se, float)
    return np.asarray(np.isfinite(estimate) & np.isfinite(se) & (se > 0))
