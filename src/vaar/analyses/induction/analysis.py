"""Assigned values: does a respondent that is told to hold a value act on it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.conflict.design import wrong_facts
from vaar.analyses.headlines import Headline
from vaar.analyses.induction.effects import induced
from vaar.analyses.induction.headlines import headlines
from vaar.analyses.induction.options import InductionOptions
from vaar.analyses.induction.section import induction_section
from vaar.analyses.induction.tables import INDUCTION
from vaar.errors import OptionError
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.study.structural_model import read_structure
from vaar.tables.spec import TableSpec


class InductionAnalysis:
    """Effects of values that were assigned at random."""

    name: ClassVar[str] = "induction"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = InductionOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (INDUCTION,)

    def applies(self, study: Study) -> str:
        """It takes facts that are drawn for every session, and hypotheses."""
        if not study.variation.facts:
            return "the study draws no facts"
        return "" if study.hypotheses else "the study has no hypotheses"

    def run(
        self,
        data: Coded,
        options: InductionOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Compare the sessions that were assigned more of a value with those assigned less.

        Raises
        ------
        OptionError
            A fact or a value is none of the study, or a fact has more levels than two.
        """
        if not options.assigned:
            why = "no fact assigns a value; `--set induction.assigned=FACT=VALUE` names one"
            return Outcome(self.name, Status.NOT_APPLICABLE, why, options)
        if why := _wrong(data.study, options):
            raise OptionError(f"induction.assigned: {why}")
        work.on_stage("effects of assigned values")
        table = INDUCTION.filled(induced(data, options.value_of))
        if table["d"].isna().all():
            why = "no group has two sessions in every cell of the assigned values"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, {INDUCTION.name: table})
        return Outcome(self.name, Status.DONE, "", options, {INDUCTION.name: table})

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """What assigned values did, and what that does not show."""
        table = INDUCTION.of(outcome.tables)
        return None if table.empty else induction_section(table, groups)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The effect of every assigned value."""
        return headlines(INDUCTION.of(outcome.tables), groups)


def _wrong(study: Study, options: InductionOptions) -> str:
    if why := wrong_facts(study, tuple(options.value_of)):
        return why
    known = read_structure(study.structural_model).indicators
    predictors = {h.predictor for h in study.hypotheses}
    for value in options.value_of.values():
        if value not in predictors:
            told = ", ".join(name for name in known if name in predictors)
            return f"no hypothesis has the predictor {value!r}; there are {told}"
    return ""
