"""Sessions that give one answer to items of both keys, and so answer none of them.

Where all items of a questionnaire point the same way, a constant answer may be a strong view: it is
counted, and never left out. Nor is the midpoint, which is the same answer under both keys.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vaar.study.instruments import Instrument, ResponseScale
from vaar.study.model import Study

FEWEST_ITEMS = 4
"""Fewer items than this may well have the same answer by chance."""


def straight_lined(scores: pd.DataFrame, study: Study) -> pd.Series:
    """Which sessions gave one answer, not the midpoint, to all items of both keys of some scale.

    Parameters
    ----------
    scores : DataFrame
        Keyed item answers, as :func:`vaar.scoring.scales.score` gives them.
    """
    found = pd.Series(False, scores.index)
    for scale, keys in _blocks(study):
        if len(set(keys.values())) == 2:
            found |= _constant(scores, scale, keys, midpoint=False)
    return found


def constant_one_way(scores: pd.DataFrame, study: Study) -> pd.Series:
    """Which sessions gave one answer to all items of some scale whose items point the same way."""
    found = pd.Series(False, scores.index)
    for scale, keys in _blocks(study):
        if len(set(keys.values())) == 1:
            found |= _constant(scores, scale, keys, midpoint=True)
    return found


def _blocks(study: Study) -> Iterator[tuple[ResponseScale, dict[str, int]]]:
    """Each scale of each instrument, with the keys of the items that are answered on it."""
    for instrument in study.instruments:
        by_scale: dict[ResponseScale, dict[str, int]] = {}
        for code in _coded(instrument):
            item = instrument.by_code[code]
            by_scale.setdefault(instrument.scale_of(item), {})[code] = item.keying
        yield from ((s, keys) for s, keys in by_scale.items() if len(keys) >= FEWEST_ITEMS)


def _coded(instrument: Instrument) -> list[str]:
    return [item.code for item in instrument.coded_items]


def _constant(
    scores: pd.DataFrame, scale: ResponseScale, keys: dict[str, int], midpoint: bool
) -> pd.Series:
    keyed = scores[list(keys)].to_numpy(float)
    reversed_ = np.array([key == -1 for key in keys.values()])
    said = np.where(reversed_, scale.first + scale.last - keyed, keyed)
    same = (said == said[:, :1]).all(axis=1)
    if not midpoint:
        same &= said[:, 0] != (scale.first + scale.last) / 2
    return pd.Series(same, scores.index)
