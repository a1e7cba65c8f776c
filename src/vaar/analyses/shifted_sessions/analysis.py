"""The study's own sessions under a shift: what is said and released, and what paths become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import Field

from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.contrasts.analysis import ContrastsAnalysis
from vaar.analyses.options import Options, option
from vaar.analyses.shifted_sessions.outcomes import outcomes_table
from vaar.analyses.shifted_sessions.pairs import shifted_pairs
from vaar.analyses.shifted_sessions.paths import paths_table, untold
from vaar.analyses.shifted_sessions.paths_section import paths_section
from vaar.analyses.shifted_sessions.section import outcomes_section
from vaar.analyses.shifted_sessions.tables import OUTCOMES, PATHS
from vaar.analyses.value_control.arms import wrong_arms
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec

_NONE = "no model was asked both as it is and under a shift"


@dataclass(frozen=True)
class ShiftedSessionsOptions(Options):
    """How the change of answers is described."""

    replicates: Annotated[int, Field(ge=0)] = option(
        2000, "Bootstrap replicates over pairs of sessions, for intervals."
    )


class ShiftedSessionsAnalysis:
    """Scores and releases under a shift less those of the same sessions without."""

    name: ClassVar[str] = "shifted_sessions"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ShiftedSessionsOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (OUTCOMES,)

    def applies(self, study: Study) -> str:
        """It takes any study but one of dilemmas, whose own analysis tells what shifts do."""
        return "" if wrong_arms(study) else "the analysis value_control tells what its shifts do"

    def run(
        self,
        data: Coded,
        options: ShiftedSessionsOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Hold every shifted group against its base."""
        pairs = list(shifted_pairs(data.groups, data.requests, data.study))
        if not pairs:
            return Outcome(self.name, Status.NOT_APPLICABLE, _NONE, options)
        work.on_stage("sessions under a shift")
        table = outcomes_table(data, pairs, options.replicates, work.seed)
        return Outcome(self.name, Status.DONE, "", options, {OUTCOMES.name: table})

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """What is accepted and released, in words first."""
        if outcome.status is not Status.DONE:
            return None
        table = OUTCOMES.of(outcome.tables)
        return outcomes_section(table, groups, study, outcome.options.replicates)


@dataclass(frozen=True)
class ShiftedPathsOptions(Options):
    """There is nothing to choose: the contrasts have their own options."""


class ShiftedPathsAnalysis:
    """Paths under a shift less those of the same sessions without."""

    name: ClassVar[str] = "shifted_paths"
    needs: ClassVar[tuple[str, ...]] = (AlignmentAnalysis.name, ContrastsAnalysis.name)
    options: ClassVar[type] = ShiftedPathsOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (PATHS,)

    def applies(self, study: Study) -> str:
        """It takes what the contrasts take."""
        return ContrastsAnalysis().applies(study)

    def run(
        self,
        data: Coded,
        options: ShiftedPathsOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Take the contrasts of every shifted group with its base."""
        pairs = list(shifted_pairs(data.groups, data.requests, data.study))
        if not pairs:
            return Outcome(self.name, Status.NOT_APPLICABLE, _NONE, options)
        contrasts, rates = earlier[ContrastsAnalysis.name], earlier[AlignmentAnalysis.name]
        table = paths_table(contrasts.tables["contrasts"], pairs)
        vaar = rates.tables["vaar"]
        record = {
            "comparable": contrasts.record["comparable"],
            "untold": list(untold(table, vaar, pairs)),
            "flags": _flags(table, vaar),
        }
        tables = {PATHS.name: PATHS.of({}) if table.empty else table}
        if table.empty:
            why = "no path could be estimated both with and without a shift"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, tables, record)
        return Outcome(self.name, Status.DONE, "", options, tables, record)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """What becomes of the paths, in words first."""
        if outcome.status is Status.NOT_APPLICABLE:
            return None
        return paths_section(PATHS.of(outcome.tables), outcome.record, groups)


def _flags(table: pd.DataFrame, rates: pd.DataFrame) -> dict[str, str]:
    """Why groups whose paths were contrasted are in no ranking, by group."""
    held = {*table["group"], *table["base"]} if len(table) else set()
    rows = rates[rates["group"].isin(held) & rates["flag"].fillna("").ne("")]
    return dict(zip(rows["group"].astype(str), rows["flag"].astype(str), strict=True))
