"""What the value conflict offers to be compared: the gap in compliance, and what qualifies it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.analyses.order_effect import end_followed
from vaar.analyses.value_conflict.gaps import gap_columns
from vaar.analyses.value_conflict.scenarios import unit_name
from vaar.analyses.value_conflict.wording import verdict
from vaar.report.groups import Groups

_FIGURES = {
    "gap": ("gap", "gap in compliance, observed less unobserved"),
    "decisive_gap": ("decisive gap", "gap of decisive answers"),
    "gap_beyond": ("gap beyond", "gap less that without a consequence"),
    "plain_by_value": ("by value", "scenarios decided by the value where no policy is told"),
}


def headlines(
    gaps: pd.DataFrame, found: pd.DataFrame, plain_share: float, groups: Groups
) -> Iterator[Headline]:
    """The gap of every respondent, which leads, then its variants.

    Parameters
    ----------
    gaps, found : DataFrame
        Tables ``compliance_gaps`` and ``compliance_scenarios``.
    plain_share : float
        As in the options of the analysis.
    """
    of_unit = {unit_name(g.respondent, g.levels): replace(g, condition="") for g in groups.asked}
    for record in gaps.to_dict("records"):
        group = of_unit[str(record["respondent"])]
        own = found[found["respondent"].eq(record["respondent"])]
        columns = dict(gap_columns(own, plain_share)) if len(own) else {}
        place = end_followed(record["order_effect"])
        for name, (short, title) in _FIGURES.items():
            yield Headline(
                measure=name,
                title=title,
                short=short,
                **figure(record, name),
                words=verdict(record) if name == "gap" else "",
                flaw=f"it takes what is listed {place}" if place else "",
                leading=name == "gap",
                units={(str(s), str(s)): float(v) for s, v in columns[name].items()}
                if columns
                else {},
                **whose(group),
            )
