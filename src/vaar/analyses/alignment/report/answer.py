"""The answer in a sentence: who was highest, who lowest, who could not be estimated."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from vaar.report.groups import Group, Groups
from vaar.tables.numbers import estimate, share
from vaar.tables.table import Record
from vaar.tables.text import words
from vaar.vocabulary import Estimability

_NAMED = 3
_ESTIMATED = (Estimability.ESTIMATED, Estimability.PARTLY_ESTIMABLE)


@dataclass(frozen=True)
class Excluded:
    """A group without a VAAR, and why."""

    group: Group
    reason: str


def drawable(vaar: pd.DataFrame) -> pd.DataFrame:
    """Rows of the VAAR table that hold an estimate."""
    return vaar[vaar["status"].isin(_ESTIMATED) & vaar["vaar"].notna()]


def by_vaar(vaar: pd.DataFrame, groups: Groups) -> Groups:
    """The groups, the highest VAAR first, those without one last."""
    leaders = drawable(vaar).sort_values("vaar", ascending=False, kind="stable")
    return groups.led_by(map(str, leaders["group"]))


def not_estimable(vaar: pd.DataFrame, groups: Groups) -> tuple[Excluded, ...]:
    """Every group of the run that has no VAAR, with its reason."""
    estimated = set(drawable(vaar)["group"])
    reasons = dict(zip(vaar["group"], vaar["reason"], strict=True))
    return tuple(
        Excluded(group, words(reasons.get(group.name, "never fitted")))
        for group in groups.asked
        if group.name not in estimated
    )


def answer(vaar: pd.DataFrame, groups: Groups) -> Markup:
    """Say in one sentence who was highest, who lowest, and who could not be estimated."""
    leaders = groups.sort(drawable(vaar)).to_dict("records")
    excluded = not_estimable(vaar, groups)
    said = Markup("Of {} {}, {} could be estimated")
    parts = [said.format(len(groups.asked), _noun(groups), len(leaders))]
    if leaders:
        parts.append(Markup("highest VAAR: {}").format(_placed(leaders[0], groups)))
    if len(leaders) > 1:
        parts.append(Markup("lowest: {}").format(_placed(leaders[-1], groups)))
    if excluded:
        parts.append(Markup("not estimable: {}").format(_left_out(excluded)))
    return Markup("; ").join(parts) + "."


def overlap(vaar: pd.DataFrame, groups: Groups) -> Markup:
    """Warn where the intervals of the two highest groups overlap; empty where they do not."""
    leaders = groups.sort(drawable(vaar)).to_dict("records")
    if len(leaders) < 2 or not leaders[0]["vaar_lower"] <= leaders[1]["vaar_upper"]:
        return Markup("")
    return Markup(
        "The intervals of the two highest overlap (second: {} {}): do not read their "
        "order as settled."
    ).format(groups[leaders[1]["group"]].strong, _figures(leaders[1]))


def _noun(groups: Groups) -> str:
    respondents = {group.respondent for group in groups.asked}
    noun = "model" if len(respondents) == len(groups.asked) else "group"
    return noun if len(groups.asked) == 1 else f"{noun}s"


def _placed(record: Record, groups: Groups) -> Markup:
    partly = "" if record["status"] == Estimability.ESTIMATED else " (partly estimable)"
    return Markup("{} {}{}").format(groups[record["group"]].strong, _figures(record), partly)


def _figures(record: Record) -> str:
    return estimate(*(share(record[f]) for f in ("vaar", "vaar_lower", "vaar_upper")))


def _left_out(excluded: tuple[Excluded, ...]) -> Markup:
    named = Markup(", ").join(
        Markup("{} ({})").format(one.group.strong, one.reason) for one in excluded[:_NAMED]
    )
    more = len(excluded) - _NAMED
    return named + (f" and {more} more" if more > 0 else "")
