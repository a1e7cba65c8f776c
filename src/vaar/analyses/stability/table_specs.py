"""The tables of the stability analysis: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, number_column
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

_WHERE = (
    ColumnSpec("condition", "text", "", "of the study"),
    ColumnSpec("levels", "text", "", "factors that split the groups, as JSON"),
    ColumnSpec("simulated", "flag", "", "whether these respondents are simulated"),
)
_SCALE = ColumnSpec("scale", "text", "", "code of the scale in the study")
_MODELS = ColumnSpec("models", "count", "respondents", "under the same condition", least=2)


RETEST = TableSpec(
    "retest",
    "a scale × condition",
    (
        *_WHERE,
        _SCALE,
        _MODELS,
        ColumnSpec("batches", "count", "", "of sessions, in the order they were planned", least=2),
        ColumnSpec("batch_size", "count", "sessions", "in the smallest batch", least=1),
        number_column("icc", "ICC(A,1): absolute agreement of the batches' means"),
        number_column("icc_lower", "lower end of its 95 % interval"),
        number_column("icc_upper", "its upper end"),
        number_column(
            "between", "share of the variance of sessions that lies between respondents: ICC(1)"
        ),
        number_column("between_lower", "lower end of its 95 % interval"),
        number_column("between_upper", "its upper end"),
        number_column("within", "share that lies between the sessions of one respondent"),
    ),
)

HALVES = TableSpec(
    "profile_halves",
    "a condition",
    (
        *_WHERE,
        _MODELS,
        ColumnSpec("scales", "count", "", "in a profile", least=1),
        ColumnSpec("splits", "count", "", "random halves", least=1),
        number_column("r", "median correlation of the two halves over respondents × scales"),
        number_column("r_lower", "lower end of the middle 95 % of the splits"),
        number_column("r_upper", "its upper end"),
        number_column("reliability", "of profiles from all sessions (Spearman and Brown)"),
    ),
)

MATCHED = TableSpec(
    "profile_matched",
    "a group",
    (
        GROUP,
        ColumnSpec("sessions", "count", "sessions", "with all scales scored", least=1),
        number_column(
            "matched", "share of halves that are nearest to the other half of the same group"
        ),
        number_column("chance", "the share that chance would match"),
    ),
)

DIFFER = TableSpec(
    "profile_tests",
    "a test × condition",
    (
        *_WHERE,
        ColumnSpec("test", "text", "", "what is equal if it holds", allowed=("profile", "shape")),
        _MODELS,
        ColumnSpec("scales", "count", "", "in a profile", least=1),
        number_column("f", "Johansen's approximate F; covariances need not be equal"),
        number_column("df1", "its degrees of freedom"),
        number_column("df2", "and those of its denominator"),
        ColumnSpec("p", "number", "share", "of no difference", least=0, most=1),
    ),
)

TABLES = (RETEST, HALVES, MATCHED, DIFFER)
