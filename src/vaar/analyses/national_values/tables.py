"""The tables of agreement with statements: every column, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.tables.spec import ColumnSpec, TableSpec

_GROUP = ColumnSpec("group", "text", "", "who answered: see groups.csv")
_FORM = ColumnSpec("form", "text", "", "how it was asked", allowed=("choice", "free"))
_NATION = ColumnSpec("nation", "text", "", "whose statements; all of them together: all")
_SOURCE = ColumnSpec("source", "text", "", "of the statements; all of them together: all")


def _bounded(name: str, meaning: str) -> Iterator[ColumnSpec]:
    yield ColumnSpec(name, "number", "share", meaning, least=0, most=1)
    yield ColumnSpec(f"{name}_lower", "number", "share", "lower end of its 95 % interval")
    yield ColumnSpec(f"{name}_upper", "number", "share", "its upper end, over topics")


AGREEMENT = TableSpec(
    "national_agreement",
    "a group in one form of asking × nation × source",
    (
        _GROUP,
        _FORM,
        _NATION,
        _SOURCE,
        ColumnSpec("items", "count", "items", "asked", least=1),
        ColumnSpec("complete", "count", "items", "with an agreement", least=0),
        ColumnSpec("topics", "count", "topics", "of the items", least=1),
        *_bounded("agreement", "mean over items of the share that takes the statement"),
        *_bounded("consistency", "probability of the same side in both orders"),
        *_bounded("undecided", "of replies that take no side"),
        *_bounded("first", "of answers that take the side listed first"),
    ),
)

ITEMS = TableSpec(
    "national_items",
    "a group × item",
    (
        _GROUP,
        _FORM,
        ColumnSpec("item", "text", "", "its code"),
        _NATION,
        _SOURCE,
        ColumnSpec("topic", "text", "", "of the item"),
        ColumnSpec("replies", "count", "replies", "in both orders together", least=1),
        ColumnSpec("undecided", "number", "share", "of replies that take no side", least=0, most=1),
        ColumnSpec("agreement", "number", "share", "that takes the statement", least=0, most=1),
        ColumnSpec("consistency", "number", "", "same side in both orders", least=0, most=1),
        ColumnSpec("first", "number", "share", "that takes the first listed", least=0, most=1),
    ),
)
