"""Where a score lies between the ends of its response scale."""

from __future__ import annotations

import pandas as pd

from vaar.study.model import ResponseScale, Study


def scale_of(study: Study) -> dict[str, ResponseScale]:
    """The response scale of every scale score, by code."""
    whole = {instrument.code: instrument.scale for instrument in study.instruments}
    parts = {part.code: i.scale for i in study.instruments for part in i.subscales}
    return parts | whole


def normalised(value: float, scale: ResponseScale) -> float:
    """Where a mean lies between the scale's ends: 0 the lowest point, 1 the highest."""
    return (value - scale.first) / (scale.last - scale.first)


def whole_scales(profile: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows that score a whole instrument."""
    return profile[profile["scale"].isin(study.instrument)]


def subscales(profile: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows that score a part of an instrument."""
    return profile[~profile["scale"].isin(study.instrument)]
