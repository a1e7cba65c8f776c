"""Groups of one respondent that differ in nothing but how their answers come about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from vaar.study.conditions import Condition, ResponseForm
from vaar.study.model import Study


@dataclass(frozen=True)
class Pair:
    """A group that answered in words, and one like it whose answers were forced."""

    words: str
    forced: str
    response: ResponseForm


def response_of(study: Study, groups: pd.DataFrame) -> dict[str, ResponseForm]:
    """How the answers of each group came about; people are left out."""
    return {
        group: study.condition[condition].response
        for group, condition in zip(groups["group"], groups["condition"], strict=True)
        if condition in study.condition
    }


def pairs(study: Study, groups: pd.DataFrame) -> Iterator[Pair]:
    """The pairs there are, in the order of the groups.

    Parameters
    ----------
    groups : DataFrame
        As in ``groups.csv``.
    """
    asked = groups[groups["condition"].isin(list(study.condition))]
    records = asked.to_dict("records")
    for forced in records:
        response = study.condition[forced["condition"]].response
        for words in records if response != "text" else ():
            if _alike(study.condition, words, forced):
                yield Pair(words["group"], forced["group"], response)


def _alike(conditions: Mapping[str, Condition], words: dict, forced: dict) -> bool:  # type: ignore[type-arg]
    same = all(words[name] == forced[name] for name in ("respondent", "levels"))
    as_words = replace(conditions[forced["condition"]], name=words["condition"], response="text")
    return same and conditions[words["condition"]] == as_words
