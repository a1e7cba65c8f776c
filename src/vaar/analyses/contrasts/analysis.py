"""Contrasts: models with people, with each other, and under their conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from vaar.analyses.alignment.align import Alignment
from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.contrasts.contrast_table import contrast_table, counted, surest
from vaar.analyses.contrasts.people import ceiling_table, people_table
from vaar.analyses.contrasts.pooling import models_tables
from vaar.analyses.contrasts.references import references_table
from vaar.analyses.contrasts.report.section import contrasts_section
from vaar.analyses.contrasts.table_specs import TABLES
from vaar.analyses.contrasts.zero_order import zero_order_table
from vaar.analyses.options import Options, option
from vaar.analyses.temperatures import differing
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec
from vaar.vocabulary import HUMAN

ALIGNMENT = "alignment"


@dataclass(frozen=True)
class ContrastsOptions(Options):
    """Choices of the contrasts.

    Attributes
    ----------
    splits : int
        Ways to split the people in halves, to see how far people agree with people; 0 for none.
    """

    splits: Annotated[int, Field(ge=0, le=1000)] = option(
        20, "Ways to split the people in halves, each half rated by the other."
    )


class ContrastsAnalysis:
    """Differences of paths between groups that may be compared, and what all models share."""

    name: ClassVar[str] = "contrasts"
    needs: ClassVar[tuple[str, ...]] = (ALIGNMENT,)
    options: ClassVar[type] = ContrastsOptions
    tables: ClassVar[tuple[TableSpec, ...]] = TABLES

    def applies(self, study: Study) -> str:
        """It compares the hypothesised paths, as the alignment has them."""
        return AlignmentAnalysis().applies(study)

    def run(
        self,
        data: Coded,
        options: ContrastsOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Hold the paths of the alignment against each other."""
        work.on_stage("contrasting paths between models and people")
        alignment: Alignment = earlier[ALIGNMENT].kept[ALIGNMENT]
        chosen, study, paths = earlier[ALIGNMENT].options, data.study, alignment.paths
        hypotheses, model = study.hypotheses, study.structural_model
        models, between = models_tables(
            _once_each(_unflagged(data.groups, alignment.vaar), data),
            paths,
            {h.path: h.sign for h in hypotheses},
            comparable=alignment.measurement.comparable,
        )
        zero_order, why = zero_order_table(
            data.scores, model, hypotheses, paths, alignment.measurement, chosen
        )
        n_people = int((data.scores["group"] == HUMAN).sum())
        kappa = _kappa_of_people(alignment)
        tau = study.people.between_studies if study.people else 0.0
        ceiling = ceiling_table(
            data.scores, model, hypotheses, kappa, chosen, options.splits, work.seed, tau
        )
        contrasts = contrast_table(data.groups, paths)
        tables = {
            "contrasts": surest(contrasts),
            "models_together": models,
            "between_models": between,
            "zero_order": zero_order,
            "published": references_table(hypotheses, zero_order),
            "people_paths": people_table(paths, n_people, hypotheses),
            "people_ceiling": ceiling,
        }
        record = {
            "people": {"n": n_people, "source": data.people_source},
            "comparable": alignment.measurement.comparable,
            "kappa_of_people": kappa if n_people else None,
            "no_correlations": why,
            "contrasts": counted(contrasts),
        }
        return Outcome(self.name, Status.DONE, "", options, tables, record)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """People first, then who differs from whom."""
        tables: dict[str, Any] = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return contrasts_section(tables, outcome.record, outcome.options, groups)


def _unflagged(groups: pd.DataFrame, vaar: pd.DataFrame) -> pd.DataFrame:
    """The groups without those that are in no ranking."""
    flagged = vaar.loc[vaar["flag"].fillna("").ne(""), "group"]
    return groups[~groups["group"].isin(flagged)]


def _once_each(groups: pd.DataFrame, data: Coded) -> pd.DataFrame:
    """The groups without those of a model that is there at several temperatures, but for one.

    That is the study's temperature, where it is among them, else the lowest.
    """
    of_study = f"{data.study.temperature:g}"
    for degrees in differing(data.requests):
        own = next((n for n, degree in degrees.items() if degree == of_study), next(iter(degrees)))
        groups = groups[~groups["respondent"].isin([name for name in degrees if name != own])]
    return groups


def _kappa_of_people(alignment: Alignment) -> float:
    groups = alignment.collected.groups
    values = np.asarray(alignment.conclusions.kappa.value, float)
    return float(values[groups.index(HUMAN)] if HUMAN in groups else np.max(values))
