"""What an analysis is: coded answers go in; tables, a record and a section of the report come out.

An analysis is one object of a class that has the attributes of :class:`Analysis`; nothing need be
inherited. :mod:`vaar.analyses.registry` lists those of this package, and
``vaar.analyze(directory, analyses=[Mine()])`` adds others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import pandas as pd

from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.sem import MapChunks
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class Status(StrEnum):
    """How an analysis ended."""

    DONE = "done"
    NOT_ESTIMABLE = "not_estimable"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Coded:
    """The coded answers of a run, under the groups that the analysis compares.

    Attributes
    ----------
    study : Study
    responses : DataFrame
        One row per session × item: see :data:`vaar.responses.schema.SCHEMA`.
    scores : DataFrame
        One row per session: keyed item answers and scale scores, from
        :func:`vaar.scoring.scales.score`.
    design_factors : DataFrame
        What each session was given, as text, indexed as the scores: see
        :func:`vaar.scoring.design_factors.design_factors`.
    groups : DataFrame
        One row per group: see :func:`vaar.analyses.groups.groups_table`.
    by : tuple of str
        Design factors whose levels split each respondent's group.
    people : DataFrame or None
        What the human reference tells of people beside their answers, as text, indexed by session
        (−1, −2, …); None where there is no human reference.
    people_source : str
        Where people's answers are from, and what became of its rows, in words.
    requests : mapping
        By respondent, what it was sent beside the conversations, and what was measured of it while
        it was asked, as ``run.json`` has them.
    repeated : mapping of str to int
        Sessions that were left out because another one of the same seed is the same word by word,
        by group; where groups were split, those of the whole.
    """

    study: Study
    responses: pd.DataFrame
    scores: pd.DataFrame
    design_factors: pd.DataFrame
    groups: pd.DataFrame
    by: tuple[str, ...] = ()
    people: pd.DataFrame | None = None
    people_source: str = ""
    requests: Mapping[str, Any] = field(default_factory=dict)
    repeated: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """With what an analysis works; nothing of it changes a result but the seed.

    Attributes
    ----------
    on_stage : callable
        Told in a few words what is being done.
    map_chunks : callable or None
        Computes chunks of bootstrap replicates elsewhere; see :func:`vaar.sem.bootstrap`.
    threads : int
        Threads or processes that may be used side by side.
    seed : int
        Seed of what is drawn, where an analysis has no such option of its own.
    """

    on_stage: Callable[[str], None] = lambda stage: None
    map_chunks: MapChunks | None = None
    threads: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What an analysis found.

    Attributes
    ----------
    analysis : str
        Its name.
    status : Status
    reason : str
        Why it was not done, or why nothing could be estimated; else empty.
    options : dataclass instance
        The options that were in force.
    tables : mapping of str to DataFrame
        By name, as its :attr:`Analysis.tables` specifies them.
    record : mapping
        What belongs in no table; it can be written as JSON.
    kept : mapping
        Objects for later analyses of the same call, such as a fit; they are not stored, and an
        outcome that was read has none.
    """

    analysis: str
    status: Status
    reason: str
    options: Any
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


class Analysis(Protocol):
    """One kind of result, from the options it takes to the section of the report it fills.

    The first four members may be plain attributes of the class.
    """

    @property
    def name(self) -> str:
        """Letters, digits and low lines; names its folder and its options."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the analyses whose outcomes it uses."""
        ...

    @property
    def options(self) -> type:
        """A frozen dataclass with a default for every field: see :mod:`vaar.analyses.options`."""
        ...

    @property
    def tables(self) -> tuple[TableSpec, ...]:
        """The tables that its outcomes hold."""
        ...

    def applies(self, study: Study) -> str:
        """Return an empty string, or why a study like this cannot have the analysis."""
        ...

    def run(self, data: Coded, options: Any, earlier: Mapping[str, Outcome], work: Work) -> Outcome:
        """Analyse; ``earlier`` holds the outcomes of :attr:`needs`, all of them done.

        Raises
        ------
        DataError
            What was asked for cannot be had of these data.
        """
        ...

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """Return the section of the report, or None where there is nothing to show."""
        ...
