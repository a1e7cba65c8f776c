"""The groups of a run: their one order on the page, their names, and which are simulated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count

import pandas as pd

from vaar.report.inputs import ReportInputs
from vaar.tables.table import Cell, Column, Record
from vaar.tables.text import shorten, visible

SIMULATED = "simulated"
_LABEL_LIMIT = 36


@dataclass(frozen=True)
class Group:
    """The unit compared.

    Attributes
    ----------
    name : str
        As in the tables of the run: hostile text.
    label : str
        Short, unique and harmless, for charts; says so where the group is simulated.
    asked : bool
        False for people whose answers were supplied as the reference: they have no VAAR.
    """

    name: str
    label: str
    simulated: bool
    asked: bool


@dataclass(frozen=True)
class Groups:
    """All groups: the human reference if there is one, then the order of the leaderboard."""

    ordered: tuple[Group, ...]

    @cached_property
    def by_name(self) -> dict[str, Group]:
        return {group.name: group for group in self.ordered}

    @cached_property
    def rank(self) -> dict[str, int]:
        return {group.name: rank for rank, group in enumerate(self.ordered)}

    def __iter__(self) -> Iterator[Group]:
        return iter(self.ordered)

    def __len__(self) -> int:
        return len(self.ordered)

    @property
    def asked(self) -> tuple[Group, ...]:
        """The groups that a VAAR is asked of."""
        return tuple(group for group in self if group.asked)

    def sort(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows in the order of the leaderboard; rows of one group keep their order."""
        return frame.iloc[frame["group"].map(self.rank).argsort(kind="stable").to_numpy()]


def collect(inputs: ReportInputs) -> Groups:
    """Find every group that any table or record of the run names."""
    simulated = {
        group
        for respondent in inputs.run["respondents"]
        if respondent["simulated"]
        for group in respondent["groups"]
    }
    asked = _asked_names(inputs)
    names = _ordered_names(inputs, asked)
    labels = _labels(names, simulated)
    return Groups(
        tuple(
            Group(name, label, name in simulated, name in asked)
            for name, label in zip(names, labels, strict=True)
        )
    )


def _asked_names(inputs: ReportInputs) -> set[str]:
    planned = (respondent["groups"] for respondent in inputs.run["respondents"])
    return set(inputs.sessions["group"]).union(inputs.vaar["group"], *planned)


def _ordered_names(inputs: ReportInputs, asked: set[str]) -> list[str]:
    estimable = inputs.vaar["status"] != "not_estimable"
    leaders = inputs.vaar[estimable].sort_values("vaar", ascending=False, kind="stable")
    people = sorted(_all_names(inputs) - asked)
    return list(dict.fromkeys([*people, *leaders["group"], *sorted(asked)]))


def _all_names(inputs: ReportInputs) -> set[str]:
    frames = (
        inputs.vaar_by_n,
        inputs.paths,
        inputs.profile,
        inputs.screening,
        inputs.responses,
    )
    names = {name for frame in frames for name in frame["group"].dropna().unique()}
    return names.union(inputs.fit["groups"], inputs.fit["dropped"])


def _labels(names: list[str], simulated: set[str]) -> list[str]:
    labels: list[str] = []
    for name in names:
        labels.append(_unused(label_of(name, name in simulated), labels))
    return labels


def label_of(name: str, simulated: bool) -> str:
    """A name as a chart shows it: shortened, harmless, and marked where it is simulated."""
    label = shorten(visible(name).replace("\n", " "), _LABEL_LIMIT)
    return f"{label} ({SIMULATED})" if simulated and SIMULATED not in label else label


def _unused(label: str, used: list[str]) -> str:
    candidates = chain([label], (f"{label} #{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate not in used)


def group_column(groups: Groups) -> Column:
    """The column that names the group and marks it where it is simulated."""

    def cell(record: Record) -> Cell:
        group = groups.by_name[record["group"]]
        return Cell(group.name, "name", tag=SIMULATED if group.simulated else "")

    return Column("Group", cell, "name")
