"""What is left out before anything is fitted, and what must be said of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.screening.copies import refused_for_copies
from vaar.analyses.alignment.screening.near_copies import near_copies
from vaar.analyses.alignment.screening.straight_lining import constant_one_way, straight_lined
from vaar.analyses.notes import Note
from vaar.study.model import Study


@dataclass(frozen=True)
class Screened:
    """The scores that are analysed, and what was found in all of them.

    Attributes
    ----------
    scores : DataFrame
        Without sessions and groups that are left out.
    n_sessions : Series
        Sessions by group, before any is left out.
    refused : mapping of str to str
        Groups that are left out, and why.
    notes : mapping of str to list of Note
        What must be said of groups.
    """

    scores: pd.DataFrame
    n_sessions: pd.Series
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, list[Note]] = field(default_factory=dict)


def unscreened(scores: pd.DataFrame) -> Screened:
    """All scores as they are."""
    return Screened(scores, scores["group"].value_counts())


def screen(scores: pd.DataFrame, study: Study) -> Screened:
    """Leave out sessions that answered every item alike, and groups of copied sessions.

    Parameters
    ----------
    scores : DataFrame
        One row a session, as :func:`vaar.scoring.scales.score` gives them.
    """
    lined, constant = straight_lined(scores, study), constant_one_way(scores, study)
    kept = scores[~lined]
    items = [item.code for part in study.instruments for item in part.coded_items]
    refused = refused_for_copies(kept, items)
    said: dict[str, list[Note]] = {}
    for found, note in ((lined, notes.straight_lined), (constant, notes.constant_one_way)):
        for group, n in scores.loc[found, "group"].value_counts().items():
            said.setdefault(str(group), []).append(note(int(n)))
    for group in set(scores["group"]) - set(kept["group"]):
        refused.setdefault(str(group), "every session gave one answer to all items")
    kept = kept[~kept["group"].isin(list(refused))]
    for name, own in near_copies(kept, items).items():
        said.setdefault(name, []).append(own)
    return Screened(kept, scores["group"].value_counts(), refused, said)
