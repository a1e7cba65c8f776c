"""An action beside stated intentions: what sessions release of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pandas as pd

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.release.filled_forms import filled_forms
from vaar.analyses.release.headlines import headlines
from vaar.analyses.release.options import ReleaseOptions
from vaar.analyses.release.paths import release_paths
from vaar.analyses.release.section import release_section
from vaar.analyses.release.shares import shares, unread
from vaar.analyses.release.tables import PATHS, RELEASED
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.study.release_form import release_forms, wrong_forms
from vaar.tables.spec import TableSpec


class ReleaseAnalysis:
    """What is released of a record, and how values and stated acceptance lead to it."""

    name: ClassVar[str] = "release"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ReleaseOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (RELEASED, PATHS)

    def applies(self, study: Study) -> str:
        """It takes a release form, and a fact that says what its record holds."""
        if not any(release_forms(study)):
            return "the study has no release form"
        return wrong_forms(study)

    def run(
        self,
        data: Coded,
        options: ReleaseOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Code the forms, then fit the study's model with what was released."""
        work.on_stage("release forms")
        fields, forms = filled_forms(data.responses, data.study)
        if forms.empty:
            why = "no session was given the release form: every condition omits it"
            return Outcome(self.name, Status.NOT_APPLICABLE, why, options)
        share = released_share(forms, data.scores)
        tables = {
            "released": shares(fields, forms),
            "release_paths": release_paths(data.scores, share, data.study, options.estimator),
        }
        record = {"unread": dict(unread(forms))}
        if fields.empty:
            why = "no release form could be read"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, tables, record)
        return Outcome(self.name, Status.DONE, "", options, tables, record)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """What was released, in words first."""
        if outcome.status is Status.NOT_APPLICABLE:
            return None
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return release_section(tables, groups, outcome.options)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The share of the record that was given."""
        return headlines(RELEASED.of(outcome.tables), groups)


def released_share(forms: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Share of fields given, a value for each row of the scores; NaN where no form was read."""
    keys = ["group", "session"]
    by_session = forms.astype({"share": float}).groupby(keys)["share"].mean()
    index = pd.MultiIndex.from_frame(scores[keys])
    return pd.Series(by_session.reindex(index).to_numpy(float), scores.index)
