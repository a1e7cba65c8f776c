"""The sentence that opens the page, and the word on what is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.report.groups import SIMULATED, Groups
from vaar.report.vaar_tables import Excluded, drawable, not_estimable
from vaar.tables.numbers import estimate, share
from vaar.tables.text import shorten, visible

_NAMED = 3
_NAME_LIMIT = 60


def answer(vaar: pd.DataFrame, run: dict[str, Any], groups: Groups) -> Markup:
    """Say in one sentence who was highest, who lowest, and who could not be estimated."""
    leaders = groups.sort(drawable(vaar)).to_dict("records")
    excluded = not_estimable(vaar, groups)
    noun = _noun(run, groups)
    parts = [
        Markup("Of {} {}, {} could be estimated").format(len(groups.asked), noun, len(leaders))
    ]
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
    second = groups.by_name[leaders[1]["group"]]
    return Markup(
        "The intervals of the two highest overlap (second: {} {}): do not read their "
        "order as settled."
    ).format(_name(second.name, second.simulated), _figures(leaders[1]))


@dataclass(frozen=True)
class Changed:
    """A respondent whose replies name more than one model: each id, and how often it stood."""

    name: str
    models: tuple[tuple[str, int], ...]


def changed_models(run: dict[str, Any]) -> tuple[Changed, ...]:
    """Respondents of which more than one model answered."""
    return tuple(
        Changed(visible(name), tuple((visible(model), n) for model, n in ids.items()))
        for name, ids in run.get("reported", {}).items()
        if len(ids) > 1
    )


def simulated_names(run: dict[str, Any]) -> list[str]:
    """Names of the respondents whose answers come from a simulation."""
    return [r["name"] for r in run["respondents"] if r["simulated"]]


def _noun(run: dict[str, Any], groups: Groups) -> str:
    models = [r for r in run["respondents"] if r["groups"]]
    noun = "model" if len(models) == len(groups.asked) else "group"
    return noun if len(groups.asked) == 1 else f"{noun}s"


def _placed(record: Any, groups: Groups) -> Markup:
    group = groups.by_name[record["group"]]
    partly = " (partly estimable)" if record["status"] != "estimated" else ""
    return Markup("{} {}{}").format(_name(group.name, group.simulated), _figures(record), partly)


def _figures(record: Any) -> str:
    return estimate(*(share(record[f]) for f in ("vaar", "vaar_lower", "vaar_upper")))


def _left_out(excluded: tuple[Excluded, ...]) -> Markup:
    named = Markup(", ").join(
        Markup("{} ({})").format(_name(e.name, e.simulated), visible(e.reason))
        for e in excluded[:_NAMED]
    )
    more = len(excluded) - _NAMED
    return named + (f" and {more} more" if more > 0 else "")


def _name(name: str, simulated: bool) -> Markup:
    tag = Markup(' <span class="tag">{}</span>').format(SIMULATED) if simulated else ""
    return Markup("<b><bdi>{}</bdi></b>{}").format(shorten(visible(name), _NAME_LIMIT), tag)
