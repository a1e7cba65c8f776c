"""What the social value orientation offers to be compared: the angle of every arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.analyses.order_effect import end_followed
from vaar.analyses.social_value_orientation.wording import verdict
from vaar.report.groups import Groups
from vaar.tables.table import Record


def headlines(
    arms: pd.DataFrame, nulls: Mapping[str, Record], groups: Groups
) -> Iterator[Headline]:
    """The angle without an assigned value, which leads; with one, angle and category hit rate.

    Parameters
    ----------
    nulls : mapping
        Rows of ``svo_nulls`` by the name of the null.
    """
    for record in arms.to_dict("records"):
        value = str(record["value"])
        follows = end_followed(record["order_effect"])
        flaw = "its choices follow the order of the options" if follows else ""
        who = whose(groups[record["group"]], f"as {value}" if value else "")
        yield Headline(
            measure="angle",
            title=f"angle as {value}" if value else "social value orientation",
            **figure(record, "angle"),
            short=f"angle as {value}" if value else "angle",
            unit="degrees",
            words=verdict(record, nulls) if record["complete"] else "no trial is complete",
            flaw=flaw,
            leading=not value,
            **who,
        )
        if value:
            yield Headline(
                measure="hit",
                title=f"chooses as {value} when told to be",
                **figure(record, "hit"),
                short=f"hits as {value}",
                flaw=flaw,
                leading=False,
                **who,
            )
