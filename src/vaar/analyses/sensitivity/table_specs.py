"""The table of the sensitivity analysis: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import number_column
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

KINDS = ("item", "scale", "path", "vaar")


SENSITIVITY = TableSpec(
    "sensitivity",
    "a respondent × factor × level × measure",
    (
        ColumnSpec("factor", "text", "", "what was varied, as `options` or `history`"),
        ColumnSpec("respondent", "text", "", "who answered"),
        ColumnSpec("condition", "text", "", "in which condition; empty: conditions are compared"),
        ColumnSpec("level", "text", "", "the level"),
        ColumnSpec("reference", "text", "", "the level that it is held against"),
        ColumnSpec("kind", "text", "", "what differs", allowed=KINDS),
        ColumnSpec("measure", "text", "", "code of the item or scale, the path, or `vaar`"),
        ColumnSpec("n_level", "count", "sessions", "of the level", least=0),
        ColumnSpec("n_reference", "count", "sessions", "of the reference", least=0),
        number_column("difference", "level less reference; means in points of the response scale"),
        number_column("se", "its standard error; whole personas are independent where some repeat"),
        number_column("lower", "lower end of its 95 % interval"),
        number_column("upper", "its upper end"),
        ColumnSpec("p", "number", "share", "of no difference", least=0, most=1),
        ColumnSpec(
            "p_holm",
            "number",
            "share",
            "adjusted (Holm) for all differences of its kind in the factor",
            least=0,
            most=1,
        ),
        ColumnSpec(
            "variance_share",
            "number",
            "share",
            "of the variance of a mean, between all levels of the factor (ω²)",
            least=0,
            most=1,
            added=True,
        ),
        ColumnSpec("reason", "text", "", "why there is no difference"),
    ),
)
