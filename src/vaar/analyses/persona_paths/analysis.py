"""Whether values lead to actions within a persona, between personas, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pandas as pd

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.screening.cells import without_small_cells
from vaar.analyses.alignment.screening.prepare import without_design
from vaar.analyses.alignment.screening.screen import Screened, screen
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.persona_paths.headlines import headlines
from vaar.analyses.persona_paths.options import PersonaPathsOptions
from vaar.analyses.persona_paths.paths import of_personas, persona_paths, too_few
from vaar.analyses.persona_paths.section import persona_section
from vaar.analyses.persona_paths.tables import PERSONA_PATHS
from vaar.analyses.persona_paths.two_level_model import not_written
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class PersonaPathsAnalysis:
    """The study's model with sessions within personas, in every group alone."""

    name: ClassVar[str] = "persona_paths"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = PersonaPathsOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (PERSONA_PATHS,)

    def applies(self, study: Study) -> str:
        """It takes personas, and a plain structural model with hypotheses."""
        if not study.personas:
            return "the study gives no personas"
        if not study.structural_model.strip() or not study.hypotheses:
            return "the study has no structural model with hypotheses"
        return not_written(study.structural_model)

    def run(
        self,
        data: Coded,
        options: PersonaPathsOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Fit the two levels of every group."""
        work.on_stage("paths within and between personas")
        screened = without_small_cells(screen(data.scores, data.study), data)
        scores = _scores(screened, data)
        table = persona_paths(scores, data.study, options.estimator, _refused(screened, data))
        tables = {"persona_paths": table}
        if not table["std_se"].notna().any():
            why = "; ".join(dict.fromkeys(table["why_not"])) or "no session has a persona"
            sessions = of_personas(scores).groupby("group", observed=True)
            few = not screened.refused and all(too_few(own) for _, own in sessions)
            status = Status.NOT_APPLICABLE if few else Status.NOT_ESTIMABLE
            return Outcome(self.name, status, why, options, tables)
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """What holds within personas, in words first."""
        table = PERSONA_PATHS.of(outcome.tables)
        return persona_section(groups.sort(table), groups, study, outcome.options)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """Every path at both levels."""
        return headlines(PERSONA_PATHS.of(outcome.tables), groups)


def _scores(screened: Screened, data: Coded) -> pd.DataFrame:
    """Scores that are left, without the effects of the design."""
    options = AlignmentOptions()
    return without_design(screened.scores, data, options, data.study.structural_model)[0]


def _refused(screened: Screened, data: Coded) -> pd.DataFrame:
    """The groups that were left out before: why, and how many sessions of personas they have."""
    given = of_personas(data.scores)
    own = given[given["group"].isin(list(screened.refused))].groupby("group", observed=True)
    sizes = own["persona"].agg(n_sessions="size", n_personas="nunique").reset_index()
    return sizes.assign(why_not=sizes["group"].map(dict(screened.refused)))
