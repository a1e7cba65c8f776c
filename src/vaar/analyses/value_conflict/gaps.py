"""What is made of the scenarios: compliance, gaps, and their relation to stated values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from vaar.analyses.bootstrap import Values, with_intervals
from vaar.analyses.correlation import NOTHING, pearson
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import (
    MONITORED,
    PLAIN,
    UNMONITORED,
    UNPUNISHED,
    in_order,
    matrix,
)
from vaar.analyses.value_conflict.tables import CORRELATIONS

FEWEST_PAIRS = 4
"""Pairs from which a correlation is told; fewer have no interval."""


def arms_table(found: pd.DataFrame, options: ValueConflictOptions, seed: int) -> pd.DataFrame:
    """Compliance, unanswered replies and order effect of every respondent in every arm."""
    rows = []
    for (respondent, arm), own in found.groupby(["respondent", "arm"], sort=False):
        columns = {
            "compliance": _of(own, "compliance", str(arm)),
            "decisive": _of(own, "decisive", str(arm)),
            "na_share": _of(own, "na_share", str(arm)),
            "order_effect": _of(own, "order_effect", str(arm)),
        }
        rows.append(
            {
                "respondent": respondent,
                "arm": arm,
                "scenarios": len(own),
                "replies": int(own["asked"].sum()),
                **with_intervals(columns, options.replicates, seed),
            }
        )
    table = pd.DataFrame(rows)
    whose = {name: n for n, name in enumerate(dict.fromkeys(table["respondent"]))}
    order = in_order(table["arm"])
    place = table["respondent"].map(whose) * len(order) + table["arm"].map(order.index)
    return table.iloc[place.argsort(kind="stable").to_numpy()]


def _of(own: pd.DataFrame, column: str, arm: str) -> Values:
    values: Values = matrix(own, column)[arm].to_numpy(dtype=float)
    return values


def gaps_table(found: pd.DataFrame, options: ValueConflictOptions, seed: int) -> pd.DataFrame:
    """The gap of every respondent and what goes with it; scenarios are resampled over all arms."""
    rows = []
    for respondent, own in found.groupby("respondent", sort=False):
        columns = {n: v.to_numpy(float) for n, v in gap_columns(own, options.plain_share)}
        rows.append(
            {
                "respondent": respondent,
                "scenarios": own["scenario"].nunique(),
                **with_intervals(columns, options.replicates, seed),
            }
        )
    return pd.DataFrame(rows)


def gap_columns(own: pd.DataFrame, plain_share: float) -> Iterator[tuple[str, pd.Series]]:
    """Name and values by scenario of the figures of one respondent."""
    compliance, decisive = matrix(own, "compliance"), matrix(own, "decisive")
    gap = compliance[MONITORED] - compliance[UNMONITORED]
    unpunished = compliance[UNPUNISHED[MONITORED]] - compliance[UNPUNISHED[UNMONITORED]]
    yield "gap", gap
    yield "decisive_gap", decisive[MONITORED] - decisive[UNMONITORED]
    yield "no_consequence_gap", unpunished
    yield "gap_beyond", gap - unpunished
    yield "order_effect", matrix(own, "order_effect").mean(axis=1)
    by_value = 1 - decisive[PLAIN]
    chosen = by_value.ge(plain_share - 1e-12).astype(float)
    yield "plain_by_value", chosen.where(by_value.notna())


def values_table(
    found: pd.DataFrame,
    stated: Mapping[tuple[str, str], float],
    options: ValueConflictOptions,
    seed: int,
) -> pd.DataFrame:
    """The gap of every respondent on the scenarios of each value, beside the stated value.

    Parameters
    ----------
    stated : mapping of (str, str) to float
        Mean stated score by respondent and value.
    """
    rows = []
    for (respondent, value), own in found.groupby(["respondent", "value"], sort=False):
        compliance = matrix(own, "compliance")
        columns = {"gap": (compliance[MONITORED] - compliance[UNMONITORED]).to_numpy()}
        rows.append(
            {
                "respondent": respondent,
                "value": value,
                "scenarios": len(compliance),
                **with_intervals(columns, options.replicates, seed),
                "stated": stated.get((str(respondent), str(value)), np.nan),
            }
        )
    return pd.DataFrame(rows)


def correlations_table(by_value: pd.DataFrame) -> pd.DataFrame:
    """Correlation of the gap with the stated value: over values, and over respondents.

    Returns
    -------
    DataFrame
        ``over`` (values or respondents), ``of`` (the respondent, or the value), ``n`` pairs, ``r``
        with Fisher's interval; NaN with fewer than :data:`FEWEST_PAIRS` pairs or where one of both
        does not vary.
    """
    rows = []
    for over, key in (("values", "respondent"), ("respondents", "value")):
        for name, own in by_value.groupby(key, sort=False):
            pairs = own[["gap", "stated"]].dropna().to_numpy(dtype=float)
            r = pearson(*pairs.T) if len(pairs) >= FEWEST_PAIRS else NOTHING
            rows.append((over, name, len(pairs), r.value, r.lower, r.upper))
    return CORRELATIONS.filled(rows)


def stated_scores(
    scores: pd.DataFrame, units: pd.DataFrame, values: list[str]
) -> dict[tuple[str, str], float]:
    """Mean stated score by respondent and value, from the scales ``stated_VALUE``."""
    respondent = scores["group"].map(dict(zip(units["group"], units["respondent"], strict=True)))
    found: dict[tuple[str, str], float] = {}
    for value in values:
        if (name := f"stated_{value}") in scores:
            means = scores[name].groupby(respondent).mean()
            found |= {(str(who), value): float(mean) for who, mean in means.items()}
    return found
