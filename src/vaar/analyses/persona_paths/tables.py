"""The table of paths within and between personas."""

from __future__ import annotations

from vaar.analyses.columns import GROUP
from vaar.tables.spec import ColumnSpec, TableSpec

PERSONA_PATHS = TableSpec(
    "persona_paths",
    "a group × path × level",
    (
        GROUP,
        ColumnSpec("path", "text", "", "of the structural model, as `outcome ~ predictor`"),
        ColumnSpec(
            "level",
            "text",
            "",
            "`within`: how a session differs from the others of its persona; `between`: how "
            "personas differ",
        ),
        ColumnSpec("n_sessions", "count", "sessions", "that were given a persona"),
        ColumnSpec("n_personas", "count", "personas", "that they were given"),
        ColumnSpec("std_estimate", "number", "", "standardised by the variances of its level"),
        ColumnSpec("std_se", "number", "", "its standard error"),
        ColumnSpec("lower", "number", "", "lower end of its 95 % interval, t with P − 1 df"),
        ColumnSpec("upper", "number", "", "its upper end"),
        ColumnSpec("why_not", "text", "", "why it has no estimate"),
    ),
)
