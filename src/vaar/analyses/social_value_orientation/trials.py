"""One row a trial: what a session chose, and the arm that it belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vaar.analyses.social_value_orientation.consistency import (
    inequality_aversion,
    is_transitive,
    winner,
)
from vaar.analyses.social_value_orientation.orientation import Ideal, angle, category, ideals
from vaar.analyses.social_value_orientation.payoffs import (
    PRIMARY,
    SECONDARY,
    UNDERSTANDING,
    Allocation,
    allocations,
)
from vaar.responses.schema import FACTS
from vaar.study.model import Condition, Study
from vaar.study.templates import placeholders


@dataclass(frozen=True)
class Task:
    """The allocation items of a study, and the value that its sessions may be assigned."""

    study: Study
    fact: str

    @cached_property
    def primary(self) -> tuple[Allocation, ...]:
        return allocations(self.study, PRIMARY)

    @cached_property
    def secondary(self) -> tuple[Allocation, ...]:
        return allocations(self.study, SECONDARY)

    @cached_property
    def understanding(self) -> tuple[Allocation, ...]:
        return allocations(self.study, UNDERSTANDING)

    @cached_property
    def ideals(self) -> dict[str, Ideal]:
        return ideals(self.primary)

    @cached_property
    def assigning(self) -> frozenset[str]:
        """Names of the conditions that tell a session its value."""
        conditions = self.study.conditions
        return frozenset(c.name for c in conditions if _tells(c, self.study, self.fact))


def _tells(condition: Condition, study: Study, fact: str) -> bool:
    names = {name for one in study.variation.facts if one.name == fact for name in one.names}
    texts = [condition.system]
    for code in condition.order:
        instrument = study.instrument[code]
        texts += [instrument.instructions, *(item.text for item in instrument.items)]
    return any(names & set(placeholders(text)) for text in texts)


def trials(responses: pd.DataFrame, task: Task) -> pd.DataFrame:
    """What every session chose.

    Parameters
    ----------
    responses : DataFrame
        The tidy table of responses.

    Returns
    -------
    DataFrame
        One row per session: ``group``, ``session``, ``value`` (assigned; empty where none was),
        ``own`` and ``other`` (mean coins over the primary items), ``angle``, ``category``,
        ``transitive``, ``inequality_aversion``, ``rationality``, ``understood_angle``,
        ``understood``, ``first_listed`` (the angle that the options listed first would give). NaN,
        or empty, where a primary item was not answered or a trial has no such thing.
    """
    sessions = responses.groupby(["group", "session"], sort=False)
    rows = [
        {"group": group, "session": session, **_trial(own, task)}
        for (group, session), own in sessions
    ]
    return pd.DataFrame(rows)


def _trial(answers: pd.DataFrame, task: Task) -> dict[str, object]:
    value = _assigned(answers, task)
    places = _places(answers, task.study)
    own, other = _means(task.primary, places)
    reached = float(angle(np.array(own), np.array(other)))
    understood = float(angle(*map(np.array, _means(task.understanding, places))))
    return {
        "value": value,
        "own": own,
        "other": other,
        "angle": reached,
        "category": category(reached),
        "transitive": _transitive(task.primary, places),
        "inequality_aversion": inequality_aversion(task.secondary, places),
        "rationality": task.ideals[value].rationality(reached) if value in task.ideals else np.nan,
        "understood_angle": understood,
        "understood": category(understood),
        "first_listed": _first_listed(answers, task),
    }


def _assigned(answers: pd.DataFrame, task: Task) -> str:
    if answers["condition"].iloc[0] not in task.assigning:
        return ""
    told = answers[FACTS].iloc[0]
    return str(json.loads(told).get(task.fact, "")) if told else ""


def _places(answers: pd.DataFrame, study: Study) -> dict[str, int]:
    """Position of the option taken in each item that was answered, counted from 0."""
    known = answers[answers["value"].notna()]
    return {
        code: int(value) - study.item[code][1].scale_of(study.item[code][0]).first
        for code, value in zip(known["item"], known["value"], strict=True)
    }


def _means(items: Sequence[Allocation], places: Mapping[str, int]) -> tuple[float, float]:
    """Mean coins for oneself and for the other; NaN where an item was not answered."""
    if not items or any(one.code not in places for one in items):
        return float("nan"), float("nan")
    own = float(np.mean([one.own[places[one.code]] for one in items]))
    return own, float(np.mean([one.other[places[one.code]] for one in items]))


def _transitive(primary: Sequence[Allocation], places: Mapping[str, int]) -> float:
    if any(one.code not in places for one in primary):
        return float("nan")
    return float(is_transitive(primary, [winner(one, places[one.code]) for one in primary]))


def _first_listed(answers: pd.DataFrame, task: Task) -> float:
    direction = dict(zip(answers["item"], answers["direction"], strict=True))
    places = {
        one.code: one.n_options - 1 if direction[one.code] == "descending" else 0
        for one in task.primary
        if one.code in direction
    }
    own, other = _means(task.primary, places)
    return float(angle(np.array(own), np.array(other)))
