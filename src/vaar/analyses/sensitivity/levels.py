"""What a run varied: for every respondent the sessions of two levels that differ in one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from vaar.analyses.base import Coded
from vaar.analyses.temperatures import TEMPERATURE, differing
from vaar.scoring.design_factors import MAX_LEVELS, levels
from vaar.study.model import Condition, Study

WITHIN = ("order", "items", "options", "wording")
"""What differs between the sessions of one group."""

BETWEEN = ("history", "presentation", "response", "framing", "order")
"""What may set two conditions apart."""


@dataclass(frozen=True)
class Varied:
    """One thing that was varied for one respondent.

    Attributes
    ----------
    factor : str
        Such as ``options`` or ``history``.
    respondent, condition : str
        The condition is empty where conditions are what is compared. Of a temperature the
        respondent is the one that has the first level.
    level : Series
        The level of every session that takes part, as text, indexed as the scores; the first of
        its categories is what the others are held against.
    """

    factor: str
    respondent: str
    condition: str
    level: pd.Series

    @property
    def reference(self) -> str:
        """The level that the others are held against."""
        return str(self.level.cat.categories[0])

    @property
    def others(self) -> list[str]:
        """The other levels."""
        return [str(level) for level in self.level.cat.categories[1:]]


def varied(data: Coded) -> Iterator[Varied]:
    """Everything that a run varied, respondent by respondent; people are left out.

    Respondents that differ in their temperature alone are one model at several temperatures.
    """
    about = data.groups[~data.groups["people"].astype(bool)].astype({"group": str})
    about = about.set_index("group")
    rows = data.scores["group"].astype(str)
    rows = rows[rows.isin(about.index)]
    respondent, condition = rows.map(about["respondent"]), rows.map(about["condition"])
    for (who, where), own in rows.groupby([respondent, condition], sort=False):
        for name in WITHIN:
            if found := _within(_in_few_levels(data.design_factors[name].loc[own.index])):
                yield Varied(name, str(who), str(where), _ordered(*found))
    for who, own in rows.groupby(respondent, sort=False):
        for factor, level in _between(data.study, condition.loc[own.index]):
            yield Varied(factor, str(who), "", level)
    for degrees in differing(data.requests):
        own = respondent[respondent.isin(list(degrees))]
        for where, level in own.map(degrees).groupby(condition, sort=False):
            if level.nunique() > 1:
                asked = [degree for degree in degrees.values() if (level == degree).any()]
                first = next(name for name, degree in degrees.items() if degree == asked[0])
                yield Varied(TEMPERATURE, first, str(where), _ordered(level, asked))


def _in_few_levels(factor: pd.Series) -> pd.Series:
    """The factor; of orders that are too many, the questionnaire that came first."""
    if factor.name != "order" or factor.nunique() <= MAX_LEVELS:
        return factor
    return factor.str.split().str[0] + " first"


def _within(factor: pd.Series) -> tuple[pd.Series, list[str]] | None:
    known = factor.dropna()
    found = levels(known)
    return (known, found) if 2 <= len(found) <= MAX_LEVELS else None


def _between(study: Study, condition: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """Pairs of conditions that differ in one thing only, the earlier one of the study first."""
    asked = [one for one in study.conditions if (condition == one.name).any()]
    for k, one in enumerate(asked):
        for other in asked[k + 1 :]:
            apart = [name for name in BETWEEN if _said(one, name) != _said(other, name)]
            if len(apart) == 1:
                own = condition[condition.isin([one.name, other.name])]
                yield apart[0], _ordered(own, [one.name, other.name])


def _said(condition: Condition, name: str) -> object:
    return (condition.framing, condition.system) if name == "framing" else getattr(condition, name)


def _ordered(values: pd.Series, found: list[str]) -> pd.Series:
    return pd.Series(pd.Categorical(values.astype(str), found), values.index)
