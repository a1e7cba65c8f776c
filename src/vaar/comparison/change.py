"""The difference of two independent estimates, from nothing but their intervals.

References
----------
.. [1] Zou, G. Y., & Donner, A. (2008). Construction of confidence limits about effect measures: A
   general approach. Statistics in Medicine 27(10), 1693–1702. https://doi.org/10.1002/sim.3095
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 95 % interval; NaN for an end that is not known."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Change:
    """A difference with its 95 % interval and p-value; NaN where there is none."""

    value: float
    lower: float
    upper: float
    p: float


def change(later: Estimate, earlier: Estimate) -> Change:
    """`later` less `earlier`; of normal estimates with known errors it is the Wald interval.

    Each end of the interval takes the ends of the two that lie towards it [1]_, so that skewed
    intervals and bounded figures need no common standard error. The p-value is that of the normal
    distribution with the spread of the side that looks towards 0: it is below .05 where the
    interval excludes 0, and only there.
    """
    value = later.value - earlier.value
    down = math.hypot(later.value - later.lower, earlier.upper - earlier.value)
    up = math.hypot(later.upper - later.value, earlier.value - earlier.lower)
    if not all(map(math.isfinite, (value, down, up))):
        return Change(value, math.nan, math.nan, math.nan)
    towards = down if value > 0 else up
    if value == 0 or towards == 0:
        return Change(value, value - down, value + up, float(value == 0))
    z = abs(value) / towards * float(stats.norm.ppf(0.975))
    return Change(value, value - down, value + up, float(2 * stats.norm.sf(z)))
