"""How far a respondent agrees with statements that stand for nations, or other groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.national_values.agreement import agreement_table
from vaar.analyses.national_values.headlines import headlines
from vaar.analyses.national_values.items import items_table, wrong_items
from vaar.analyses.national_values.options import NationalValuesOptions
from vaar.analyses.national_values.section import national_section
from vaar.analyses.national_values.tables import AGREEMENT, ITEMS
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class NationalValuesAnalysis:
    """Agreement, order consistency, undecided replies and pull of the order."""

    name: ClassVar[str] = "national_values"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = NationalValuesOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (AGREEMENT, ITEMS)

    def applies(self, study: Study) -> str:
        """It takes statements with their opposites, of a group, a source and a topic."""
        return wrong_items(study)

    def run(
        self,
        data: Coded,
        options: NationalValuesOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Settle every item, then average over them."""
        work.on_stage("agreement with statements")
        items = items_table(data.responses, data.study, options.margin)
        if items.empty:
            return Outcome(self.name, Status.NOT_ESTIMABLE, "no item was asked", options)
        table = agreement_table(items, options.replicates, work.seed)
        tables = {"national_agreement": table, "national_items": items}
        if table["agreement"].isna().all():
            why = "no item was answered in both orders"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, tables)
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """The answer in words, a picture, then the tables."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return national_section(tables, groups, outcome.options)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """Agreement with the statements."""
        return headlines(AGREEMENT.of(outcome.tables), ITEMS.of(outcome.tables), groups)
