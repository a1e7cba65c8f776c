"""What the paths of personas offer to be compared: each path at each level."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.report.groups import Groups

_TOLD = {"within": "within personas", "between": "between personas"}


def headlines(paths: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """Every path within and between personas."""
    for record in paths.to_dict("records"):
        level = str(record["level"])
        yield Headline(
            measure=f"path_{level}",
            title=f"path {record['path']} {_TOLD[level]}",
            **figure(record, "std_estimate", "lower", "upper"),
            short=f"{record['path']} ({level})",
            unit="standardised",
            words=str(record["why_not"]),
            leading=False,
            **whose(groups[record["group"]], str(record["path"])),
        )
