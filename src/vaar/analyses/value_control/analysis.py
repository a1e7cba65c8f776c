"""What shifts of a model's activations towards a value do, beside prompts and random shifts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.value_control.arms import SHIFT, wrong_arms
from vaar.analyses.value_control.compare import arms_table
from vaar.analyses.value_control.headlines import headlines
from vaar.analyses.value_control.items import items_table
from vaar.analyses.value_control.measured import fluency_table, layers_table, probes_table
from vaar.analyses.value_control.options import ValueControlOptions
from vaar.analyses.value_control.section import control_section
from vaar.analyses.value_control.tables import ARM_TABLE, TABLES
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class ValueControlAnalysis:
    """Dilemmas, stated values and neutral questions, by what was done to the model."""

    name: ClassVar[str] = "value_control"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ValueControlOptions
    tables: ClassVar[tuple[TableSpec, ...]] = TABLES

    def applies(self, study: Study) -> str:
        """It takes dilemmas of a value, asked with and without a shift."""
        return wrong_arms(study)

    def run(
        self,
        data: Coded,
        options: ValueControlOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Score every question in every arm, then compare the arms."""
        work.on_stage("value control")
        items = items_table(data.responses, data.groups, data.study)
        if not (items["arm"].eq(SHIFT) & items["score"].notna()).any():
            why = "no question was answered under a shift"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options)
        tables = {
            "control_arms": arms_table(items, options.replicates, work.seed),
            "control_probes": probes_table(data.requests),
            "control_layers": layers_table(data.requests),
            "control_fluency": fluency_table(data.requests),
            "control_items": items,
        }
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """The answer in words, the changes as a picture, then the tables."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return control_section(tables, outcome.options)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The change under every shift."""
        return headlines(ARM_TABLE.of(outcome.tables), groups)
