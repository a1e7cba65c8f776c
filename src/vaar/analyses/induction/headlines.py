"""What assigned values offer to be compared: their effect on every questionnaire."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.report.groups import Groups


def headlines(induced: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """The effect of every assigned value, in standard deviations."""
    for record in induced.to_dict("records"):
        what = f"{record['assigned']} on {record['instrument']}"
        yield Headline(
            measure="induced",
            title=f"effect of assigned {what}",
            **figure(record, "d"),
            short=f"{record['assigned']} → {record['instrument']}",
            unit="standard deviations",
            words=str(record["said"]),
            leading=False,
            **whose(groups[record["group"]], what),
        )
