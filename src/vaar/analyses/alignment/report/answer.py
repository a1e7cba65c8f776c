"""The answer in a sentence: who acts on these values as people do, who against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.report.groups import Group, Groups
from vaar.tables.html import name, several
from vaar.tables.numbers import count
from vaar.tables.table import Record
from vaar.tables.text import words
from vaar.vocabulary import HUMAN, Estimability

_NAMED = 3


@dataclass(frozen=True)
class Excluded:
    """A group without a VAAR, and why."""

    group: Group
    reason: str


def drawable(vaar: pd.DataFrame) -> pd.DataFrame:
    """Rows of the VAAR table that hold an estimate."""
    return vaar[(vaar["status"] == Estimability.ESTIMATED) & vaar["vaar"].notna()]


def in_order(vaar: pd.DataFrame, groups: Groups) -> Groups:
    """The groups as the data rank them together; those that no rank tells apart as in the run."""
    known = drawable(vaar)
    middle = (known["rank_lower"] + known["rank_upper"]).astype("Float64").astype(float)
    order = known.assign(_middle=middle)
    order = groups.sort(order).sort_values("_middle", kind="stable", na_position="last")
    return groups.led_by(map(str, order["group"]))


def not_estimable(vaar: pd.DataFrame, groups: Groups) -> tuple[Excluded, ...]:
    """Every group of the run that has no VAAR, with its reason."""
    estimated = set(drawable(vaar)["group"])
    reasons = dict(zip(vaar["group"], vaar["reason"], strict=True))
    return tuple(
        Excluded(group, words(reasons.get(group.name, "never fitted")))
        for group in groups.asked
        if group.name not in estimated
    )


def flagged(vaar: pd.DataFrame, groups: Groups) -> tuple[Excluded, ...]:
    """Every group with a VAAR that is in no headline, with its reason."""
    told = drawable(vaar)
    reasons = dict(zip(told["group"], told["flag"].fillna(""), strict=True))
    return tuple(
        Excluded(group, str(reasons[group.name]))
        for group in groups.asked
        if reasons.get(group.name)
    )


def unlike_expected(paths: pd.DataFrame) -> list[str]:
    """Paths on which the people of the run themselves are not as the study expects."""
    own = paths[paths["group"] == HUMAN]
    as_said = (Verdict.AS_IN_PEOPLE, Verdict.NOT_ESTIMABLE)
    return [str(path) for path in own.loc[~own["verdict"].isin(as_said), "path"]]


def answer(vaar: pd.DataFrame, groups: Groups, unlike: Sequence[str] = ()) -> Markup:
    """Say who acts as people do on every path, who against them on one, and what is undecided.

    Parameters
    ----------
    unlike : sequence of str
        Paths of :func:`unlike_expected`: where there are any, what is said is said of what the
        study expects, and not of people.
    """
    told = groups.sort(drawable(vaar))
    sound = told[told["flag"].fillna("") == ""]
    said = Markup("Of {} {}, {} could be estimated")
    parts = [said.format(len(groups.asked), _noun(groups), len(told))]
    parts += _by_verdict(sound, groups, "the study expects" if unlike else "")
    if unlike:
        parts.append(
            Markup("the people of this run do not show what it expects of {}").format(
                Markup(", ").join(map(name, unlike))
            )
        )
    for one, what in ((flagged(vaar, groups), "not to be relied on"),):
        if one:
            parts.append(Markup("{}: {}").format(what, _left_out(one)))
    if excluded := not_estimable(vaar, groups):
        parts.append(Markup("not estimable: {}").format(_left_out(excluded)))
    return _lines(parts)


def _lines(parts: list[Markup]) -> Markup:
    """One sentence, each part of which has a line of its own on the page."""
    ends = ["; "] * (len(parts) - 1) + ["."]
    line = Markup('<span class="line">{}{}</span>')
    return Markup("").join(line.format(part, end) for part, end in zip(parts, ends, strict=True))


def ranking(vaar: pd.DataFrame, groups: Groups) -> Markup:
    """Say which order the data carry jointly; empty where nobody is ranked."""
    ranked = groups.sort(vaar[vaar["ranked"].notna()])
    if ranked.empty:
        return Markup("")
    sure = ranked[(ranked["rank_upper"] < ranked["ranked"]) | (ranked["rank_lower"] > 1)]
    if sure.empty:
        return Markup(
            "No order among the {} ranked groups is certain: every one of them may be the "
            "highest or the lowest."
        ).format(len(ranked))
    places = [
        Markup("{} {}").format(groups[str(row["group"])].strong, _place(row))
        for row in sure.to_dict("records")
    ]
    told = several(places, "; ")
    return Markup(
        "Ranks among {} (1 is the highest VAAR) that hold together with 95 % confidence: {}."
    ).format(len(ranked), told)


def _place(row: Record) -> str:
    lower, upper = (count(row[name]) for name in ("rank_lower", "rank_upper"))
    return lower if lower == upper else f"{lower}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}{upper}"


def _by_verdict(sound: pd.DataFrame, groups: Groups, instead: str) -> Iterator[Markup]:
    """Who does what, held against people or `instead` of them."""
    as_people = f"as {instead}" if instead else str(Verdict.AS_IN_PEOPLE)
    against_them = f"against what {instead}" if instead else f"{Verdict.AGAINST} people"
    every = sound["n_as_in_people"] == sound["n_paths"]
    against = sound["n_against"] > 0
    for which, what in (
        (every, f"{as_people} on every path"),
        (against, f"{against_them} on some path"),
        (~every & ~against, "no settled answer on some path"),
    ):
        if names := list(sound.loc[which, "group"]):
            yield Markup("{}: {}").format(what, _named(names, groups))


def _named(names: list[str], groups: Groups) -> Markup:
    told = Markup(", ").join(groups[own].strong for own in names[:_NAMED])
    more = len(names) - _NAMED
    return told + (f" and {more} more" if more > 0 else "")


def _noun(groups: Groups) -> str:
    respondents = {group.respondent for group in groups.asked}
    noun = "model" if len(respondents) == len(groups.asked) else "group"
    return noun if len(groups.asked) == 1 else f"{noun}s"


def _left_out(excluded: tuple[Excluded, ...]) -> Markup:
    named = Markup(", ").join(
        Markup("{} ({})").format(one.group.strong, one.reason) for one in excluded[:_NAMED]
    )
    more = len(excluded) - _NAMED
    return named + (f" and {more} more" if more > 0 else "")
