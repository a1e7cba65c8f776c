"""From coded responses to the groups that are compared, scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vaar.analyses.base import Coded
from vaar.analyses.grouping import check_groupable, grouped, split
from vaar.analyses.grouping_options import GroupOptions
from vaar.analyses.groups import groups_table
from vaar.pipeline.code_run import CodedRun
from vaar.pipeline.people.reference import people_source
from vaar.pipeline.requests import REQUESTS
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.people import read_people
from vaar.responses.people_attributes import read_people_attributes
from vaar.scoring.design_factors import design_factors, require_known
from vaar.scoring.scales import score
from vaar.study.model import Study
from vaar.tables.csv import unescape
from vaar.vocabulary import HUMAN


def group_run(files: RunDirectory, coded: CodedRun, study: Study, options: GroupOptions) -> Coded:
    """Add the people, split the groups as asked, and score every session.

    Raises
    ------
    DataError
        A factor that was asked for is not known, does not vary, or varies too much; or the human
        reference cannot be read.
    """
    require_known(study, options.by)
    responses, people, human_groups = coded.responses, None, []
    if options.people and files.human.is_file():
        theirs = read_people(files.human, study, HUMAN)
        responses = pd.concat([responses, theirs], ignore_index=True)
        attributes = read_people_attributes(files.human)
        people, human_groups = attributes.map(unescape, na_action="ignore"), [HUMAN]
    became = {}
    if options.by:
        found = design_factors(responses, study)
        check_groupable(responses["group"], found, options.by)
        became = split(responses["group"], found, options.by)
        finer = grouped(responses["group"], found, options.by)
        responses = responses.assign(group=finer.astype(object))
    scores = score(responses, study)
    return Coded(
        study=study,
        responses=responses,
        scores=scores,
        design_factors=design_factors(scores, study),
        groups=groups_table(coded.groups, became, human_groups),
        by=options.by,
        people=people,
        people_source=people_source(files) if people is not None else "",
        requests=requests_in(files),
        repeated={
            name: n for group, n in coded.repeated.items() for name in became.get(group, [group])
        },
    )


def requests_in(files: RunDirectory) -> dict[str, Any]:
    """What each respondent was sent, as the record of the run has it; empty where it does not."""
    found = files.read_run().get(REQUESTS)
    return dict(found) if isinstance(found, Mapping) else {}
