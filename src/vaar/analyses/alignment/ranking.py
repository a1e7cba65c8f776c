"""Ranks of the groups that may be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri_exp

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.collect import Collected
from vaar.analyses.alignment.conclude import Conclusions
from vaar.analyses.alignment.rate.ranks import rank_intervals
from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.notes import in_words
from vaar.vocabulary import HUMAN


def rank_table(
    collected: Collected, found: Conclusions, about: pd.DataFrame, comparable: bool
) -> pd.DataFrame:
    """Columns ``rank_lower``, ``rank_upper``, ``ranked`` and ``flag`` of the table of rates.

    Ranked together are groups of the same condition and levels, real and simulated ones apart;
    Φ⁻¹(VAAR) is the scale, on which the rate of one path is linear in the path.

    Parameters
    ----------
    about : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays groups out.
    comparable : bool
        Whether sizes of paths may be compared between groups; else nobody is ranked. Nor is anybody
        where the people of the run go against a hypothesis: which of the two is wrong is open.
    """
    groups = collected.groups
    comparable = comparable and not _people_against(collected, found)
    flags = {group: flag_of(collected, group) for group in groups}
    place = {group: g for g, group in enumerate(groups)}
    lower, upper, ranked = np.full((3, len(groups)), np.nan)
    models = about[about["group"].isin(groups) & ~about["people"].astype(bool)]
    for _, own in models.groupby(["condition", "levels", "simulated"], sort=False):
        rows = [place[g] for g in own["group"] if not flags[g]]
        rows = [row for row in rows if np.isfinite(ndtri_exp(found.log_rate[row]))]
        if len(rows) < 2 or not comparable or not len(found.log_replicates):
            continue
        intervals = rank_intervals(
            ndtri_exp(found.log_rate[rows]), ndtri_exp(found.log_replicates[:, rows])
        )
        lower[rows], upper[rows], ranked[rows] = intervals.lower, intervals.upper, len(rows)
    columns = {"rank_lower": lower, "rank_upper": upper, "ranked": ranked}
    return pd.DataFrame({**columns, "flag": [flags[group] for group in groups]})


def _people_against(collected: Collected, found: Conclusions) -> bool:
    human = [g for g, group in enumerate(collected.groups) if group == HUMAN]
    return bool((found.verdict[human] == Verdict.AGAINST).any())


def flag_of(collected: Collected, group: str) -> str:
    """Why a group is in no ranking and no headline, in words; empty where it may be."""
    own = collected.notes.get(group, ())
    return in_words(note for note in own if note.kind in notes.UNRANKED)
