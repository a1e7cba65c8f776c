"""The tables of the profile: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, share_column
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

SCALE = ColumnSpec("scale", "text", "", "code of the scale or subscale in the study")
OF_SCALE = (
    ColumnSpec("instrument", "text", "", "code of the instrument the scale belongs to"),
    ColumnSpec("title", "text", "", "title of the scale"),
)
MEAN = (
    ColumnSpec("n", "count", "sessions", "sessions with a score", least=0),
    ColumnSpec("mean", "number", "scale points", "mean of the scores over sessions"),
    ColumnSpec("sd", "number", "scale points", "standard deviation of the scores", least=0),
    ColumnSpec("ci_lower", "number", "scale points", "lower end of the mean's 95 % t-interval"),
    ColumnSpec("ci_upper", "number", "scale points", "its upper end"),
)


PROFILE = TableSpec(
    "profile",
    "a group × scale or subscale",
    (
        GROUP,
        SCALE,
        *MEAN,
        ColumnSpec("alpha", "number", "", "Cronbach's α in this group"),
        ColumnSpec("omega", "number", "", "McDonald's ω total in this group"),
        share_column("refusal_rate", "share of the scale's answers that are refusals"),
        share_column(
            "missing_rate", "share of the scale's answers without a value, for any reason"
        ),
        share_column(
            "first_refusal_rate", "share of its items that were refused when first asked", True
        ),
        ColumnSpec("alpha_lower", "number", "", "lower end of the 95 % interval of α"),
        ColumnSpec("alpha_upper", "number", "", "its upper end"),
        ColumnSpec("omega_lower", "number", "", "lower end of the 95 % interval of ω"),
        ColumnSpec("omega_upper", "number", "", "its upper end"),
        ColumnSpec("alpha_flaw", "text", "", "why α or its interval is missing"),
        ColumnSpec("omega_flaw", "text", "", "why ω or its interval is missing"),
        ColumnSpec("n_sessions", "count", "sessions", "sessions of the group", least=0),
        *OF_SCALE,
    ),
)

PROFILE_BY_FACTOR = TableSpec(
    "profile_by_factor",
    "a group × factor × level × scale or subscale, for every factor that varied",
    (
        GROUP,
        ColumnSpec("factor", "text", "", "what varied, or an attribute of personas"),
        ColumnSpec("level", "text", "", "its level"),
        SCALE,
        *MEAN,
        ColumnSpec(
            "n_sessions", "count", "sessions", "sessions of the group at the level", least=0
        ),
        *OF_SCALE,
    ),
)
