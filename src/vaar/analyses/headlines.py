"""Headline figures: what an analysis offers to be set beside other measures and other runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypedDict, runtime_checkable

from vaar.analyses.base import Outcome
from vaar.errors import DataError
from vaar.report.groups import Group, Groups
from vaar.study.model import Study

_NAME = re.compile(r"[a-z][a-z0-9_]*")

Units = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Headline:
    """One figure of one respondent, with its interval.

    Attributes
    ----------
    respondent : str
        Who answered, by the name that it has in every run.
    measure : str
        Its name within the analysis: letters, digits and low lines.
    title : str
        What it is, as a reader says it.
    short : str
        The same in a few letters, for narrow tables; empty: the title.
    value : float
        NaN where there is none.
    lower, upper : float
        Ends of its 95 % interval; NaN where there is none.
    facet : str
        What tells it from others of this measure and respondent: the condition, a scale, a nation.
    unit : str
        ``degrees``, ``scale points``, …; empty: a share, or a number near 1.
    words : str
        The verdict, or why there is no value.
    flaw : str
        Why the figure shows nothing of what it is named for, such as answers that follow the order
        of the options; it is then shown, and neither correlated nor contrasted.
    leading : bool
        Whether it is correlated with other measures, over models; the others are parts or variants.
    simulated, people : bool
        Whose answers they are.
    units : mapping of (str, str) to float
        The values whose mean the figure is, by cluster and unit, such as topic and item, where
        other runs ask the same: the difference of two runs is then taken unit by unit. A unit that
        belongs to no cluster is its own.

    Raises
    ------
    DataError
        The name of the measure is not one.
    """

    respondent: str
    measure: str
    title: str
    value: float
    lower: float = float("nan")
    upper: float = float("nan")
    facet: str = ""
    short: str = ""
    unit: str = ""
    words: str = ""
    flaw: str = ""
    leading: bool = True
    simulated: bool = False
    people: bool = False
    units: Units = field(default_factory=dict, repr=False, hash=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.measure):
            raise DataError(
                f"a headline figure is named {self.measure!r}; a name is made of a–z, 0–9 and _, "
                "and begins with a letter"
            )


@runtime_checkable
class OffersHeadlines(Protocol):
    """An analysis whose figures can be compared over respondents and runs."""

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterable[Headline]:
        """Its figures, from the stored tables alone; none where the outcome has none."""
        ...


class Whose(TypedDict):
    """Whose figure it is, and of what: as a :class:`Headline` takes it."""

    respondent: str
    facet: str
    simulated: bool
    people: bool


def whose(group: Group, further: str = "") -> Whose:
    """Whose figures those of a group are.

    Parameters
    ----------
    further : str
        What else tells the figure apart, beside condition and levels.
    """
    levels = [f"{name} {level}" for name, level in group.levels.items()]
    parts = [group.condition, *levels, further]
    return Whose(
        respondent=group.respondent or group.name,
        facet=", ".join(part for part in parts if part),
        simulated=group.simulated,
        people=group.people,
    )


class Figure(TypedDict):
    """A figure with the ends of its interval: as a :class:`Headline` takes them."""

    value: float
    lower: float
    upper: float


def figure(record: Mapping[Any, Any], name: str, lower: str = "", upper: str = "") -> Figure:
    """The figure of a row and its ends; by default the fields ``name_lower``, ``name_upper``."""
    ends = lower or f"{name}_lower", upper or f"{name}_upper"
    return Figure(
        value=float(record[name]), lower=float(record[ends[0]]), upper=float(record[ends[1]])
    )
