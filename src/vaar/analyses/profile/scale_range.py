"""Where a score lies between the ends of its response scale."""

from __future__ import annotations

import pandas as pd

from vaar.study.model import ResponseScale, Study


def scale_of(study: Study) -> dict[str, ResponseScale]:
    """The response scale of every scale score, by code."""
    found: dict[str, ResponseScale] = {}
    for instrument in study.instruments:
        parts = [(part.code, part.items) for part in instrument.subscales]
        whole = tuple(item.code for item in instrument.coded_items)
        for code, items in [*parts, (instrument.code, whole)]:
            scales = [instrument.scale_of(instrument.by_code[item]) for item in items]
            if len({scale.range for scale in scales}) == 1:
                found[code] = scales[0]
    return found


def normalised(value: float, scale: ResponseScale) -> float:
    """Where a mean lies between the scale's ends: 0 the lowest point, 1 the highest."""
    return (value - scale.first) / (scale.last - scale.first)


def whole_scales(profile: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows that score a whole instrument."""
    return profile[profile["scale"].isin(study.instrument)]


def subscales(profile: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows that score a part of an instrument."""
    return profile[~profile["scale"].isin(study.instrument)]
