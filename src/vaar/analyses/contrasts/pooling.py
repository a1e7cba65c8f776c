"""Several real models under one condition: each path in the light of all, claims, and ranks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from vaar.analyses.alignment.rate.heterogeneity import estimate_heterogeneity, pool
from vaar.analyses.contrasts.comparisons import contexts_of_models
from vaar.analyses.contrasts.table_specs import BETWEEN_MODELS, MODELS
from vaar.analyses.contrasts.wald import Array, difference, holm
from vaar.vocabulary import Z_95

FEWEST_POOLED = 5
"""From so many models on each is seen in the light of all; below, paths stand alone, with Holm."""

SURE = 0.95
"""Posterior probability from which on a sign is claimed."""

ALPHA = 0.05


def models_tables(
    groups: pd.DataFrame,
    paths: pd.DataFrame,
    signs: Mapping[str, int],
    *,
    comparable: bool = True,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables :data:`MODELS` and :data:`BETWEEN_MODELS`.

    Parameters
    ----------
    groups, paths : DataFrame
        As in ``groups.csv`` and ``paths.csv``.
    signs : mapping of str to int
        Expected sign of each path; ranks are of s·b.
    comparable : bool
        Whether sizes of paths may be compared between groups; else nobody is pooled or ranked.
    """
    known = paths.dropna(subset=["std_estimate", "std_se"])
    each, between = [], []
    for condition, levels, names in contexts_of_models(groups):
        own = known[known["group"].isin(names)]
        parts = [part for _, part in own.groupby("path", sort=False) if len(part) > 1]
        if not parts:
            continue
        adjusted = holm(np.concatenate([_p_of_no_path(part) for part in parts]))
        start = 0
        for part in parts:
            p_holm = adjusted[start : start + len(part)]
            start += len(part)
            path = str(part["path"].iloc[0])
            each.append(_each(part, p_holm, signs[path], comparable))
            if comparable:
                between.append({"condition": condition, "levels": levels, **_between(part)})
    models = pd.concat(each, ignore_index=True) if each else MODELS.of({})
    return models, BETWEEN_MODELS.filled(between)


def _p_of_no_path(part: pd.DataFrame) -> Array:
    b, se = part["std_estimate"].to_numpy(float), part["std_se"].to_numpy(float)
    return difference(b, se, 0.0, 0.0, part["df"].to_numpy(float)).p


def _each(part: pd.DataFrame, p_holm: Array, sign: int, comparable: bool) -> pd.DataFrame:
    b, se = part["std_estimate"].to_numpy(float), part["std_se"].to_numpy(float)
    table = part[["group", "path", "std_estimate", "std_se"]].assign(
        models=len(part), p_holm=p_holm
    )
    if comparable and len(part) >= FEWEST_POOLED:
        found = pool(b, se)
        table = table.assign(
            pooled=found.mean, pooled_sd=found.sd, pooled_positive=np.clip(found.positive, 0, 1)
        )
        claim = np.select([found.positive >= SURE, found.positive <= 1 - SURE], ["+", "-"], "none")
    else:
        table = table.assign(pooled=np.nan, pooled_sd=np.nan, pooled_positive=np.nan)
        claim = np.where(p_holm < ALPHA, np.where(b > 0, "+", "-"), "none")
    ranks = (
        (np.nan, np.nan)
        if not comparable
        else rank_intervals(sign * b, se, part["df"].to_numpy(float))
    )
    return table.assign(claim=claim, rank_lower=ranks[0], rank_upper=ranks[1])[list(MODELS.names)]


def rank_intervals(value: Array, se: Array, df: Array) -> tuple[Array, Array]:
    """Ranks that each of M values may have, 1 the highest, jointly at 95 %.

    A model ranks below another where Holm's test of all pairs rejects (Mohamad, Goeman & van Zwet
    2019, doi:10.1093/biostatistics/kxz034); ranks run from 1 + those surely above to M − those
    surely below.
    """
    m = len(value)
    one, other = np.triu_indices(m, 1)
    made = difference(value[one], se[one], value[other], se[other], df[one], df[other])
    sure = holm(made.p) < ALPHA
    above, below = np.zeros(m, int), np.zeros(m, int)
    for i, j, gap in zip(one[sure], other[sure], made.value[sure], strict=True):
        higher, lower = (i, j) if gap > 0 else (j, i)
        above[lower] += 1
        below[higher] += 1
    return 1 + above, m - below


def _between(part: pd.DataFrame) -> dict[str, object]:
    """Mean and standard deviation of true paths over models (random effects, REML).

    The mean's interval is that of Hartung, Knapp, Sidik and Jonkman.
    """
    b, se = part["std_estimate"].to_numpy(float), part["std_se"].to_numpy(float)
    sd = estimate_heterogeneity([b], [se])
    weight = 1 / (se**2 + sd.value**2)
    mean = float((weight * b).sum() / weight.sum())
    scale = (weight * (b - mean) ** 2).sum() / ((len(b) - 1) * weight.sum())
    reach = float(stats.t.ppf(0.975, len(b) - 1) * np.sqrt(scale))
    reach = max(reach, Z_95 / float(np.sqrt(weight.sum())))
    return {
        "path": part["path"].iloc[0],
        "models": len(b),
        "mean": mean,
        "lower": mean - reach,
        "upper": mean + reach,
        "sd": sd.value,
        "sd_lower": sd.lower,
        "sd_upper": sd.upper,
    }
