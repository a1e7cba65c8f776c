"""The tables of shifted sessions: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, share_column
from vaar.tables.spec import ColumnSpec, TableSpec

_BASE = ColumnSpec("base", "text", "", "the group that differs in nothing but the shift")
_SHIFT = ColumnSpec("shift", "text", "", "where to, in words")

OUTCOMES = TableSpec(
    "shifted_outcomes",
    "a shifted group × outcome",
    (
        GROUP,
        _BASE,
        _SHIFT,
        ColumnSpec(
            "outcome", "text", "", "`released`: share of fields given; else a questionnaire's code"
        ),
        ColumnSpec("sessions", "count", "pairs", "of sessions with a value on both sides", least=0),
        ColumnSpec("unshifted", "number", "", "mean without the shift"),
        ColumnSpec("shifted", "number", "", "mean under it"),
        ColumnSpec("change", "number", "", "the second less the first"),
        ColumnSpec("change_lower", "number", "", "lower end of its 95 % interval"),
        ColumnSpec("change_upper", "number", "", "its upper end, over pairs of sessions"),
        ColumnSpec(
            "beyond_random",
            "number",
            "",
            "the change less that of as long a push in random directions; blank: none was tried",
            added=True,
        ),
        ColumnSpec(
            "beyond_random_lower", "number", "", "lower end of its 95 % interval", added=True
        ),
        ColumnSpec("beyond_random_upper", "number", "", "its upper end", added=True),
    ),
)

PATHS = TableSpec(
    "shifted_paths",
    "a shifted group × path",
    (
        GROUP,
        _BASE,
        _SHIFT,
        ColumnSpec("path", "text", "", "outcome ~ predictor"),
        ColumnSpec("unshifted", "number", "", "standardised path without the shift"),
        ColumnSpec("shifted", "number", "", "under it"),
        ColumnSpec("change", "number", "", "the second less the first"),
        ColumnSpec("change_lower", "number", "", "lower end of its 95 % interval (Wald)"),
        ColumnSpec("change_upper", "number", "", "its upper end"),
        share_column("p", "of the Wald test that there is no change"),
        share_column("p_holm", "adjusted for all changes in this table (Holm)"),
    ),
)
