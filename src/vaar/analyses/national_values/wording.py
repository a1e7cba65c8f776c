"""What was found, in sentences, and how it was done."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.analyses.national_values.agreement import ALL
from vaar.analyses.national_values.options import NationalValuesOptions
from vaar.analyses.order_effect import end_followed
from vaar.report.groups import Groups
from vaar.tables.numbers import estimate_named, share
from vaar.tables.table import Record
from vaar.tables.text import is_missing

_MOST_SENTENCES = 6


def answer(table: pd.DataFrame, groups: Groups) -> Markup:
    """The answer: how far each group agrees, and whether the order of the two matters."""
    whole = table[table["nation"].eq(ALL) & table["agreement"].notna()]
    if whole.empty:
        return Markup("No item was answered in both orders, so there is no agreement.")
    told = [*_sentences(whole.head(_MOST_SENTENCES), groups)]
    if len(whole) > _MOST_SENTENCES:
        more = len(whole) - _MOST_SENTENCES
        told.append(Markup("{} further groups are in the table.").format(more))
    return Markup(" ").join(told)


def _sentences(whole: pd.DataFrame, groups: Groups) -> Iterator[Markup]:
    for record in whole.to_dict("records"):
        yield Markup("{} {}.").format(groups[record["group"]].strong, verdict(record))


def verdict(record: Record) -> str:
    """What the figures of a group amount to.

    Parameters
    ----------
    record : mapping
        A row of ``national_agreement``.
    """
    agreement = estimate_named(record, share, "agreement")
    if record["form"] == "free":
        undecided = share(record["undecided"])
        told = f"comes nearer to the statement in {agreement} of its answers"
        return f"{told} in words that take a side, which {undecided} do not"
    if place := follows_order(record):
        rate = share(max(record["first"], 1 - record["first"]))
        return f"takes what is listed {place} ({rate} of its choices), which is no agreement"
    consistency = estimate_named(record, share, "consistency")
    return (
        f"takes the statement in {agreement} of its choices and the same side "
        f"in both orders with probability {consistency}"
    )


def follows_order(record: Record) -> str:
    """Which of two a group takes whatever they say, ``first`` or ``last``; else empty."""
    if is_missing(record["first"]) or record["form"] == "free":
        return ""
    return end_followed(2 * record["first"] - 1)


def method(options: NationalValuesOptions) -> str:
    """The method text of the report."""
    return (
        "Every choice is asked with the statement listed first and with its opposite listed first, "
        "equally often, each in a conversation of its own. An item's agreement is the mean over "
        "both orders of the share that takes the statement, from the probabilities of the two "
        "numbers where the server tells them, else from the answers; items answered in one order "
        "only have none. Consistency is the probability that an answer in one order and one in the "
        "other take the same side. An answer in words is nearer to the statement of whose own runs "
        "of three characters (two in scripts without blanks) it has the larger share, by more than "
        f"{options.margin:g}, else undecided. Intervals are expanded percentiles (Hesterberg 2015) "
        f"of {options.replicates} bootstrap samples of whole topics."
    )
