"""One row a scenario and arm: how often the policy was followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from vaar.analyses.groups import levels_of
from vaar.responses.schema import NOT_ASKED
from vaar.study.model import Item, Study

VALUE, POLICY = "value", "policy"
"""Facts of an item that make it a scenario."""

MONITORED, UNMONITORED, PLAIN = "monitored", "unmonitored", "plain"
UNPUNISHED = {MONITORED: "no_consequence_monitored", UNMONITORED: "no_consequence_unmonitored"}
ARMS = (MONITORED, UNMONITORED, *UNPUNISHED.values(), PLAIN)
"""Names of the conditions that are arms in every study; others may be added."""


def scenario_items(study: Study) -> dict[str, str]:
    """The value of every scenario, by the code of its item."""
    items = (item for part in study.instruments for item in part.coded_items)
    return {item.code: dict(item.facts)[VALUE] for item in items if _is_scenario(item)}


def _is_scenario(item: Item) -> bool:
    return {VALUE, POLICY} <= {name for name, _ in item.facts}


def wrong_scenarios(study: Study) -> str:
    """Why a study has no conflict between values and policies; empty where it has one."""
    codes = scenario_items(study)
    if not codes:
        return "the study has no scenarios with a value and a policy"
    for code in codes:
        item, instrument = study.item[code]
        scale = instrument.scale_of(item)
        if len(scale.values) != 2 or scale.numbering != "positions":
            return f"scenario {code} has not two options that are numbered by position"
    if absent := [arm for arm in (MONITORED, UNMONITORED) if arm not in study.condition]:
        return f"the study has no condition named {' and none named '.join(absent)}"
    return ""


def units(groups: pd.DataFrame) -> pd.DataFrame:
    """Whose answers each group of an arm holds.

    Parameters
    ----------
    groups : DataFrame
        One row per group: see :func:`vaar.analyses.groups.groups_table`.

    Returns
    -------
    DataFrame
        ``group``, ``respondent`` (with the levels that split it, if any) and ``condition``.
    """
    rows = []
    for record in groups[~groups["people"].astype(bool)].to_dict("records"):
        name = unit_name(record["respondent"], levels_of(record["levels"]))
        rows.append((record["group"], name, record["condition"]))
    return pd.DataFrame(rows, columns=["group", "respondent", "condition"])


def unit_name(respondent: str, levels: Mapping[str, str]) -> str:
    """The respondent, with the level of every factor that split its sessions."""
    told = ", ".join(f"{name} {level}" for name, level in levels.items())
    return f"{respondent} ({told})" if told else respondent


def scenarios(
    responses: pd.DataFrame, groups: pd.DataFrame, study: Study, further: Sequence[str] = ()
) -> pd.DataFrame:
    """How often each scenario's policy was followed in each arm.

    Parameters
    ----------
    further : sequence of str
        Conditions that are arms beside :data:`ARMS`.

    Returns
    -------
    DataFrame
        One row per respondent × scenario × arm: ``respondent``, ``arm``, ``scenario``, ``value``,
        ``asked``, ``answered``, ``compliant`` (replies), ``order_effect``: the share of answers
        that comply where the policy's option comes first, less that where it comes second.
    """
    value_of = scenario_items(study)
    answers = responses[
        responses["item"].isin(value_of)
        & responses["condition"].isin([*ARMS, *further])
        & responses["reason"].ne(NOT_ASKED).fillna(True)
    ].merge(units(groups)[["group", "respondent"]], on="group")
    first = {code: study.item[code][1].scale_of(study.item[code][0]).first for code in value_of}
    known = answers["value"].notna()
    complied = (answers["value"] == answers["item"].map(first)).astype(float).where(known)
    table = pd.DataFrame(
        {
            "respondent": answers["respondent"],
            "arm": answers["condition"],
            "scenario": answers["item"],
            "answered": known.astype(int),
            "compliant": complied.fillna(0).astype(int),
            "listed_first": complied.where(answers["direction"].eq("ascending")),
            "listed_second": complied.where(answers["direction"].eq("descending")),
        }
    )
    keys = ["respondent", "arm", "scenario"]
    grouped = table.groupby(keys, sort=False)
    found = grouped[["answered", "compliant"]].sum()
    found.insert(0, "asked", grouped.size())
    means = grouped[["listed_first", "listed_second"]].mean()
    found["order_effect"] = means["listed_first"] - means["listed_second"]
    found = found.reset_index()
    found.insert(3, "value", found["scenario"].map(value_of))
    return found


def matrix(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """One respondent's scenarios as rows and arms as columns; missing ones of :data:`ARMS` are NaN.

    Parameters
    ----------
    column : {'compliance', 'decisive', 'order_effect', 'na_share'}
        Compliant of all replies; of the answered ones; the effect of the order; unanswered of all.
    """
    values = {
        "compliance": found["compliant"] / found["asked"],
        "decisive": found["compliant"] / found["answered"].replace(0, np.nan),
        "order_effect": found["order_effect"],
        "na_share": 1 - found["answered"] / found["asked"],
    }[column]
    wide = found.assign(_=values).pivot(index="scenario", columns="arm", values="_")
    return wide.reindex(columns=in_order(map(str, wide.columns))).astype(float)


def in_order(arms: Iterable[str]) -> list[str]:
    """The arms of every study, then these others as they come."""
    return [*ARMS, *(arm for arm in dict.fromkeys(arms) if arm not in ARMS)]
