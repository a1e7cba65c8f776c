"""The groups of a run: their order, their names, and which are simulated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count

import pandas as pd
from markupsafe import Markup

from vaar.tables import html
from vaar.tables.table import Cell, Column, Record
from vaar.tables.text import NO_VALUE, is_missing, on_one_line, shorten

SIMULATED = "simulated"
_LABEL_LIMIT = 36
_NAME_LIMIT = 60


@dataclass(frozen=True)
class Group:
    """The unit compared.

    Attributes
    ----------
    name : str
        As in the tables of the run: hostile text.
    label : str
        Short, unique and harmless, for charts; says so where the group is simulated.
    people : bool
        Whether it holds people whose answers were supplied as the reference.
    respondent, condition : str
        Who answered, and how; empty where it is not told.
    levels : mapping of str to str
        The level of every factor that split the group.
    """

    name: str
    label: str
    simulated: bool = False
    people: bool = False
    respondent: str = ""
    condition: str = ""
    levels: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def tag(self) -> str:
        """The word that marks it, or none."""
        return SIMULATED if self.simulated else ""

    @property
    def strong(self) -> Markup:
        """The name, shortened and set in bold for a sentence, with its mark."""
        return Markup("<b>{}</b>{}").format(
            html.name(shorten(self.name, _NAME_LIMIT)), html.tag(self.tag, joined=True)
        )


@dataclass(frozen=True)
class Groups:
    """All groups: people first, then in the order of the run or of a result."""

    ordered: tuple[Group, ...]

    @classmethod
    def of(cls, table: pd.DataFrame) -> Groups:
        """Read them from ``groups.csv``."""
        records = table.sort_values("people", ascending=False, kind="stable").to_dict("records")
        labels = _labels([(str(r["group"]), bool(r["simulated"])) for r in records])
        return cls(
            tuple(
                Group(
                    str(record["group"]),
                    label,
                    bool(record["simulated"]),
                    bool(record["people"]),
                    str(record["respondent"]),
                    str(record["condition"]),
                    json.loads(record["levels"] or "{}"),
                )
                for record, label in zip(records, labels, strict=True)
            )
        )

    @cached_property
    def by_name(self) -> dict[str, Group]:
        """Groups by name."""
        return {group.name: group for group in self.ordered}

    @cached_property
    def rank(self) -> dict[str, int]:
        """Place of each name, counted from 0."""
        return {group.name: rank for rank, group in enumerate(self.ordered)}

    def __iter__(self) -> Iterator[Group]:
        return iter(self.ordered)

    def __len__(self) -> int:
        return len(self.ordered)

    def __getitem__(self, name: str) -> Group:
        """The group of this name; one that the run does not name stands for itself."""
        return self.by_name.get(name) or Group(name, label_of(name, False))

    @property
    def asked(self) -> tuple[Group, ...]:
        """The groups of models."""
        return tuple(group for group in self if not group.people)

    @property
    def people(self) -> tuple[Group, ...]:
        """The groups of people."""
        return tuple(group for group in self if group.people)

    def led_by(self, names: Iterable[str]) -> Groups:
        """People, then these groups in this order, then the others by name."""
        others = sorted(group.name for group in self.asked)
        first = [group for group in names if group in self.by_name]
        order = dict.fromkeys([*(group.name for group in self.people), *first, *others])
        return Groups(tuple(self.by_name[name] for name in order))

    def sort(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows in the order of the groups; rows of one group keep their order."""
        ranks = frame["group"].map(lambda name: self.rank.get(name, len(self)))
        return frame.iloc[ranks.astype(int).argsort(kind="stable").to_numpy()]


def label_of(name: str, simulated: bool) -> str:
    """A name as a chart shows it: shortened, harmless, and marked where it is simulated."""
    label = shorten(on_one_line(name), _LABEL_LIMIT)
    return f"{label} ({SIMULATED})" if simulated and SIMULATED not in label else label


def group_column(groups: Groups) -> Column:
    """The column that names the group and marks it where it is simulated."""

    def cell(record: Record) -> Cell:
        if is_missing(record["group"]):
            return Cell(NO_VALUE, "name")
        group = groups[str(record["group"])]
        return Cell(group.name, "name", tag=group.tag)

    return Column("Group", cell, "name")


def _labels(names: Iterable[tuple[str, bool]]) -> list[str]:
    labels: list[str] = []
    for name, simulated in names:
        candidate = label_of(name, simulated)
        candidates = chain([candidate], (f"{candidate} #{n}" for n in count(2)))
        labels.append(next(label for label in candidates if label not in labels))
    return labels
