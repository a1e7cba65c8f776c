"""The sections of the report that the outcomes of an analysis fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from vaar.analyses.base import Analysis, Outcome, Status
from vaar.report.groups import Groups
from vaar.report.run.cautions import simulated
from vaar.report.section import Caution, Section
from vaar.study.model import Study


def sections_of(
    outcomes: Mapping[str, Outcome],
    groups: pd.DataFrame,
    study: Study,
    analyses: Mapping[str, Analysis],
) -> tuple[Section, ...]:
    """The sections of everything that was found.

    Parameters
    ----------
    groups : DataFrame
        As in ``groups.csv``.
    analyses : mapping of str to Analysis
        All that are known, by name.
    """
    named = Groups.of(groups)
    found = [one for one in outcomes.values() if was_done(one)]
    sections = (analyses[one.analysis].section(one, named, study) for one in found)
    return tuple(section for section in sections if section)


def was_done(outcome: Outcome) -> bool:
    """Whether an analysis found anything, if only that nothing can be estimated."""
    return outcome.status is Status.DONE or bool(outcome.tables)


def run_cautions(groups: pd.DataFrame) -> Iterator[Caution]:
    """What must be said of the respondents of ``groups.csv``."""
    people = groups["people"].astype(bool)
    asked = groups[~people]
    names = asked.loc[asked["simulated"].astype(bool), "respondent"]
    distinct = list(dict.fromkeys(names))
    return simulated(distinct, asked["respondent"].nunique(), people=bool(people.any()))
