"""What cannot be missed of the answers: refusals, and answers at the end of a scale."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.analyses.profile.scale_range import normalised, scale_of, whole_scales
from vaar.report.groups import Groups
from vaar.report.section import Caution
from vaar.study.model import Study
from vaar.tables.html import several
from vaar.tables.numbers import percent
from vaar.tables.table import Record

MANY_REFUSED = 0.05
"""Share of the answers to a questionnaire, refused, above which it is told at the top."""

NEAR_AN_END = 0.10
"""A mean nearer to an end of its scale than this share of its length leaves no room to vary."""


def cautions(profile: pd.DataFrame, study: Study, groups: Groups) -> Iterator[Caution]:
    """Groups that refused much, and those whose answers lie at an end."""
    whole = whole_scales(profile, study)
    refused = whole[whole["refusal_rate"] > MANY_REFUSED].to_dict("records")
    if refused:
        told = several(
            [
                Markup("{} {} ({})").format(
                    groups[str(row["group"])].strong, percent(row["refusal_rate"]), row["scale"]
                )
                for row in refused
            ]
        )
        yield Caution(
            "refusals",
            Markup("Many answers were refused, and what is left may differ from them: {}.").format(
                told
            ),
        )
    at_end = [row for row in whole.to_dict("records") if _at_an_end(row, study)]
    if at_end:
        told = several(
            [
                Markup("{} ({})").format(groups[str(row["group"])].strong, row["scale"])
                for row in at_end
            ]
        )
        yield Caution(
            "answers at the end of the scale",
            Markup("There is hardly room for them to differ, nor for a path: {}.").format(told),
        )


def _at_an_end(row: Record, study: Study) -> bool:
    if pd.isna(row["mean"]):
        return False
    scale = scale_of(study).get(str(row["scale"]))
    if scale is None:
        return False
    place = normalised(float(row["mean"]), scale)
    return min(place, 1 - place) < NEAR_AN_END
