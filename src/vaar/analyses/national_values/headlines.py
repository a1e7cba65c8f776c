"""What the national values offer to be compared: agreement, of all nations and of each."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.headlines import Headline, figure, whose
from vaar.analyses.national_values.agreement import ALL
from vaar.analyses.national_values.wording import follows_order, verdict
from vaar.report.groups import Groups

_SHORT = {"choice": "agreement", "free": "in own words"}
_FORMS = {"choice": "agreement with the statements", "free": "agreement in own words"}


def headlines(agreement: pd.DataFrame, items: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """Agreement with all statements, which leads, and with those of each nation.

    Parameters
    ----------
    agreement, items : DataFrame
        Tables ``national_agreement`` and ``national_items``.
    """
    for record in agreement[agreement["source"].eq(ALL)].to_dict("records"):
        nation = "" if record["nation"] == ALL else str(record["nation"])
        form = str(record["form"])
        own = items[items["group"].eq(record["group"]) & items["form"].eq(form)]
        own = own[own["nation"].eq(nation)] if nation else own
        keys = zip(own["topic"].astype(str), own["item"].astype(str), strict=True)
        place = follows_order(record)
        yield Headline(
            measure=f"agreement_{form}",
            title=_FORMS[form] + (f" of {nation}" if nation else ""),
            **figure(record, "agreement"),
            words="" if nation else verdict(record),
            flaw=f"it takes what is listed {place}" if place else "",
            short=_SHORT[form] + (f": {nation}" if nation else ""),
            leading=not nation,
            units=dict(zip(keys, own["agreement"].astype(float), strict=True)),
            **whose(groups[record["group"]], nation),
        )
