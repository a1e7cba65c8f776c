"""The tables of what was released."""

from __future__ import annotations

from vaar.analyses.columns import GROUP
from vaar.tables.spec import ColumnSpec, TableSpec

RELEASED = TableSpec(
    "released",
    "a group × kind of data, `all` for all of them",
    (
        GROUP,
        ColumnSpec("kind", "text", "", "the kind of data, or `all`"),
        ColumnSpec("asked", "count", "sessions", "that were given the form"),
        ColumnSpec("read", "count", "sessions", "whose form can be read"),
        ColumnSpec("given", "number", "", "mean share of fields given", least=0, most=1),
        ColumnSpec("lower", "number", "", "lower end of its 95 % t-interval over sessions"),
        ColumnSpec("upper", "number", "", "its upper end"),
        ColumnSpec(
            "changed",
            "number",
            "",
            "mean share of fields given otherwise than the record has them",
            least=0,
            most=1,
        ),
    ),
)

PATHS = TableSpec(
    "release_paths",
    "a group × value, and one for what was said before",
    (
        GROUP,
        ColumnSpec("predictor", "text", "", "latent variable of the study's model"),
        ColumnSpec(
            "role",
            "text",
            "",
            "`value`: a path to what is released, beside the other values; `stated`: the "
            "correlation of what is released with what the questionnaire accepts",
        ),
        ColumnSpec(
            "expected",
            "text",
            "",
            "sign of the path to acceptance in people, or of the correlation",
        ),
        ColumnSpec("n", "count", "sessions", "in the fit"),
        ColumnSpec("estimate", "number", "sd", "completely standardised"),
        ColumnSpec("se", "number", "sd", "its standard error"),
        ColumnSpec("lower", "number", "sd", "lower end of its 95 % interval"),
        ColumnSpec("upper", "number", "sd", "its upper end"),
        ColumnSpec("why_not", "text", "", "why there is none; blank where there is one"),
    ),
)
