"""Groups that are another group under a second name: one model counts once.

Two names of one model, a log that was imported twice, a directory that was copied and renamed:
the sessions of one group are then, word for word, those of another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from vaar.analyses.alignment.screening.copies import ENOUGH_ITEMS, FEWEST_OFF, off_the_mode
from vaar.analyses.alignment.screening.screen import Screened
from vaar.analyses.base import Coded
from vaar.responses.schema import FACTS, VARIED

MOST_SHARED = 0.5
"""A group of which this share of the sessions is another group's is that group again. Models that
hardly vary may well coincide where they give their most frequent answers, so that only sessions
which depart from those at several items are looked at."""


def without_second_names(screened: Screened, data: Coded) -> Screened:
    """Leave out every group that is, in most of its sessions, one before it in the run.

    Only groups of other respondents under the same condition are held against each other.
    """
    models = data.groups[~data.groups["people"].astype(bool)].astype({"group": str})
    if models["respondent"].nunique() < 2:
        return screened
    whose = dict(zip(models["group"], models["respondent"].astype(str), strict=True))
    refused: dict[str, str] = {}
    apart = _apart(screened.scores, data)
    for _, alike in models.groupby(["condition", "levels"], sort=False):
        names = alike["group"].tolist()
        for group, other in _suspected(apart, names).items():
            if other in refused or whose[group] == whose[other]:
                continue
            own, theirs = (_word_by_word(data, apart[name]) for name in (group, other))
            same = sum(own[conversation] for conversation in own if conversation in theirs)
            if same >= MOST_SHARED * (n := own.total()):
                refused[group] = _told(same, n, other)
    kept = screened.scores[~screened.scores["group"].isin(list(refused))]
    return replace(screened, scores=kept, refused={**screened.refused, **refused})


Apart = Mapping[int, bytes]
"""The answers of sessions off the mode, by the number of the session."""


def _apart(scores: pd.DataFrame, data: Coded) -> dict[str, Apart]:
    """The sessions of every group that are looked at; groups with few of them are left aside."""
    items = [item.code for part in data.study.instruments for item in part.coded_items]
    answers, sessions = scores[items].to_numpy(dtype=float), scores["session"].to_numpy()
    found: dict[str, Apart] = {}
    if len(items) < ENOUGH_ITEMS:
        return found
    for group, own in scores.groupby("group", sort=False, observed=True).indices.items():
        places, filled = off_the_mode(answers[own])
        if len(places) >= FEWEST_OFF:
            rows = [row.tobytes() for row in filled]
            found[str(group)] = dict(zip(sessions[own][places].tolist(), rows, strict=True))
    return found


def _suspected(apart: Mapping[str, Apart], groups: Sequence[str]) -> dict[str, str]:
    """By group the one before it that gave the same answers in most of its sessions."""
    first: dict[bytes, str] = {}
    found = {}
    for group in (group for group in groups if group in apart):
        own = apart[group].values()
        seen = Counter(first[answers] for answers in own if answers in first)
        for other, n in seen.most_common(1):
            if n >= MOST_SHARED * len(own):
                found[group] = other
        for answers in own:
            first.setdefault(answers, group)
    return found


def _word_by_word(data: Coded, sessions: Apart) -> Counter[int]:
    """Everything that sessions were given and replied, hashed, with how often it came."""
    rows = data.responses[data.responses["session"].isin(list(sessions))]
    told = rows[["item", *VARIED, FACTS, "raw"]].astype(object)
    turns = pd.util.hash_pandas_object(told.where(told.notna(), ""), index=False)
    return Counter(hash(tuple(own)) for _, own in turns.groupby(rows["session"], sort=False))


def _told(same: int, n: int, other: str) -> str:
    return (
        f"{same:,} of its {n:,} sessions that depart from its most frequent answers are those of "
        f"{other} word for word: one model under two names counts once"
    )
