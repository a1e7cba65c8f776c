"""Whether a level of invariance is tenable, by the change of two fit measures.

Source: Chen, F. F. (2007). Sensitivity of goodness of fit indexes to lack of measurement
invariance. Structural Equation Modeling, 14(3), 464–504.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

CFI_DROP = -0.010
"""CFI may fall by so much against the level before."""

RMSEA_RISE = 0.015
"""RMSEA may rise by so much against the level before."""


def is_tenable(row: Mapping[str, Any], above: Mapping[str, Any] | None, usable: bool) -> bool:
    """Whether a level is tenable.

    Parameters
    ----------
    row : mapping
        Its ``chisq``, ``delta_cfi`` and ``delta_rmsea``.
    above : mapping or None
        The level before, with its ``tenable``; None for the first, which has nothing to be held to.
    usable : bool
        Whether its fit gives estimates.
    """
    if not usable:
        return False
    if above is None:
        return True
    close = row["delta_cfi"] >= CFI_DROP and row["delta_rmsea"] <= RMSEA_RISE
    return bool(above["tenable"] and close and isfinite(row["chisq"]))
