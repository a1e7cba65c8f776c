"""An index of yes-saying: how far a session agrees with an item and with its opposite.

The mean of the raw answers of pairs of items, one of each key, about the middle of their scale, in
halves of its width. What the items are about cancels within a pair; agreeing with both does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vaar.errors import DataError
from vaar.scoring.scales import MIN_ANSWERED
from vaar.study.instruments import Instrument
from vaar.study.model import Study
from vaar.study.structural_model import read_structure

YES_SAYING = "yes_saying"
"""Name of the index where it is a covariate."""

FEWEST_PAIRS = 4
"""Fewer pairs say too little of a session."""


@dataclass(frozen=True)
class Pair:
    """Two items of one scale that point in opposite ways, and the ends of their response scale."""

    positive: str
    reversed_: str
    low: int
    high: int


def balanced_pairs(study: Study) -> tuple[Pair, ...]:
    """Pairs of items of opposite keys, in the order of the study.

    They are those of instruments that the structural model does not use, if these have enough of
    them: an instrument made for the purpose. Else all; within a subscale the first item of either
    key is paired with the first of the other, and so on.
    """
    used = _used(study)
    own = [p for part in study.instruments if part.code not in used for p in _pairs(part)]
    if len(own) >= FEWEST_PAIRS:
        return tuple(own)
    return tuple(pair for part in study.instruments for pair in _pairs(part))


def yes_saying(scores: pd.DataFrame, study: Study) -> pd.Series:
    """The index of every session, in [−1, 1]; NaN where fewer than half of the pairs are answered.

    Parameters
    ----------
    scores : DataFrame
        Keyed item answers, as :func:`vaar.scoring.scales.score` gives them.

    Raises
    ------
    DataError
        The study has fewer than :data:`FEWEST_PAIRS` pairs.
    """
    pairs = balanced_pairs(study)
    if len(pairs) < FEWEST_PAIRS:
        raise DataError(
            f"there is no index of yes-saying: it takes {FEWEST_PAIRS} pairs of items of opposite "
            f"keys, and study {study.name} has {len(pairs)}. Add vaar:yes_saying to its "
            "instruments before it is asked, or take balanced forms"
        )
    # A keyed answer of a reversed item is low + high − raw, so that half the difference of the two
    # keyed answers is the mean of the raw ones about the middle.
    each = [
        (scores[p.positive] - scores[p.reversed_]).to_numpy(float) / (p.high - p.low) for p in pairs
    ]
    values = np.column_stack(each)
    answered = np.isfinite(values)
    enough = answered.mean(axis=1) >= MIN_ANSWERED
    total = np.where(answered, values, 0.0).sum(axis=1)
    index = np.where(enough, total / np.maximum(answered.sum(axis=1), 1), np.nan)
    return pd.Series(index, scores.index, name=YES_SAYING)


def _used(study: Study) -> set[str]:
    """Codes of the instruments whose items or scales stand in the structural model."""
    names = set(read_structure(study.structural_model).lines)
    return {
        part.code
        for part in study.instruments
        if names
        & {part.code, *(i.code for i in part.coded_items), *(s.code for s in part.subscales)}
    }


def _pairs(part: Instrument) -> Iterator[Pair]:
    subscaled = {code for scale in part.subscales for code in scale.items}
    rest = [item.code for item in part.coded_items if item.code not in subscaled]
    paired: set[str] = set()  # an item of several subscales is in one pair
    for codes in (*(scale.items for scale in part.subscales), rest):
        by_key: dict[int, list[str]] = {1: [], -1: []}
        for code in codes:
            if code not in paired:
                by_key[part.by_code[code].keying].append(code)
        for one, other in zip(by_key[1], by_key[-1], strict=False):
            low, high = part.scale_of(part.by_code[one]).range
            if (low, high) == part.scale_of(part.by_code[other]).range:
                paired |= {one, other}
                yield Pair(one, other, low, high)
