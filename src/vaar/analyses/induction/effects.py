"""Effects of assigned values: on their own questionnaires, and on what hypotheses say they move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Any

import numpy as np

from vaar.analyses.base import Coded
from vaar.analyses.conflict.contrasts import Effect, cells_of, effects
from vaar.analyses.conflict.design import facts_of, instruments_of, signs
from vaar.study.model import Study


class Role(StrEnum):
    """What an effect of an assigned value tells."""

    TAKEN_UP = "taken up"
    FOLLOWED = "followed"


class Said(StrEnum):
    """What is said of an effect."""

    AS_ASSIGNED = "as assigned"
    AGAINST = "against"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Measured:
    """A questionnaire on which an assigned value may have an effect.

    Attributes
    ----------
    sign : {-1, 1}
        The direction that is expected.
    """

    fact: str
    value: str
    role: Role
    instrument: str
    sign: int


def measured(study: Study, value_of: Mapping[str, str]) -> Iterator[Measured]:
    """The value's own questionnaires (was it taken up?), and those of its outcomes (followed?)."""
    for fact, value in value_of.items():
        for code in instruments_of(study, [value]):
            yield Measured(fact, value, Role.TAKEN_UP, code, 1)
        for hypothesis in study.hypotheses:
            if hypothesis.predictor == value:
                for code in instruments_of(study, [hypothesis.outcome]):
                    yield Measured(fact, value, Role.FOLLOWED, code, hypothesis.sign)


def as_path(d: float) -> float:
    """A difference in standard deviations within cells as a standardised path: d / √(d² + 4).

    The path from an indicator of 1 and −1 that comes equally often.
    """
    return d / sqrt(d * d + 4)


def induced(data: Coded, value_of: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """A row for each group, assigned value and questionnaire."""
    study = data.study
    facts = facts_of(study, tuple(value_of))
    level = signs(data.design_factors, facts)
    names = [fact.name for fact in facts]
    drawn = np.isfinite(level).all(axis=1)
    first = {one.name: one.order for one in study.conditions}
    condition = data.groups.set_index("group")["condition"]
    for group in dict.fromkeys(data.scores["group"]):
        own = drawn & (data.scores["group"] == group).to_numpy()
        order = first.get(str(condition.get(group, "")), ())
        for one in measured(study, value_of):
            cells = cells_of(data.scores[one.instrument].to_numpy(float)[own], level[own])
            found = [e for e in effects(cells, names) if e.names == (one.fact,)]
            n = sum(len(values) for values in cells.values)
            yield _row(str(group), one, n, found[0] if found else None) | {
                "asked_first": bool(order) and order[0] == one.instrument
            }


def _row(group: str, one: Measured, n: int, effect: Effect | None) -> dict[str, Any]:
    nan = float("nan")
    d, lower, upper = (effect.estimate, effect.lower, effect.upper) if effect else (nan, nan, nan)
    return {
        "group": group,
        "assigned": one.fact,
        "value": one.value,
        "role": one.role,
        "instrument": one.instrument,
        "expected_sign": one.sign,
        "n": n,
        "d": d,
        "d_lower": lower,
        "d_upper": upper,
        "path": as_path(d),
        "path_lower": as_path(lower),
        "path_upper": as_path(upper),
        "said": said(lower, upper, one.sign) if effect else None,
    }


def said(lower: float, upper: float, sign: int) -> Said:
    """As assigned or against where the 95 % interval excludes 0, else undecided."""
    if lower <= 0 <= upper:
        return Said.UNDECIDED
    return Said.AS_ASSIGNED if sign * lower > 0 else Said.AGAINST
