"""How well known values are found again: bias and coverage with their Monte Carlo errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt

import pandas as pd


def recovery(found: pd.DataFrame, truths: Mapping[str, float]) -> Iterator[str]:
    """Two cells of a Markdown table for each value: its bias, and the coverage of its interval.

    Parameters
    ----------
    found : DataFrame
        A row a repetition; a column of each name, and its ends ``…_lower`` and ``…_upper``.
    """
    for name, truth in truths.items():
        held = found[f"{name}_lower"].le(truth) & found[f"{name}_upper"].ge(truth)
        error, rate = found[name] - truth, held.mean()
        yield f"{error.mean():+.4f} ({error.std() / sqrt(len(found)):.4f})"
        yield f"{rate:.3f} ({sqrt(rate * (1 - rate) / len(found)):.3f})"
