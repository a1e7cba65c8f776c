"""What the profile offers to be compared: the mean of every questionnaire with one scale."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.report.groups import Groups
from vaar.study.model import Study


def headlines(profile: pd.DataFrame, groups: Groups, study: Study) -> Iterator[Headline]:
    """The mean of every group on every questionnaire; those of subscales do not lead.

    Questionnaires whose items have options of their own are choices, and have no mean that says
    anything.
    """
    for record in profile.to_dict("records"):
        if not record["n"]:
            continue  # a condition that leaves the questionnaire out
        if any(item.scale for item in study.instrument[str(record["instrument"])].items):
            continue
        yield Headline(
            measure="mean",
            title=f"mean of {record['title']}",
            **figure(record, "mean", "ci_lower", "ci_upper"),
            short=str(record["scale"]),
            unit="scale points",
            leading=record["scale"] == record["instrument"],
            **whose(groups[record["group"]], str(record["scale"])),
        )
