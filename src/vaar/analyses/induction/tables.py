"""The table of the effects of assigned values."""

from __future__ import annotations

from vaar.analyses.columns import GROUP
from vaar.analyses.induction.effects import Role, Said
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

INDUCTION = TableSpec(
    "induction",
    "a group × assigned value × questionnaire",
    (
        GROUP,
        ColumnSpec("assigned", "text", "", "the fact that assigns the value"),
        ColumnSpec("value", "text", "", "the variable of the structural model that measures it"),
        ColumnSpec(
            "role",
            "text",
            "",
            "`taken up`: effect on the value's own questionnaire; `followed`: on an outcome",
            allowed=tuple(str(role) for role in Role),
        ),
        ColumnSpec("instrument", "text", "", "the questionnaire"),
        ColumnSpec("asked_first", "flag", "", "whether it opened the session"),
        ColumnSpec("expected_sign", "count", "", "−1 or 1"),
        ColumnSpec("n", "count", "sessions", "with a score", least=0),
        ColumnSpec("d", "number", "sd", "assigned high less low, in sd within cells"),
        ColumnSpec("d_lower", "number", "sd", "lower end of its 95 % Welch interval"),
        ColumnSpec("d_upper", "number", "sd", "its upper end"),
        ColumnSpec("path", "number", "", "the same as a standardised path, d / √(d² + 4)"),
        ColumnSpec("path_lower", "number", "", "lower end of its 95 % interval"),
        ColumnSpec("path_upper", "number", "", "its upper end"),
        ColumnSpec(
            "said",
            "text",
            "",
            "blank: no two sessions in every cell",
            allowed=("", *(str(one) for one in Said)),
        ),
    ),
)
