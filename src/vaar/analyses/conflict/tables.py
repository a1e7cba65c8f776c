"""The tables of the conflict design."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, share_column
from vaar.tables.spec import ColumnSpec, TableSpec

_OUTCOME = ColumnSpec(
    "outcome", "text", "", "`released`: share of fields given; else the code of a questionnaire"
)

CELLS = TableSpec(
    "conflict_cells",
    "a group × cell × outcome",
    (
        GROUP,
        ColumnSpec("cell", "text", "", "level of every fact, as `benefit high, risk low`"),
        _OUTCOME,
        ColumnSpec("n", "count", "sessions", "with a value"),
        ColumnSpec("mean", "number", "", "of the outcome"),
        ColumnSpec("lower", "number", "", "lower end of its 95 % t-interval"),
        ColumnSpec("upper", "number", "", "its upper end"),
    ),
)

EFFECTS = TableSpec(
    "conflict_effects",
    "a group × effect × outcome",
    (
        GROUP,
        ColumnSpec(
            "effect", "text", "", "a fact, its first level less its second; or two facts together"
        ),
        _OUTCOME,
        ColumnSpec("n", "count", "sessions", "with a value"),
        ColumnSpec("estimate", "number", "sd", "in standard deviations within cells"),
        ColumnSpec("lower", "number", "sd", "lower end of its 95 % interval"),
        ColumnSpec("upper", "number", "sd", "its upper end"),
        share_column("p", "of no effect"),
        share_column("p_holm", "adjusted for all effects of the table (Holm)"),
    ),
)
