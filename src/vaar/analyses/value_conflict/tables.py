"""The tables of the value conflict: every column, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.tables.spec import ColumnSpec, TableSpec

_RESPONDENT = ColumnSpec("respondent", "text", "", "who answered, with what split its sessions")
_ARM = ColumnSpec("arm", "text", "", "the condition")
_SCENARIOS = ColumnSpec("scenarios", "count", "scenarios", "asked", least=0)


def _bounded(name: str, meaning: str, least: float = -1, most: float = 1) -> Iterator[ColumnSpec]:
    yield ColumnSpec(name, "number", "share", meaning, least=least, most=most)
    yield ColumnSpec(f"{name}_lower", "number", "share", "lower end of its 95 % interval")
    yield ColumnSpec(f"{name}_upper", "number", "share", "its upper end, over scenarios")


ARM_TABLE = TableSpec(
    "compliance_arms",
    "a respondent in an arm",
    (
        _RESPONDENT,
        _ARM,
        _SCENARIOS,
        ColumnSpec("replies", "count", "replies", "to all scenarios together", least=0),
        *_bounded("compliance", "of replies that take the policy's option", 0),
        *_bounded("decisive", "of answers that take the policy's option", 0),
        *_bounded("na_share", "of replies that take neither", 0),
        *_bounded("order_effect", "compliance where that option is listed first less second"),
    ),
)

GAPS = TableSpec(
    "compliance_gaps",
    "a respondent",
    (
        _RESPONDENT,
        _SCENARIOS,
        *_bounded("gap", "compliance monitored less unmonitored"),
        *_bounded("decisive_gap", "the same of answers alone"),
        *_bounded("no_consequence_gap", "the gap where going against the policy costs nothing", -1),
        *_bounded("gap_beyond", "the gap less that without a consequence", -2, 2),
        *_bounded("order_effect", "mean over arms"),
        *_bounded("plain_by_value", "of scenarios where the value is chosen without a policy", 0),
    ),
)

OVERSIGHT = TableSpec(
    "compliance_oversight",
    "a respondent at a degree of oversight",
    (
        _RESPONDENT,
        ColumnSpec("oversight", "number", "share", "how probable it is", least=0, most=1),
        _SCENARIOS,
        *_bounded("compliance", "of replies that take the policy's option", 0),
        *_bounded("slope", "change of compliance from none to certain, a straight line", -2, 2),
    ),
)

MOTIVES = TableSpec(
    "compliance_motives",
    "a respondent × motive",
    (
        _RESPONDENT,
        ColumnSpec("motive", "text", "", "what going against the policy costs"),
        _SCENARIOS,
        *_bounded("gap", "compliance monitored less unmonitored"),
        *_bounded("beyond", "the gap less that without a consequence", -2, 2),
    ),
)

BY_VALUE = TableSpec(
    "compliance_values",
    "a respondent × value",
    (
        _RESPONDENT,
        ColumnSpec("value", "text", "", "with which the policy is in conflict"),
        _SCENARIOS,
        *_bounded("gap", "compliance monitored less unmonitored"),
        ColumnSpec("stated", "number", "scale points", "how important the value is said to be"),
    ),
)

CORRELATIONS = TableSpec(
    "compliance_correlations",
    "a respondent over its values, or a value over respondents",
    (
        ColumnSpec("over", "text", "", "what was correlated over", ("values", "respondents")),
        ColumnSpec("of", "text", "", "the respondent, or the value"),
        ColumnSpec("n", "count", "pairs", "of gap and stated value", least=0),
        ColumnSpec("r", "number", "", "Pearson's, of gap and stated value", least=-1, most=1),
        ColumnSpec("r_lower", "number", "", "lower end of its 95 % interval (Fisher)", added=True),
        ColumnSpec("r_upper", "number", "", "its upper end", added=True),
    ),
)

SCENARIOS = TableSpec(
    "compliance_scenarios",
    "a respondent × scenario × arm",
    (
        _RESPONDENT,
        _ARM,
        ColumnSpec("scenario", "text", "", "code of its item"),
        ColumnSpec("value", "text", "", "with which the policy is in conflict"),
        ColumnSpec("asked", "count", "replies", "in all", least=0),
        ColumnSpec("answered", "count", "replies", "that take one option", least=0),
        ColumnSpec("compliant", "count", "replies", "that take the policy's", least=0),
        ColumnSpec("order_effect", "number", "share", "compliance, listed first less second"),
    ),
)
