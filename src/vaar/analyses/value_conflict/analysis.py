"""Does a respondent act on a value only while it believes itself unobserved?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.value_conflict.further_arms import (
    further_arms,
    motives_table,
    oversight_table,
)
from vaar.analyses.value_conflict.gaps import (
    arms_table,
    correlations_table,
    gaps_table,
    stated_scores,
    values_table,
)
from vaar.analyses.value_conflict.headlines import headlines
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import scenarios, units, wrong_scenarios
from vaar.analyses.value_conflict.section import conflict_section
from vaar.analyses.value_conflict.tables import (
    ARM_TABLE,
    BY_VALUE,
    CORRELATIONS,
    GAPS,
    MOTIVES,
    OVERSIGHT,
    SCENARIOS,
)
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class ValueConflictAnalysis:
    """Compliance with a policy against a value, by what is told of observation."""

    name: ClassVar[str] = "value_conflict"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ValueConflictOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (
        *(GAPS, ARM_TABLE, OVERSIGHT, MOTIVES, BY_VALUE, CORRELATIONS, SCENARIOS),
    )

    def applies(self, study: Study) -> str:
        """It takes scenarios with a value and a policy, in arms that differ in observation."""
        return wrong_scenarios(study)

    def run(
        self,
        data: Coded,
        options: ValueConflictOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Count compliance in every scenario, then compare the arms."""
        work.on_stage("value conflict")
        further = further_arms(list(data.study.condition))
        found = scenarios(data.responses, data.groups, data.study, further)
        if found.empty:
            why = "no scenario was asked"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options)
        values = list(dict.fromkeys(found["value"]))
        stated = stated_scores(data.scores, units(data.groups), values)
        by_value = values_table(found, stated, options, work.seed)
        gaps = gaps_table(found, options, work.seed)
        tables = {
            "compliance_gaps": gaps,
            "compliance_arms": arms_table(found, options, work.seed),
            "compliance_oversight": oversight_table(found, options, work.seed),
            "compliance_motives": motives_table(found, options, work.seed),
            "compliance_values": by_value,
            "compliance_correlations": correlations_table(by_value),
            "compliance_scenarios": found[list(SCENARIOS.names)],
        }
        if gaps["gap"].isna().all():
            why = "no scenario was asked both monitored and unmonitored"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, tables)
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """The answer in words, the gaps, then the tables."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return conflict_section(tables, groups, outcome.options)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The gap of every respondent, and its variants."""
        gaps, found = GAPS.of(outcome.tables), SCENARIOS.of(outcome.tables)
        return headlines(gaps, found, outcome.options.plain_share, groups)
