"""Which groups are held against which: people, models with each other, conditions of a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import pandas as pd


class Kind(StrEnum):
    """What two groups differ in."""

    PEOPLE = "people"
    MODELS = "models"
    CONDITIONS = "conditions"


@dataclass(frozen=True)
class Comparison:
    """Two groups; the difference is that of `one` less `other`."""

    kind: Kind
    one: str
    other: str


def comparisons(groups: pd.DataFrame) -> Iterator[Comparison]:
    """Every pair of groups that may be held against each other.

    Models are compared under the same condition and levels, real and simulated ones apart;
    conditions and levels within one model; every model with the people.

    Parameters
    ----------
    groups : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays them out.
    """
    rows = groups.to_dict("records")
    asked = [row for row in rows if not row["people"]]
    for person in (row for row in rows if row["people"]):
        for row in asked:
            yield Comparison(Kind.PEOPLE, str(row["group"]), str(person["group"]))
    for one, other in combinations(asked, 2):
        same_place = all(one[name] == other[name] for name in ("condition", "levels"))
        same_model = one["respondent"] == other["respondent"]
        if same_model and not same_place:
            yield Comparison(Kind.CONDITIONS, str(one["group"]), str(other["group"]))
        elif same_place and not same_model and one["simulated"] == other["simulated"]:
            yield Comparison(Kind.MODELS, str(one["group"]), str(other["group"]))


def contexts_of_models(groups: pd.DataFrame) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Condition, levels, and the groups of real models under them, never of others."""
    real = groups[~groups["people"].astype(bool) & ~groups["simulated"].astype(bool)]
    for (condition, levels), own in real.groupby(["condition", "levels"], sort=False):
        yield str(condition), str(levels), tuple(map(str, own["group"]))
