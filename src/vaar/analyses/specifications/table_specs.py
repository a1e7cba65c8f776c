"""The tables of the specifications: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.columns import GROUP, number_column, share_column
from vaar.analyses.specifications.estimate import Ended
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

_SPECIFICATION = ColumnSpec("specification", "text", "", "as declared; `main`: changes nothing")


LISTED = TableSpec(
    "specifications",
    "a declared specification, in the order of the list",
    (
        _SPECIFICATION,
        ColumnSpec("words", "text", "", "the same for a reader"),
        ColumnSpec("ended", "text", "", "how it ended", allowed=tuple(str(e) for e in Ended)),
        ColumnSpec("reason", "text", "", "why it was not estimated"),
        ColumnSpec("level", "text", "", "level of invariance; empty: nothing was fitted"),
        number_column("cfi", "of the joint fit, robust or scaled where there is such a variant"),
        number_column("rmsea", "likewise"),
        ColumnSpec("replicates", "count", "", "bootstrap replicates behind intervals of VAAR"),
    ),
)

PATHS = TableSpec(
    "specification_paths",
    "a group × path × specification that was estimated",
    (
        GROUP,
        ColumnSpec("path", "text", "", "outcome ~ predictor"),
        _SPECIFICATION,
        number_column("std_estimate", "standardised"),
        number_column("lower", "lower end of its 95 % interval"),
        number_column("upper", "its upper end"),
        ColumnSpec(
            "verdict", "text", "", "what the data say", allowed=tuple(str(v) for v in Verdict)
        ),
        ColumnSpec("reason", "text", "", "why there is no number, or what qualifies it"),
    ),
)

RATES = TableSpec(
    "specification_rates",
    "a group × specification that was estimated",
    (
        GROUP,
        _SPECIFICATION,
        share_column("vaar_uncorrected", "VAAR at the estimates of the paths"),
        share_column("vaar", "corrected for its median bias; blank: no replicates"),
        number_column("vaar_lower", "lower end of its 95 % interval by test inversion"),
        number_column("vaar_upper", "its upper end"),
        number_column("kappa", "κ in force"),
        ColumnSpec("delta", "number", "", "δ in force", least=0),
    ),
)

TABLES = (LISTED, PATHS, RATES)
