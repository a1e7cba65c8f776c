"""The profile: every group's mean on every scale, its reliability, and what was not answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.options import Options
from vaar.analyses.profile.headlines import headlines
from vaar.analyses.profile.personas import PERSONAS, personas_table
from vaar.analyses.profile.section import profile_section
from vaar.analyses.profile.tables import PROFILE, PROFILE_BY_FACTOR
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.scoring.profile import profile
from vaar.scoring.profile_by_factor import profile_by_factor
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


@dataclass(frozen=True)
class ProfileOptions(Options):
    """The profile has nothing to choose."""


class ProfileAnalysis:
    """Scale means with their intervals, by group, and by level of each factor that varied."""

    name: ClassVar[str] = "profile"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ProfileOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (PROFILE, PROFILE_BY_FACTOR, PERSONAS)

    def applies(self, study: Study) -> str:
        """Every study has a profile."""
        return ""

    def run(self, data: Coded, options: Any, earlier: Mapping[str, Outcome], work: Work) -> Outcome:
        """Describe the groups: tables ``profile`` and ``profile_by_factor``."""
        tables = {
            "profile": profile(data.responses, data.scores, data.study),
            "profile_by_factor": profile_by_factor(data.scores, data.design_factors, data.study),
            "personas": personas_table(data.scores["group"], data.design_factors["persona"]),
        }
        shuffled = int(data.design_factors["items"].eq("shuffled").sum())
        record = {"shuffled_sessions": shuffled}
        return Outcome(self.name, Status.DONE, "", options, tables, record)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """Means first as pictures, then what varied, then how good the answers are."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return profile_section(tables, outcome.record, groups, study)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The means of questionnaires."""
        return headlines(PROFILE.of(outcome.tables), groups, study)
