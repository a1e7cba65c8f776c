"""The groups of an analysis, as a table: whose answers each holds, and what its sessions share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

COLUMNS = ("group", "respondent", "condition", "levels", "simulated", "people")


@dataclass(frozen=True)
class AskedGroup:
    """A respondent in a condition, as the journal names it.

    Attributes
    ----------
    group : str
        Its name before it is split by design factors.
    """

    group: str
    respondent: str
    condition: str
    simulated: bool


def groups_table(
    asked: Iterable[AskedGroup],
    split: Mapping[str, Mapping[str, Mapping[str, str]]],
    people: Collection[str],
) -> pd.DataFrame:
    """Lay the groups out, one row each.

    Parameters
    ----------
    asked : iterable of AskedGroup
        In the order of the run.
    split : mapping
        For the name of a group before: the groups it was split into, each with the level of every
        factor that split it. A group that is not there stayed whole.
    people : collection of str
        Groups of people.

    Returns
    -------
    DataFrame
        ``group``, ``respondent``, ``condition``; ``levels``, a JSON object of factor and level
        (``{}`` where the group was not split); ``simulated`` and ``people``, flags.
    """
    rows = [
        (name, one.respondent, one.condition, _json(levels), one.simulated, False)
        for one in asked
        for name, levels in split.get(one.group, {one.group: {}}).items()
    ]
    rows += [(name, name, "", _json({}), False, True) for name in people]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"simulated": bool, "people": bool})


def levels_of(cell: str) -> dict[str, str]:
    """The factors and levels in a cell of the column ``levels``."""
    return {str(name): str(level) for name, level in json.loads(cell or "{}").items()}


def _json(levels: Mapping[str, str]) -> str:
    return json.dumps(dict(levels), ensure_ascii=False)
