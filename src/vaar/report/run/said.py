"""What was said: a few raw replies of each group, with what they were coded as."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vaar.report.groups import Group, Groups
from vaar.report.section import Block, Conversation, Fold, Panels, Prose, Section
from vaar.tables import html
from vaar.tables.table import Cell, Column, Record, Table, tabulate, text
from vaar.tables.text import excerpt, is_missing

OPEN = 8
"""With more groups than these, their replies are folded."""

_LEAD = (
    "The first coded reply to each instrument, and the first of each kind of missing answer. "
    "Replies are quoted as they came, cut at 300 characters; line ends appear as ↵, and "
    "characters that cannot be seen as ‹U+…›."
)


def said(
    responses: pd.DataFrame, groups: Groups, conversation: Conversation | None = None
) -> Section:
    """Quote, for each group, its first reply to each instrument and of each missing kind.

    Parameters
    ----------
    conversation : Conversation, optional
        A whole session.
    """
    quoted = examples(responses, groups)
    blocks: tuple[Block, ...] = (Prose("No replies were recorded.", "note"),)
    if quoted:
        folds = (Fold(_name(g), (table,), len(quoted) <= OPEN) for g, table in quoted)
        blocks = (Panels(tuple(folds)),)
    if conversation:
        blocks = (*blocks, Fold(conversation.title, (conversation,)))
    return Section("said", "What was said", _LEAD, blocks, place=70)


def examples(responses: pd.DataFrame, groups: Groups) -> list[tuple[Group, Table]]:
    """The groups that said something, each with a table of replies."""
    coded = responses[responses["reason"].isna()]
    firsts = pd.concat(
        [
            coded.drop_duplicates(["group", "instrument"]),
            responses[responses["reason"].notna()].drop_duplicates(["group", "reason"]),
        ]
    )
    return [
        (groups[str(name)], _replies(str(name), rows.to_dict("records")))
        for name, rows in groups.sort(firsts).groupby("group", sort=False)
    ]


def _name(group: Group) -> str:
    return html.name(group.name) + html.tag(group.tag)


def _replies(group: str, records: Iterable[Record]) -> Table:
    columns = [
        text("Item", "item"),
        Column("reply", _reply, "quote"),
        Column("coded as", _coded),
    ]
    return tabulate(f"Replies of {group}", columns, records)


def _reply(record: Record) -> Cell:
    raw = record["raw"]
    return Cell("(no text)") if is_missing(raw) else Cell(excerpt(str(raw)), "quote")


def _coded(record: Record) -> Cell:
    if is_missing(record["reason"]):
        return Cell(f"{record['value']:g}")
    return Cell(f"missing: {record['reason']}".replace("_", " "))
