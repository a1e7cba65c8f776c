"""The profile in the report: pictures of the means, then tables, then how good the answers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.profile.cautions import cautions
from vaar.analyses.profile.means import mean_chart, mean_table
from vaar.analyses.profile.quality import missing_table, reliability_table
from vaar.analyses.profile.scale_range import subscales, whole_scales
from vaar.analyses.profile.variation import FOLDED, variation_blocks
from vaar.report.groups import Groups
from vaar.report.section import Block, Fold, Heading, Panels, Prose, Section
from vaar.scoring.scales import MIN_ANSWERED
from vaar.study.model import Study
from vaar.tables.numbers import percent

_READING = (
    "Mean scale scores with 95 % intervals, drawn between the ends of each response scale so that "
    "scales of different lengths can be read side by side; the figures at the right are in scale "
    "points."
)
_METHOD = (
    "A scale score is the mean of its items after reversed items are turned round, for sessions "
    f"that answered at least {percent(MIN_ANSWERED)} of them. Its interval is Student's t over "
    "sessions. α is Cronbach's, ω McDonald's from one factor, both within the group."
)


def profile_section(
    tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any], groups: Groups, study: Study
) -> Section:
    """Arrange the tables of the profile."""
    profile = tables["profile"]
    blocks = (
        *_means(profile, groups, study),
        *variation_blocks(
            tables["profile_by_factor"],
            tables["personas"],
            int(record.get("shuffled_sessions", 0)),
            study,
            groups,
        ),
        *_quality(profile, groups, study),
    )
    return Section(
        "profiles",
        "Profiles",
        _lead(profile, study, groups),
        blocks,
        method=(Prose(_METHOD),),
        cautions=tuple(cautions(profile, study, groups)),
        place=20,
    )


def _lead(profile: pd.DataFrame, study: Study, groups: Groups) -> Markup:
    """How many answered, and where the most answers are missing and refused."""
    whole = whole_scales(profile, study)
    if whole["missing_rate"].dropna().empty:
        return Markup("No scale could be scored.")
    answered = Markup("{} groups answered {} questionnaires.").format(
        whole["group"].nunique(), whole["scale"].nunique()
    )
    told = (
        _most(whole, rate, what, groups)
        for rate, what in (("missing_rate", "missing"), ("refusal_rate", "refused"))
    )
    return Markup(" ").join([answered, *told])


def _most(whole: pd.DataFrame, rate: str, what: str, groups: Groups) -> Markup:
    if not whole[rate].max() > 0:
        return Markup("None of the answers is {}.").format(what)
    worst = whole.sort_values(rate, ascending=False, kind="stable").iloc[0]
    return Markup("At most {} of the answers to one questionnaire are {} ({}, {}).").format(
        percent(worst[rate]), what, groups[worst["group"]].strong, worst["scale"]
    )


def _means(profile: pd.DataFrame, groups: Groups, study: Study) -> Iterator[Block]:
    whole, parts = whole_scales(profile, study), subscales(profile, study)
    charts = (mean_chart(instrument, whole, groups) for instrument in study.instruments)
    yield Prose(_READING)
    yield Panels(tuple(chart for chart in charts if chart))
    yield mean_table("Scale means", whole, study, groups)
    if not parts.empty:
        table = mean_table("Subscale means", parts, study, groups)
        yield Fold(f"Subscales ({len(table.rows)} rows)", (table,))


def _quality(profile: pd.DataFrame, groups: Groups, study: Study) -> Iterator[Block]:
    yield Heading("Reliability, refusals and missing answers", "reliability")
    yield missing_table(profile, study, groups)
    table = reliability_table(profile, groups)
    rows = len(table.rows)
    yield Fold(f"Reliability ({rows} rows)", (table,), rows <= FOLDED)
