"""What the conflict design offers to be compared: the effect of what sessions were told."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.report.groups import Groups


def headlines(effects: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """Every effect on every outcome."""
    for record in effects.to_dict("records"):
        what = f"{record['effect']} on {record['outcome']}"
        yield Headline(
            measure="effect",
            title=f"effect of {what}",
            **figure(record, "estimate", "lower", "upper"),
            short=f"{record['effect']} → {record['outcome']}",
            unit="standard deviations",
            leading=False,
            **whose(groups[record["group"]], what),
        )
