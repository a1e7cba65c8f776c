"""A finished analysis of a run: its groups, and what every kind of analysis found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from vaar.analyses.base import Analysis, Outcome, Status
from vaar.pipeline.results.sections import run_cautions, sections_of
from vaar.pipeline.rundir import RunDirectory
from vaar.report.fragment import fragment, next_key
from vaar.report.section import Caution, Section
from vaar.study.load import load_study


@dataclass(frozen=True)
class Analyzed:
    """A finished analysis of a run, computed or read.

    Every table of every outcome is an attribute too: ``analyzed.vaar``, ``analyzed.profile``.

    Attributes
    ----------
    directory : Path
        The run directory.
    name : str
        ``default``, or the name that it was given.
    groups : DataFrame
        One row per group: ``group``, ``respondent``, ``condition``, ``levels``, ``simulated``,
        ``people``.
    outcomes : mapping of str to Outcome
        By analysis, each after those it needs.
    options : mapping of str to object
        The options in force: those of the grouping under ``groups``, and of every analysis.
    stale : str
        Why the results no longer belong to what the run directory holds; empty where they do.
    left_out : mapping of str to str
        Results that were there before and could not be kept, and why; or that are stored and
        cannot be read, as this program does not know the analysis.
    analyses : mapping of str to Analysis
        Those that are known, by name.
    recoded : str
        How the answers changed, where the replies had been coded by other rules before; empty
        where they had not.
    redefined : str
        Says so where the rate that was stored before had another definition; else empty.
    """

    directory: Path
    name: str
    groups: pd.DataFrame
    outcomes: Mapping[str, Outcome]
    options: Mapping[str, Any]
    stale: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)
    analyses: Mapping[str, Analysis] = field(default_factory=dict, repr=False, compare=False)
    recoded: str = ""
    redefined: str = ""

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.tables if "outcomes" in self.__dict__ else {}
        if name in tables:
            return tables[name]
        raise AttributeError(f"there is no table {name!r}; there are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: t for one in self.outcomes.values() for name, t in one.tables.items()}

    @property
    def simulated(self) -> tuple[str, ...]:
        """Groups whose answers are simulated."""
        return tuple(self.groups.loc[self.groups["simulated"].astype(bool), "group"])

    @property
    def estimated(self) -> bool:
        """Whether every analysis could estimate at least one group."""
        return all(one.status is not Status.NOT_ESTIMABLE for one in self.outcomes.values())

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the report that the outcomes fill.

        Raises
        ------
        StudyError
            ``study.yaml`` is missing or damaged.
        """
        study = load_study(RunDirectory(self.directory).study, asked=True)
        return sections_of(self.outcomes, self.groups, study, self.analyses)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What must be said of the run and of these results, whatever was found."""
        stale = (Caution("out of date", f"{self.stale}."),) if self.stale else ()
        return (*run_cautions(self.groups), *stale)

    def _repr_html_(self) -> str:
        """What was found, for a notebook."""
        title = f"{self.directory}: analysis {self.name}"
        return fragment(title, self.sections, self.cautions, next_key())
