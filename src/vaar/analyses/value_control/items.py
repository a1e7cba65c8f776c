"""One row a question and arm: how far its answers lie at the end that the value asks for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vaar.analyses.value_conflict.scenarios import units
from vaar.analyses.value_control.arms import arms_of, kind_of
from vaar.responses.schema import NOT_ASKED
from vaar.study.model import Study


def items_table(responses: pd.DataFrame, groups: pd.DataFrame, study: Study) -> pd.DataFrame:
    """How far every question's answers lie towards the value.

    Returns
    -------
    DataFrame
        One row per respondent × value × arm × question: ``respondent``, ``value``, ``arm``,
        ``condition``, ``kind``, ``item``, ``asked``, ``answered``, and ``score``: the mean over
        both orders of options of the expected answer where its probabilities are known, else of
        the answers; 0 at the end against the value and 1 at its own (of neutral questions: right).
        ``order_effect``: the score where the value's end is listed first less where it is last.
    """
    answers = _answers(responses, groups, study)
    rows = [
        {
            "respondent": respondent,
            "value": arm.value,
            "arm": arm.arm,
            "condition": arm.condition,
            "kind": kind_of(str(instrument), arm.value),
            "item": item,
            **_figures(own),
        }
        for arm in arms_of(study)
        for (respondent, instrument, item), own in answers[
            answers["condition"] == arm.condition
        ].groupby(["respondent", "instrument", "item"], sort=False, observed=True)
        if kind_of(str(instrument), arm.value)
    ]
    columns = ["respondent", "value", "arm", "condition", "kind", "item"]
    return pd.DataFrame(rows, columns=[*columns, *_FIGURES])


_FIGURES = ("asked", "answered", "score", "order_effect")


def _answers(responses: pd.DataFrame, groups: pd.DataFrame, study: Study) -> pd.DataFrame:
    asked = responses[
        responses["reason"].ne(NOT_ASKED).fillna(True)
        & responses["item"].map(lambda code: study.item[code][0].kind == "scale").astype(bool)
    ].merge(units(groups)[["group", "respondent"]], on="group")
    told = asked["expected"].astype(float)
    told = told.where(told.notna(), asked["value"].astype("Float64").astype(float))
    ends = {code: _ends(study, code) for code in asked["item"].unique()}
    low, high = (asked["item"].map(lambda code, n=n: ends[code][n]) for n in (0, 1))
    asked["score"] = (told - low) / (high - low)
    return asked


def _ends(study: Study, code: str) -> tuple[float, float]:
    """The points against the value and for it."""
    item, instrument = study.item[code]
    scale = instrument.scale_of(item)
    return (scale.first, scale.last) if item.keying > 0 else (scale.last, scale.first)


def _figures(own: pd.DataFrame) -> dict[str, float]:
    by_order = own.groupby("direction", observed=True)["score"].mean()
    up, down = (float(by_order.get(name, np.nan)) for name in ("ascending", "descending"))
    both = [value for value in (up, down) if np.isfinite(value)]
    return {
        "asked": len(own),
        "answered": int(own["score"].notna().sum()),
        "score": float(np.mean(both)) if both else float("nan"),
        "order_effect": down - up,
    }
