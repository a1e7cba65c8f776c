"""The groups of a run: their one order on the page, their names, and which are simulated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count

import pandas as pd

from vaar.report.inputs import ReportInputs
from vaar.report.text import shorten, visible

SIMULATED = "simulated"
_LABEL_LIMIT = 30


@dataclass(frozen=True)
class Group:
    """The unit compared.

    Attributes
    ----------
    name : str
        As in the tables of the run: hostile text.
    label : str
        Short, unique and harmless, for charts; says so where the group is simulated.
    """

    name: str
    label: str
    simulated: bool


@dataclass(frozen=True)
class Groups:
    """All groups in the order of the leaderboard."""

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

    def sort(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows in the order of the leaderboard; rows of one group keep their order."""
        return frame.iloc[frame["group"].map(self.rank).argsort(kind="stable").to_numpy()]


def collect(inputs: ReportInputs) -> Groups:
    """Find every group that any table or record of the run names, highest VAAR first."""
    simulated = {
        group
        for respondent in inputs.run["respondents"]
        if respondent["simulated"]
        for group in respondent["groups"]
    }
    names = _ordered_names(inputs)
    labels = _labels(names, simulated)
    return Groups(
        tuple(
            Group(name, label, name in simulated) for name, label in zip(names, labels, strict=True)
        )
    )


def _ordered_names(inputs: ReportInputs) -> list[str]:
    estimable = inputs.vaar["status"] != "not_estimable"
    leaders = inputs.vaar[estimable].sort_values("vaar", ascending=False, kind="stable")
    return list(dict.fromkeys([*leaders["group"], *sorted(_all_names(inputs))]))


def _all_names(inputs: ReportInputs) -> set[str]:
    frames = (
        inputs.vaar,
        inputs.vaar_by_n,
        inputs.paths,
        inputs.profile,
        inputs.screening,
        inputs.sessions,
        inputs.responses,
    )
    names = {name for frame in frames for name in frame["group"].dropna().unique()}
    names.update(inputs.fit["groups"], inputs.fit["dropped"])
    return names.union(*(respondent["groups"] for respondent in inputs.run["respondents"]))


def _labels(names: list[str], simulated: set[str]) -> list[str]:
    labels: list[str] = []
    for name in names:
        label = shorten(visible(name).replace("\n", " "), _LABEL_LIMIT)
        if name in simulated and SIMULATED not in label:
            label = f"{label} ({SIMULATED})"
        labels.append(_unused(label, labels))
    return labels


def _unused(label: str, used: list[str]) -> str:
    candidates = chain([label], (f"{label} #{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate not in used)
