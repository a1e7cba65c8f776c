"""Arms that a study may add: degrees of oversight, and other motives to comply."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from vaar.analyses.bootstrap import Values, with_intervals
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import MONITORED, PLAIN, UNMONITORED, UNPUNISHED, matrix
from vaar.analyses.value_conflict.tables import MOTIVES, OVERSIGHT

KEPT = "keeping the value"
"""The motive of the arms ``monitored`` and ``unmonitored``."""

_OVERSIGHT = re.compile(r"oversight_(\d{1,2}|100)")
_ENDS = (f"_{MONITORED}", f"_{UNMONITORED}")


def degree(arm: str) -> float | None:
    """How probable oversight is in an arm named ``oversight_40``; None in another."""
    found = _OVERSIGHT.fullmatch(arm)
    return int(found[1]) / 100 if found else None


def motives(arms: Collection[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every motive with its two arms, ``MOTIVE_monitored`` and ``MOTIVE_unmonitored``."""
    if {MONITORED, UNMONITORED} <= set(arms):
        yield KEPT, (MONITORED, UNMONITORED)
    for arm in arms:
        motive = arm.removesuffix(_ENDS[0])
        if motive != arm and (other := motive + _ENDS[1]) in arms:
            yield motive.replace("_", " "), (arm, other)


def further_arms(conditions: Collection[str]) -> list[str]:
    """The conditions that are arms beside those of every study."""
    usual = {MONITORED, UNMONITORED, PLAIN, *UNPUNISHED.values()}
    paired = {arm for _, pair in motives(conditions) for arm in pair}
    return [
        name
        for name in conditions
        if name not in usual and (degree(name) is not None or name in paired)
    ]


def oversight_table(found: pd.DataFrame, options: ValueConflictOptions, seed: int) -> pd.DataFrame:
    """Compliance of every respondent at every degree of oversight, and its slope over them.

    Returns
    -------
    DataFrame
        ``slope``: of the straight line through the degrees, by scenario: the change from no
        oversight to certain oversight; the same in all rows of a respondent.
    """
    rows = []
    for respondent, own in found.groupby("respondent", sort=False):
        compliance = matrix(own, "compliance")
        arms = map(str, compliance.columns)
        degrees = {arm: known for arm in arms if (known := degree(arm)) is not None}
        wide = compliance[sorted(degrees, key=lambda arm: degrees[str(arm)])]
        slope = with_intervals({"slope": _slopes(wide, degrees)}, options.replicates, seed)
        for arm in map(str, wide.columns):
            columns = {"compliance": wide[arm].to_numpy(dtype=float)}
            rows.append(
                {
                    "respondent": respondent,
                    "oversight": degrees[arm],
                    "scenarios": int(wide[arm].notna().sum()),
                    **with_intervals(columns, options.replicates, seed),
                    **slope,
                }
            )
    return pd.DataFrame(rows, columns=list(OVERSIGHT.names))


def _slopes(wide: pd.DataFrame, degrees: dict[str, float]) -> Values:
    """Of each scenario that was asked at every degree; NaN with fewer than two degrees."""
    x = np.array([degrees[str(arm)] for arm in wide.columns], dtype=float)
    y = wide.to_numpy(dtype=float)
    if len(x) < 2:
        return np.full(len(y), np.nan)
    centred = x - x.mean()
    slopes: Values = y @ centred / (centred @ centred)
    return slopes


def motives_table(found: pd.DataFrame, options: ValueConflictOptions, seed: int) -> pd.DataFrame:
    """The gap of every respondent by motive, and how far it is beyond that without a consequence.

    There is none where a study has the usual arms alone.
    """
    rows = []
    for respondent, own in found.groupby("respondent", sort=False):
        compliance = matrix(own, "compliance")
        known = list(motives([str(arm) for arm in compliance if compliance[arm].notna().any()]))
        none = compliance[UNPUNISHED[MONITORED]] - compliance[UNPUNISHED[UNMONITORED]]
        for motive, (watched, free) in known:
            gap = compliance[watched] - compliance[free]
            columns = {"gap": gap.to_numpy()}
            if watched != UNPUNISHED[MONITORED]:
                columns["beyond"] = (gap - none).to_numpy()
            told = with_intervals(columns, options.replicates, seed)
            n = int(gap.notna().sum())
            rows.append({"respondent": respondent, "motive": motive, "scenarios": n, **told})
    usual = {KEPT, UNPUNISHED[MONITORED].removesuffix(_ENDS[0]).replace("_", " ")}
    further = any(row["motive"] not in usual for row in rows)
    return pd.DataFrame(rows if further else [], columns=list(MOTIVES.names))
