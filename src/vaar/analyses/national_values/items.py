"""One row a respondent and item: how often each side was taken, in either order of the two."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vaar.analyses.national_values.nearest import nearest
from vaar.responses.schema import NOT_ASKED
from vaar.study.model import Item, Study

GROUP, SOURCE, TOPIC = "group", "source", "topic"
STATEMENT, REVERSE = "statement", "reverse"
CHOICE, FREE = "choice", "free"
COLUMNS = (
    *("group", "form", "item", "nation", "source", "topic", "replies", "undecided"),
    *("agreement", "consistency", "first"),
)


def choice_items(study: Study) -> dict[str, Item]:
    """Items with two options that are statements of a group on a topic, by code."""
    items = (item for part in study.instruments for item in part.coded_items)
    return {i.code: i for i in items if {GROUP, SOURCE, TOPIC} <= set(dict(i.facts))}


def free_items(study: Study) -> dict[str, Item]:
    """Items answered in words that have a statement and its opposite, by code."""
    needed = {GROUP, SOURCE, TOPIC, STATEMENT, REVERSE}
    items = (item for part in study.instruments for item in part.items if item.kind == "text")
    return {item.code: item for item in items if needed <= set(dict(item.facts))}


def wrong_items(study: Study) -> str:
    """Why a study has no statements of groups; empty where it has."""
    found = choice_items(study)
    if not found and not free_items(study):
        return "the study has no statements of groups on topics"
    for code in found:
        item, part = study.item[code]
        scale = part.scale_of(item)
        if len(scale.values) != 2 or scale.numbering != "positions":
            return f"item {code} has not two statements that are numbered by position"
    return ""


def items_table(responses: pd.DataFrame, study: Study, margin: float) -> pd.DataFrame:
    """Agreement of every group with every item.

    Returns
    -------
    DataFrame
        One row per group × item, :data:`COLUMNS`: ``form`` (choice or free), the item's facts,
        ``replies``, ``undecided`` (share of them), ``agreement``, ``consistency`` (the probability
        that an answer in one order and one in the other take the same side) and ``first`` (share
        of answers that take the side listed first). A choice needs answers in both orders.
    """
    asked = responses[responses["reason"].ne(NOT_ASKED).fillna(True)]
    rows = [
        *_rows(asked, choice_items(study), CHOICE, study, margin),
        *_rows(asked, free_items(study), FREE, study, margin),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    answers: pd.DataFrame, items: dict[str, Item], form: str, study: Study, margin: float
) -> Iterator[dict[str, object]]:
    ours = answers[answers["item"].isin(items)]
    for (group, code), own in ours.groupby(["group", "item"], sort=False):
        item = items[str(code)]
        facts = dict(item.facts)
        first = study.item[item.code][1].scale_of(item).first if form == CHOICE else 0
        yield {
            "group": group,
            "form": form,
            "item": code,
            "nation": facts[GROUP],
            "source": facts[SOURCE],
            "topic": facts[TOPIC],
            "replies": len(own),
            **(_chosen(own, first) if form == CHOICE else _said(own, facts, margin)),
        }


def _chosen(own: pd.DataFrame, first: int) -> dict[str, float]:
    """From the probabilities of the two options where they are told, else from the answers."""
    taken = own["value"].eq(first).astype(float).where(own["value"].notna())
    told = own["distribution"].map(lambda d: np.nan if d is None else float(d[0]))
    share = told.astype(float).where(told.notna(), taken).astype(float)
    ascending, descending = (
        share[own["direction"].eq(way)].mean() for way in ("ascending", "descending")
    )
    return {
        "undecided": float(own["value"].isna().mean()),
        "agreement": (ascending + descending) / 2,
        "consistency": ascending * descending + (1 - ascending) * (1 - descending),
        "first": (ascending + 1 - descending) / 2,
    }


def _said(own: pd.DataFrame, facts: dict[str, str], margin: float) -> dict[str, float]:
    sides = [nearest(text or "", facts[STATEMENT], facts[REVERSE], margin) for text in own["raw"]]
    decided = [side for side in sides if side != "undecided"]
    agreed = decided.count("statement") / len(decided) if decided else np.nan
    return {
        "undecided": 1 - len(decided) / len(sides),
        "agreement": agreed,
        "consistency": np.nan,
        "first": np.nan,
    }
