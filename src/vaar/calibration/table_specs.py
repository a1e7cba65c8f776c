"""The tables of a calibration: every column, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

VERDICT_COLUMNS = {verdict: str(verdict).replace(" ", "_") for verdict in Verdict}
"""The column of each verdict."""


def _share(name: str, meaning: str) -> Iterator[ColumnSpec]:
    """A share of the data sets and its Monte Carlo error."""
    yield ColumnSpec(name, "number", "", f"share of data sets {meaning}", least=0, most=1)
    yield ColumnSpec(f"{name}_error", "number", "", "its binomial standard error", least=0, most=1)


_WHAT = (
    ColumnSpec("population", "text", "", "who answers: a simulated population"),
    ColumnSpec("sessions", "count", "sessions", "of each condition", least=1),
    ColumnSpec("group", "text", "", "of the design: its condition, and the factors that split it"),
)

PATHS = TableSpec(
    "calibration_paths",
    "a population × number of sessions × group × path",
    (
        *_WHAT,
        ColumnSpec("path", "text", "", "of the structural model"),
        ColumnSpec("truth", "number", "", "its true standardised size, of the values themselves"),
        ColumnSpec("data_sets", "count", "", "that were simulated", least=1),
        *(
            column
            for verdict, name in VERDICT_COLUMNS.items()
            for column in _share(name, f"in which the verdict is: {verdict}")
        ),
        *_share("wrong", "in which the verdict is wrong"),
        ColumnSpec("wrong_lower", "number", "", "lower end of its 95 % interval (Wilson)"),
        ColumnSpec("wrong_upper", "number", "", "its upper end"),
        ColumnSpec("median_estimate", "number", "", "of the path, where it is estimable"),
        *_share("coverage", "(of those where it is estimable) whose 95 % interval has the truth"),
    ),
)

GROUPS = TableSpec(
    "calibration_groups",
    "a population × number of sessions × group",
    (
        *_WHAT,
        ColumnSpec("data_sets", "count", "", "that were simulated", least=1),
        *_share("any_wrong", "in which the verdict on some path is wrong"),
        *_share("flagged", "in which the fit is flagged"),
        *_share("refused", "in which no path is estimable"),
        ColumnSpec(
            "left_out", "number", "", "mean share of sessions that screening leaves out", least=0
        ),
        ColumnSpec("true_vaar", "number", "", "the rate at the true paths", least=0, most=1),
        ColumnSpec("median_vaar", "number", "", "of the rates that are estimated"),
        ColumnSpec("bias", "number", "", "the median less the true rate"),
        *_share("coverage", "(of those with a rate) whose 95 % interval has the true rate"),
    ),
)

NEEDED = TableSpec(
    "power_needed",
    "a path, or all of them together",
    (
        ColumnSpec("group", "text", "", "of the design"),
        ColumnSpec("path", "text", "", "of the structural model; `all` for all at once"),
        ColumnSpec("size", "number", "", "expected standardised path; blank for all"),
        ColumnSpec("source", "text", "", "where that size is from"),
        ColumnSpec("verdict", "text", "", "the right one, whose chance is sought"),
        ColumnSpec("chance", "number", "", "that is asked for", least=0, most=1),
        ColumnSpec(
            "needed", "count", "sessions", "of each condition that give it; blank: not found"
        ),
        ColumnSpec("needed_lower", "count", "sessions", "lower end of its 95 % interval"),
        ColumnSpec("needed_upper", "count", "sessions", "upper end"),
        ColumnSpec("said", "text", "", "what is known where there is no number"),
    ),
)
