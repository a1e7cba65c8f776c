"""The tables of the social value orientation: every column, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.analyses.columns import GROUP
from vaar.analyses.social_value_orientation.orientation import VALUES
from vaar.tables.spec import ColumnSpec, TableSpec

_VALUE = ColumnSpec("value", "text", "", "the value that was assigned; empty where none was")


def _bounded(name: str, unit: str, meaning: str, least: float, most: float) -> Iterator[ColumnSpec]:
    yield ColumnSpec(name, "number", unit, meaning, least=least, most=most)
    yield ColumnSpec(f"{name}_lower", "number", unit, "lower end of its 95 % interval over trials")
    yield ColumnSpec(f"{name}_upper", "number", unit, "its upper end")


def _share(name: str, meaning: str) -> Iterator[ColumnSpec]:
    return _bounded(name, "share", meaning, 0, 1)


ARMS = TableSpec(
    "svo_arms",
    "an arm: a group, and the value it was assigned",
    (
        GROUP,
        _VALUE,
        ColumnSpec("trials", "count", "trials", "sessions of the arm", least=1),
        ColumnSpec("complete", "count", "trials", "that answered all six primary items", least=0),
        *_bounded("angle", "degrees", "mean angle of complete trials", -180, 180),
        ColumnSpec("angle_sd", "number", "degrees", "its standard deviation", least=0),
        ColumnSpec("own", "number", "coins", "mean for oneself in the primary items"),
        ColumnSpec("other", "number", "coins", "mean for the other in the primary items"),
        *(c for value in VALUES for c in _share(value, f"of complete trials that are {value}")),
        *_share("hit", "of complete trials in the category of the assigned value"),
        *_bounded("rationality", "", "1 − distance from the ideal angle / the largest", 0, 1),
        *_share("understood", "of trials that foretell choices in the assigned category"),
        *_share("understood_not_done", "of trials that foretell them and choose otherwise"),
        *_share("transitive", "of complete trials whose choices are transitive"),
        *_bounded("inequality_aversion", "", "0 for equal shares, 1 for the largest sum", 0, 1),
        ColumnSpec("from_random", "number", "degrees", "angle − that of options at random"),
        ColumnSpec("from_first_printed", "number", "degrees", "angle − that of always the first"),
        ColumnSpec("first_listed", "number", "degrees", "angle of always the one listed first"),
        ColumnSpec("from_first_listed", "number", "degrees", "angle − that angle"),
        *_bounded("order_effect", "share", "pull to the end listed first; 1: always it", -1, 1),
        ColumnSpec(
            "reversal_consistency", "number", "", "1 − mean absolute pull by item", least=0, most=1
        ),
    ),
)

TRIALS = TableSpec(
    "svo_trials",
    "a trial: a session",
    (
        GROUP,
        ColumnSpec("session", "count", "", "its number"),
        _VALUE,
        ColumnSpec("own", "number", "coins", "mean for oneself in the primary items"),
        ColumnSpec("other", "number", "coins", "mean for the other in the primary items"),
        ColumnSpec("angle", "number", "degrees", "of social value orientation"),
        ColumnSpec("category", "text", "", "of the angle", allowed=("", *VALUES)),
        ColumnSpec("transitive", "number", "", "1 where the choices are transitive, else 0"),
        ColumnSpec("inequality_aversion", "number", "", "0 for equal shares, 1 for the sum"),
        ColumnSpec("rationality", "number", "", "1 in full accord with the assigned value"),
        ColumnSpec("understood_angle", "number", "degrees", "of what is foretold of another"),
        ColumnSpec("understood", "text", "", "its category", allowed=("", *VALUES)),
        ColumnSpec("first_listed", "number", "degrees", "angle of always the one listed first"),
    ),
)

NULLS = TableSpec(
    "svo_nulls",
    "a way to choose that follows no value",
    (
        ColumnSpec("null", "text", "", "what is chosen", allowed=("random", "first_printed")),
        ColumnSpec("angle", "number", "degrees", "mean angle"),
        ColumnSpec("angle_sd", "number", "degrees", "its standard deviation", least=0),
        ColumnSpec("own", "number", "coins", "mean for oneself in the primary items"),
        ColumnSpec("other", "number", "coins", "mean for the other in the primary items"),
        *(
            ColumnSpec(value, "number", "share", f"probability of looking {value}")
            for value in VALUES
        ),
        ColumnSpec("transitive", "number", "share", "probability of looking transitive"),
    ),
)
