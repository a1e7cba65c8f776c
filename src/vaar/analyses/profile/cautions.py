"""What cannot be missed of the answers: those that are not there, and those at a scale's end."""

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
"""Share of the answers to a questionnaire, refused or missing for another reason, above which it is
told at the top."""

_REFUSED = "Many answers were refused, and what is left may differ from them: {}."
_LOST = (
    "Many answers could not be read or were not given, and what is left may differ from them: {}."
)

NEAR_AN_END = 0.10
"""A mean nearer to an end of its scale than this share of its length leaves no room to vary."""


def cautions(profile: pd.DataFrame, study: Study, groups: Groups) -> Iterator[Caution]:
    """Groups that left much unanswered, and those whose answers lie at an end."""
    whole = whole_scales(profile, study)
    lost = whole["missing_rate"] - whole["refusal_rate"]
    for label, what, share in (
        ("refusals", _REFUSED, whole["refusal_rate"]),
        ("answers missing", _LOST, lost.where(whole["n"] > 0)),
    ):
        many = [
            Markup("{} {} ({})").format(
                groups[str(row["group"])].strong, percent(one), row["scale"]
            )
            for row, one in zip(whole.to_dict("records"), share, strict=True)
            if one > MANY_REFUSED
        ]
        if many:
            yield Caution(label, Markup(what).format(several(many)))
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
