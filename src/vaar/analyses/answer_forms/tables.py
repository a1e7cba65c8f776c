"""The tables of the forms of answer: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, share_column
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec


def _number(name: str, unit: str, meaning: str, least: float = float("-inf")) -> ColumnSpec:
    return ColumnSpec(name, "number", unit, meaning, least=least)


FORCED_ANSWERS = TableSpec(
    "forced_answers",
    "a group whose answers are forced × instrument",
    (
        GROUP,
        ColumnSpec("instrument", "text", "", "code of the instrument"),
        ColumnSpec("response", "text", "", "how answers come about", ("choice", "schema")),
        ColumnSpec("asked", "count", "answers", "items asked, over all sessions", least=0),
        share_column("missing_rate", "share of them without a value"),
        share_column("drawn_rate", "share of them drawn from told probabilities"),
        share_column("outside_mean", "mean probability that the reply began with no answer"),
        share_column("outside_p95", "its 95th percentile"),
        share_column("outside_over_half", "share of answers where it was above one half"),
    ),
)

FORMS_COMPARED = TableSpec(
    "forms_compared",
    "an item, scale or subscale × a respondent's group in words × its group of forced answers",
    (
        ColumnSpec("words_group", "text", "", "the group that answered in words"),
        ColumnSpec("forced_group", "text", "", "the group whose answers were forced"),
        ColumnSpec("response", "text", "", "how the latter came about", ("choice", "schema")),
        ColumnSpec("kind", "text", "", "what is compared", ("item", "scale")),
        ColumnSpec("variable", "text", "", "code of the item, scale or subscale"),
        ColumnSpec("n", "count", "pairs", "replicates that have it in both groups", least=0),
        _number("mean_words", "scale points", "mean in words"),
        _number("mean_forced", "scale points", "mean of forced answers"),
        _number("difference", "scale points", "forced − words"),
        _number("difference_lower", "scale points", "lower end of its 95 % paired t-interval"),
        _number("difference_upper", "scale points", "its upper end"),
        _number("sd_words", "scale points", "standard deviation in words", 0),
        _number("sd_forced", "scale points", "standard deviation of forced answers", 0),
        _number("sd_ratio", "", "forced / words", 0),
        _number("sd_ratio_lower", "", "lower end of its 95 % bootstrap interval", 0),
        _number("sd_ratio_upper", "", "its upper end", 0),
        _number("distance", "scale points", "Wasserstein distance of the two distributions", 0),
        _number("distance_lower", "scale points", "lower end of its 95 % bootstrap interval", 0),
        _number("distance_upper", "scale points", "its upper end", 0),
        _number("distance_chance", "scale points", "95 % of distances between equal ones", 0),
    ),
)
