"""A run as a comparison takes it: whose figures it holds, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from vaar.analyses.headlines import Headline
from vaar.study.model import Study


@dataclass(frozen=True)
class Reading:
    """One figure of a run.

    Attributes
    ----------
    analysis : str
        Which offered it.
    options : mapping
        The options in force, by analysis: its own, those of what it needs, and of the grouping.
    """

    analysis: str
    options: Mapping[str, Mapping[str, Any]] = field(repr=False)
    headline: Headline


@dataclass(frozen=True)
class ComparedRun:
    """One run.

    Attributes
    ----------
    label : str
        Its name in the comparison, which no other has.
    directory : str
        Where it is.
    started : str
        When, in ISO 8601; empty where that is not known.
    items : DataFrame
        Mean answer of every respondent to every item, see
        :data:`vaar.comparison.tables.ITEMS`.
    facts : mapping of (str, str) to str
        By what it is a fact of (a respondent; empty: the whole run) and its name: versions,
        providers, options.
    state : str
        Equal for two runs with the same sessions and replies.
    lacks : mapping of str to str
        Analyses that its study could have and that are not there, and why.
    cautions : tuple of str
        What must be said of it, such as sessions that are pending.
    """

    label: str
    directory: str
    study: Study = field(repr=False)
    started: str
    readings: tuple[Reading, ...] = field(repr=False)
    items: pd.DataFrame = field(repr=False)
    facts: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    state: str = ""
    lacks: Mapping[str, str] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()

    @cached_property
    def respondents(self) -> tuple[str, ...]:
        """Names of the models that it asked, in their order."""
        models = (r.headline.respondent for r in self.readings if not r.headline.people)
        return tuple(dict.fromkeys(models))
