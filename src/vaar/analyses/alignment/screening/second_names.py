"""Groups that are another group under a second name: one model counts once.

Two names of one model, a log that was imported twice, a directory that was copied and renamed:
the sessions of one group are then, word for word, those of another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from vaar.analyses.alignment.screening.screen import Screened
from vaar.analyses.base import Coded
from vaar.responses.schema import FACTS, VARIED

MOST_SHARED = 0.5
"""A group of which this share of the sessions is another group's is that group again. Different
models do not give forty answers alike in every second session, unless they hardly vary; and then
they are left out as copies of themselves."""


def without_second_names(screened: Screened, data: Coded) -> Screened:
    """Leave out every group that is, in most of its sessions, one before it in the run.

    Only groups of other respondents under the same condition are held against each other.
    """
    models = data.groups[~data.groups["people"].astype(bool)].astype({"group": str})
    if models["respondent"].nunique() < 2:
        return screened
    whose = dict(zip(models["group"], models["respondent"].astype(str), strict=True))
    refused: dict[str, str] = {}
    for _, alike in models.groupby(["condition", "levels"], sort=False):
        names = alike["group"].tolist()
        for group, other in _suspected(screened.scores, names, data).items():
            if other in refused or whose[group] == whose[other]:
                continue
            own, theirs = _word_by_word(data, group), _word_by_word(data, other)
            same = sum(own[conversation] for conversation in own if conversation in theirs)
            if same >= MOST_SHARED * (n := own.total()):
                refused[group] = _told(same, n, other)
    kept = screened.scores[~screened.scores["group"].isin(list(refused))]
    return replace(screened, scores=kept, refused={**screened.refused, **refused})


def _suspected(scores: pd.DataFrame, groups: Sequence[str], data: Coded) -> dict[str, str]:
    """By group the one before it that gave the same answers in most of its sessions."""
    items = [item.code for part in data.study.instruments for item in part.coded_items]
    rows = scores[scores["group"].isin(groups)]
    answers = pd.util.hash_pandas_object(rows[items].astype(float), index=False)
    by_group = dict(list(answers.groupby(rows["group"], observed=True)))
    first: dict[int, str] = {}
    found = {}
    for group in (group for group in groups if group in by_group):
        own = by_group[group].tolist()
        seen = Counter(first[answer] for answer in own if answer in first)
        for other, n in seen.most_common(1):
            if n >= MOST_SHARED * len(own):
                found[group] = other
        for answer in own:
            first.setdefault(answer, group)
    return found


def _word_by_word(data: Coded, group: str) -> Counter[int]:
    """Everything that each session of a group was given and replied, hashed, with how often."""
    rows = data.responses[data.responses["group"] == group]
    told = rows[["item", *VARIED, FACTS, "raw"]].astype(object)
    turns = pd.util.hash_pandas_object(told.where(told.notna(), ""), index=False)
    return Counter(hash(tuple(own)) for _, own in turns.groupby(rows["session"], sort=False))


def _told(same: int, n: int, other: str) -> str:
    return (
        f"{same:,} of its {n:,} sessions are those of {other} word for word: one model under two "
        "names counts once"
    )
