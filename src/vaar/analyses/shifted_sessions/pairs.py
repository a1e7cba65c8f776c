"""Which groups answered under a shift, and which is the same without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from vaar.study.conditions import Condition, Shift
from vaar.study.model import Study

RANDOM = "in random direction"
"""How the words for a random shift begin."""

_FOUND_OUT = ("shift", "measured", "adaptations", "probe_accuracy", "value_pairs")


@dataclass(frozen=True)
class ShiftedPair:
    """A group that was shifted, and the one that differs from it in nothing else."""

    group: str
    base: str
    shift: Shift

    @property
    def words(self) -> str:
        """``towards privacy``, ``away from privacy``, ``in random direction 1 …``."""
        if self.shift.random:
            return f"{RANDOM} {self.shift.random}, as far as towards {self.shift.value}"
        return f"{'away from' if self.shift.lowers else 'towards'} {self.shift.value}"

    def controls(self, other: ShiftedPair) -> bool:
        """Whether it pushes as far as another, in a random direction."""
        alike = replace(self.shift, random=0) == other.shift
        return bool(self.shift.random) and alike and self.base == other.base


def shifted_pairs(
    groups: pd.DataFrame, requests: Mapping[str, Any], study: Study
) -> Iterator[ShiftedPair]:
    """Every shifted group whose model was also asked as it is, in the same way.

    Parameters
    ----------
    groups : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays them out.
    requests : mapping
        By respondent, what it was sent: with ``shift`` where it is shifted in all it does.
    """
    rows = groups[~groups["people"].astype(bool)].to_dict("records")
    for row in rows:
        shift = _shift_of(row, requests, study)
        base = shift and next((r for r in rows if _is_base(r, row, requests, study)), None)
        if shift and base:
            yield ShiftedPair(str(row["group"]), str(base["group"]), shift)


def _shift_of(row: Mapping[Any, Any], requests: Mapping[str, Any], study: Study) -> Shift | None:
    own = study.condition[row["condition"]].shift
    told = _record(requests, row["respondent"]).get("shift")
    return own or (Shift(**told) if isinstance(told, Mapping) else None)


def _is_base(
    one: Mapping[Any, Any], shifted: Mapping[Any, Any], requests: Mapping[str, Any], study: Study
) -> bool:
    if _shift_of(one, requests, study) is not None or one["levels"] != shifted["levels"]:
        return False
    conditions = [_unshifted(study.condition[row["condition"]]) for row in (one, shifted)]
    names = [row["respondent"] for row in (one, shifted)]
    records = [_unshifted_record(_record(requests, name)) for name in names]
    same_model = names[0] == names[1] or (bool(records[0]) and records[0] == records[1])
    return conditions[0] == conditions[1] and same_model


def _unshifted(condition: Condition) -> Condition:
    return replace(condition, name="", shift=None)


def _record(requests: Mapping[str, Any], respondent: str) -> Mapping[str, Any]:
    found = requests.get(respondent)
    return found if isinstance(found, Mapping) else {}


def _unshifted_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a respondent is sent but for its shift, in each of its forms too."""
    return {
        name: _unshifted_record(value) if isinstance(value, Mapping) else value
        for name, value in record.items()
        if name not in _FOUND_OUT
    }
