"""What was found, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.bootstrap import FEWEST
from vaar.analyses.order_effect import end_followed
from vaar.analyses.social_value_orientation.orientation import category
from vaar.report.groups import Groups
from vaar.tables.numbers import count, decimal, estimate_named, percent
from vaar.tables.table import Record
from vaar.tables.text import NO_VALUE, is_missing

_MOST_SENTENCES = 4
_TENTH = 0.1
_ALIKE = {
    "random": "options taken at random",
    "first_printed": "always taking the option printed first",
}


def degrees(value: Any) -> str:
    """An angle in degrees, to one place."""
    return NO_VALUE if is_missing(value) else f"{decimal(value, 1)}°"


def arm_name(record: Record, groups: Groups) -> str:
    """An arm within its respondent: the condition, and the assigned value."""
    condition = groups[record["group"]].condition or record["group"]
    return f"{record['value']} ({condition})" if record["value"] else condition


def answer(arms: pd.DataFrame, nulls: Mapping[str, Record], groups: Groups) -> Markup:
    """The answer: what each group chose of itself, and whether assigned values were followed."""
    if not arms["complete"].gt(0).any():
        return Markup("No trial answered all six primary items, so there is no angle.")
    sentences = [*_of_themselves(arms, nulls, groups), *_as_assigned(arms, nulls, groups)]
    return Markup(" ").join(sentences)


def _of_themselves(
    arms: pd.DataFrame, nulls: Mapping[str, Record], groups: Groups
) -> Iterator[Markup]:
    own = arms[arms["value"].eq("") & arms["complete"].gt(0)]
    for record in own.head(_MOST_SENTENCES).to_dict("records"):
        yield Markup("With no value assigned, {} divides coins at an angle of {}: {}.").format(
            groups[record["group"]].strong,
            estimate_named(record, degrees, "angle"),
            verdict(record, nulls),
        )
    if len(own) > _MOST_SENTENCES:
        yield Markup("{} further groups are in the table.").format(len(own) - _MOST_SENTENCES)


def verdict(record: Record, nulls: Mapping[str, Record]) -> str:
    """The category of an arm, or why its angle says nothing of a value.

    Parameters
    ----------
    record : mapping
        A row of ``svo_arms``.
    nulls : mapping
        Rows of ``svo_nulls`` by the name of the null.
    """
    if end_followed(record["order_effect"]):
        pull = estimate_named(record, decimal, "order_effect")
        return f"no value, as its choices follow the order of the options (pull {pull})"
    lower, upper = _ends(record)
    alike = [w for name, w in _ALIKE.items() if lower <= nulls[name]["angle"] <= upper]
    if alike:
        return f"not to be told from {' or '.join(alike)}"
    if record["complete"] < FEWEST:
        return f"no category, as {count(record['complete'])} complete trials are too few for one"
    return category(record["angle"])


def _ends(record: Record) -> tuple[float, float]:
    """Of the interval of the angle; where there is none, the angle to a tenth of a degree."""
    if is_missing(record["angle_lower"]):
        return record["angle"] - _TENTH, record["angle"] + _TENTH
    return record["angle_lower"], record["angle_upper"]


def _as_assigned(
    arms: pd.DataFrame, nulls: Mapping[str, Record], groups: Groups
) -> Iterator[Markup]:
    assigned = arms[arms["value"].ne("") & arms["complete"].gt(0)]
    if assigned.empty:
        return
    for group, own in list(assigned.groupby("group", sort=False))[:_MOST_SENTENCES]:
        worst = own.sort_values("hit", kind="stable").to_dict("records")[0]
        pulled = end_followed(worst["order_effect"])
        hit = (own["hit"] * own["complete"]).sum() / own["complete"].sum()
        yield Markup(
            "{} chooses as assigned in {} of trials (options at random: {}), least often as {} ({})"
            "{}."
        ).format(
            groups[str(group)].strong,
            percent(hit),
            percent(_by_chance(own, nulls["random"])),
            worst["value"],
            percent(worst["hit"]),
            ", where its choices follow the order of the options" if pulled else "",
        )


def _by_chance(own: pd.DataFrame, random: Record) -> float:
    """How often options at random would fall into the categories that were assigned."""
    shares = own["value"].map(lambda value: float(random.get(value, 0.0)))
    return float((shares * own["complete"]).sum() / own["complete"].sum())
