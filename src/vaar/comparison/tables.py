"""The tables of a comparison: every column, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec


def _text(name: str, meaning: str, *allowed: str) -> ColumnSpec:
    return ColumnSpec(name, "text", "", meaning, allowed=allowed)


def _bounded(name: str, meaning: str, unit: str = "") -> Iterator[ColumnSpec]:
    yield ColumnSpec(name, "number", unit, meaning)
    yield ColumnSpec(f"{name}_lower", "number", unit, "lower end of its 95 % interval")
    yield ColumnSpec(f"{name}_upper", "number", unit, "its upper end")


_RUN = _text("run", "label of the run")
_RESPONDENT = _text("respondent", "who answered, by the name that it has in every run")
_SIMULATED = ColumnSpec("simulated", "flag", "", "whether its answers are simulated")
_MEASURE = (
    _text("analysis", "which offers the figure"),
    _text("measure", "its name within the analysis"),
    _text("facet", "what tells it from others of the measure: condition, scale, nation"),
    ColumnSpec(
        "definition",
        "count",
        "",
        "figures of one measure and facet can be compared if this is the same: study and options "
        "are then the same",
        least=1,
    ),
)
_P = ColumnSpec("p", "number", "share", "of no difference from 0", least=0, most=1)
_HOLM = ColumnSpec("p_holm", "number", "share", "corrected by Holm's method", least=0, most=1)

RUNS = TableSpec(
    "runs",
    "a run",
    (
        _RUN,
        _text("directory", "where it is"),
        _text("study", "its name"),
        _text("started", "ISO 8601"),
        ColumnSpec("models", "count", "models", "that were asked"),
    ),
)

FIGURES = TableSpec(
    "figures",
    "a figure of a respondent in a run",
    (
        _RUN,
        _text("study", "of the run"),
        *_MEASURE,
        _text("title", "what the figure is"),
        _text("short", "the same in a few letters"),
        _RESPONDENT,
        _SIMULATED,
        ColumnSpec("people", "flag", "", "whether the answers are people's"),
        *_bounded("value", "the figure"),
        _text("unit", "of the figure; blank: a share, or a number near 1"),
        _text("words", "the verdict, or why there is no value"),
        _text("flaw", "why the figure shows nothing of what it is named for; blank: it does"),
        ColumnSpec("leading", "flag", "", "whether it is correlated with other measures"),
        ColumnSpec("latest", "flag", "", "whether no later run has this figure of the respondent"),
    ),
)

CORRELATIONS = TableSpec(
    "correlations",
    "two measures, over the models that have both",
    (
        _text("one", "title of the first measure"),
        _text("other", "title of the second"),
        _SIMULATED,
        ColumnSpec("models", "count", "models", "with both figures, without flaw", least=0),
        *_bounded("pearson", "Pearson's r of the figures as estimated"),
        *_bounded("spearman", "Spearman's ρ of the same"),
        ColumnSpec("p", "number", "share", "of no correlation, by Pearson's r", least=0, most=1),
        _HOLM,
        ColumnSpec(
            "reliability_one",
            "number",
            "",
            "1 − mean squared standard error / variance over models, of the first measure",
        ),
        ColumnSpec("reliability_other", "number", "", "the same of the second"),
        *_bounded("corrected", "Pearson's r over the root of both reliabilities"),
        _text("why_not", "why there is no correlation; blank where there is one"),
    ),
)

CONTRASTS = TableSpec(
    "contrasts",
    "a figure of a respondent in two runs",
    (
        *_MEASURE,
        _text("title", "what the figure is"),
        _text("short", "the same in a few letters"),
        _RESPONDENT,
        _SIMULATED,
        ColumnSpec(
            "leading", "flag", "", "a leading figure; p_holm corrects these and the others apart"
        ),
        _text("earlier", "the run that is taken from"),
        _text("later", "the other"),
        ColumnSpec("earlier_value", "number", "", "the figure in the earlier run"),
        ColumnSpec("later_value", "number", "", "the figure in the later run"),
        *_bounded("difference", "later less earlier"),
        ColumnSpec("paired", "flag", "", "whether it is taken unit by unit, of scenarios or items"),
        _P,
        _HOLM,
        _text("unit", "of the figure; blank: a share, or a number near 1"),
        _text("why_not", "why the difference has no interval; blank where it has one"),
    ),
)

RETEST = TableSpec(
    "run_retest",
    "mean answers that runs of one study gave twice: of a respondent over items, or of a "
    "questionnaire over models",
    (
        _text("over", "what the rows are that agree", "items", "models"),
        _text("of", "the respondent, or the questionnaire"),
        _text("facet", "condition of the answers"),
        _SIMULATED,
        ColumnSpec("n", "count", "", "items, or models", least=0),
        ColumnSpec("runs", "count", "runs", "that are compared", least=2),
        *_bounded("icc", "ICC(A,1): absolute agreement of mean answers, as shares of the scale"),
        ColumnSpec("shift", "number", "share", "mean answer of the last run less the first's"),
        _text("why_not", "why there is no intraclass correlation; blank where there is one"),
    ),
)

FACTS = TableSpec(
    "run_facts",
    "a fact of a run, or of a respondent in it",
    (
        _RUN,
        _text("of", "the respondent; blank: the whole run"),
        _text("fact", "such as a version"),
        _text("value", "as the run has it"),
        ColumnSpec("differs", "flag", "", "whether another run has another value"),
    ),
)

ITEMS = ("respondent", "facet", "simulated", "instrument", "item", "n", "mean")
"""Columns of mean answers: `mean` is a share of the item's scale, 0 to 1."""

TABLES = (RUNS, FIGURES, CORRELATIONS, CONTRASTS, RETEST, FACTS)
