"""The groups of an analysis, as a table: whose answers each holds, and what its sessions share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

GROUPS = TableSpec(
    "groups",
    "a group",
    (
        ColumnSpec("group", "text", "", "its name in every table"),
        ColumnSpec("respondent", "text", "", "whose answers it holds"),
        ColumnSpec("condition", "text", "", "of the study; empty for people"),
        ColumnSpec("levels", "text", "", "factors that split it, each with its level, as JSON"),
        ColumnSpec("simulated", "flag", "", "whether the answers are simulated"),
        ColumnSpec("people", "flag", "", "whether they are people's: the human reference"),
    ),
)


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
    return GROUPS.checked(GROUPS.filled(rows))


def levels_of(cell: str) -> dict[str, str]:
    """The factors and levels in a cell of the column ``levels``."""
    return {str(name): str(level) for name, level in json.loads(cell or "{}").items()}


def _json(levels: Mapping[str, str]) -> str:
    return json.dumps(dict(levels), ensure_ascii=False)
