"""What the control of values offers to be compared: the change under every shift."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.analyses.order_effect import end_followed
from vaar.analyses.value_conflict.scenarios import unit_name
from vaar.analyses.value_control.arms import DILEMMAS, NONE, SHIFT
from vaar.analyses.value_control.wording import effect
from vaar.report.groups import Groups


def headlines(arms: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """The change of each value's answers in every arm; that of dilemmas under the shift leads."""
    of_unit = {unit_name(g.respondent, g.levels): replace(g, condition="") for g in groups.asked}
    for record in arms[arms["arm"].ne(NONE)].to_dict("records"):
        group = of_unit[str(record["respondent"])]
        leading = record["arm"] == SHIFT and record["kind"] == DILEMMAS
        parts = [str(record[name]) for name in ("value", "kind", "arm")]
        value, kind, arm = parts
        place = end_followed(record["order_effect"])
        yield Headline(
            measure="change",
            title=f"change of {value} {kind}, arm {arm}",
            **figure(record, "change"),
            short=f"{value} {kind}: {arm}",
            words=effect(record) if leading else "",
            flaw=f"it takes what is listed {place}" if place else "",
            leading=leading,
            **whose(group, ", ".join(parts)),
        )
