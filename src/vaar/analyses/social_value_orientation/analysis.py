"""Social value orientation, with and without an assigned value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import ClassVar

import numpy as np
import pandas as pd

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.social_value_orientation.arms import arms
from vaar.analyses.social_value_orientation.headlines import headlines
from vaar.analyses.social_value_orientation.nulls import (
    at_random,
    first_printed,
    transitive_at_random,
)
from vaar.analyses.social_value_orientation.options import SocialValueOptions
from vaar.analyses.social_value_orientation.payoffs import PRIMARY, TASK, wrong_allocations
from vaar.analyses.social_value_orientation.section import svo_section
from vaar.analyses.social_value_orientation.tables import ARMS, NULLS, TRIALS
from vaar.analyses.social_value_orientation.trials import Task, trials
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class SocialValueAnalysis:
    """The angle of every arm, what it is beside choices without a value, and its consistency."""

    name: ClassVar[str] = "social_value_orientation"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = SocialValueOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (ARMS, TRIALS, NULLS)

    def applies(self, study: Study) -> str:
        """It takes allocation items, which say what their options pay."""
        items = (item for part in study.instruments for item in part.items)
        if not any(dict(item.facts).get(TASK) == PRIMARY for item in items):
            return "the study has no allocation items"
        return wrong_allocations(study)

    def run(
        self,
        data: Coded,
        options: SocialValueOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Describe every trial, then every arm."""
        work.on_stage("social value orientation")
        task = Task(data.study, options.fact)
        found = trials(data.responses, task)
        described = arms(found, data.responses, task, options.replicates, work.seed)
        tables = {
            "svo_arms": described,
            "svo_trials": found[list(TRIALS.names)],
            "svo_nulls": _nulls(task),
        }
        if not found["angle"].notna().any():
            why = "no session answered all six primary items"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, tables)
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section:
        """The answer in words, the plane of allocations, then the tables."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return svo_section(tables, groups, outcome.options)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The angle of every arm."""
        rows = NULLS.of(outcome.tables).to_dict("records")
        nulls = {str(row["null"]): row for row in rows}
        return headlines(ARMS.of(outcome.tables), nulls, groups)


def _nulls(task: Task) -> pd.DataFrame:
    random, printed = at_random(task.primary), first_printed(task.primary)
    means = [np.mean([getattr(one, n) for one in task.primary]) for n in ("own", "other")]
    first = [np.mean([getattr(one, n)[0] for one in task.primary]) for n in ("own", "other")]
    drawn = asdict(random)
    return pd.DataFrame(
        [
            {
                "null": "random",
                "angle": random.mean,
                "angle_sd": random.sd,
                "own": means[0],
                "other": means[1],
                **drawn["shares"],
                "transitive": transitive_at_random(task.primary),
            },
            {"null": "first_printed", "angle": printed, "own": first[0], "other": first[1]},
        ],
        columns=list(NULLS.names),
    )
