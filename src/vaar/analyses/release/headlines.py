"""What the release forms offer to be compared: the share of fields that was given."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.analyses.release.shares import ALL
from vaar.report.groups import Groups


def headlines(released: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """The share given of the whole record, which leads, and of each kind of data."""
    for record in released.to_dict("records"):
        whole = record["kind"] == ALL
        yield Headline(
            measure="given" if whole else "given_of_kind",
            title="share of the record released" if whole else f"released of {record['kind']}",
            **figure(record, "given", "lower", "upper"),
            short="released" if whole else f"released: {record['kind']}",
            leading=whole,
            **whose(groups[record["group"]], "" if whole else str(record["kind"])),
        )
