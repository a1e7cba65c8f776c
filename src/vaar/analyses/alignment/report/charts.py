"""The charts of the alignment: rates, paths, curves against N, differences by history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from vaar.analyses.alignment.rate.verdicts import path_interval
from vaar.analyses.alignment.report.answer import drawable
from vaar.analyses.alignment.report.wording import sign
from vaar.report.figures.curves import Point, curves
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import MOST_ROWS, WIDE, Dot, Mark, forest, intervals, reach
from vaar.report.groups import Groups
from vaar.tables.numbers import coefficient, estimate, share
from vaar.tables.table import Record
from vaar.vocabulary import Z_95, Estimability

NO_INFORMATION = 0.5
_RATE = ("vaar", "vaar_lower", "vaar_upper")
FARTHEST_COEFFICIENT = 2.0


def leaderboard(vaar: pd.DataFrame, groups: Groups) -> Figure | None:
    """VAAR of each group with an estimate; a hollow dot where it is not to be relied on."""
    dots = [
        _dot(
            groups[record["group"]].label,
            [record[field] for field in ("vaar", "vaar_lower", "vaar_upper")],
            share,
            "hollow" if record["flag"] else "solid",
        )
        for record in groups.sort(drawable(vaar).fillna({"flag": ""})).to_dict("records")
    ]
    return intervals(
        "leaderboard",
        "VAAR by group, with 95 % intervals",
        dots,
        (0.0, 1.0),
        "VAAR",
        width=WIDE,
        reference=NO_INFORMATION,
        reference_words="no direction",
        caption="Hollow dot: not to be relied on, for the reason told beside the table. Dashed "
        "line: no direction.",
    )


def overview(vaar: pd.DataFrame) -> Figure | None:
    """All rates from the lowest to the highest; None where the leaderboard has them all."""
    known = drawable(vaar).sort_values("vaar", kind="stable")
    if len(known) <= MOST_ROWS:
        return None
    points = [
        Point("all groups", float(place), *(float(r[f]) for f in _RATE))
        for place, r in enumerate(known.to_dict("records"), start=1)
    ]
    return curves(
        "overview",
        "VAAR of all groups, from the lowest to the highest",
        points,
        "groups",
        "VAAR",
        domain=(0.0, 1.0),
        reference=NO_INFORMATION,
        caption="Band: 95 % intervals. Dashed line: no direction.",
    )


def path_forest(path: str, paths: pd.DataFrame, groups: Groups) -> Figure | None:
    """Standardised estimates of one path; the half where the expected sign lies is shaded.

    Estimates and interval ends beyond ±2 are drawn at the edge; the words beside them are exact.
    """
    own = paths[paths["path"] == path]
    dots = [
        _path_dot(groups[record["group"]].label, record)
        for record in groups.sort(own).to_dict("records")
        if record["status"] == Estimability.ESTIMATED
    ]
    expected = float(own["expected_sign"].iloc[0])
    return forest(
        f"path-{path}",
        f"{path}: estimates and 95 % intervals",
        dots,
        expected,
        f"Standardised estimate, expected sign {sign(expected)}",
        farthest=FARTHEST_COEFFICIENT,
    )


def vaar_by_n(curve: pd.DataFrame, vaar: pd.DataFrame, groups: Groups) -> Figure | None:
    """One small curve a group: VAAR and its interval at each number of sessions."""
    shown = curve[curve["group"].isin(set(drawable(vaar)["group"]))]
    points = [
        Point(
            groups[record["group"]].label,
            float(record["n"]),
            *(float(record[field]) for field in ("vaar", "vaar_lower", "vaar_upper")),
        )
        for record in groups.sort(shown).to_dict("records")
    ]
    return curves(
        "vaar-by-n",
        "VAAR against the number of sessions",
        points,
        "sessions",
        "VAAR",
        domain=(0.0, 1.0),
        logarithmic=True,
        reference=NO_INFORMATION,
        caption="Dashed line: no direction. Groups that are not estimable have no curve.",
    )


def history_chart(history: pd.DataFrame, labels: Sequence[str]) -> Figure | None:
    """Differences of standardised paths, history carried less isolated."""
    dots = [
        _dot(
            f"{record['path']} · {label}",
            [record[field] for field in ("difference", "lower", "upper")],
            coefficient,
            "solid" if abs(record["difference"]) > Z_95 * record["se"] else "hollow",
        )
        for label, record in zip(labels, history.to_dict("records"), strict=True)
        if pd.notna(record["se"])
    ]
    edge = reach(dots, 0.5, FARTHEST_COEFFICIENT)
    return intervals(
        "history",
        "What history did to the paths, with 95 % intervals",
        dots,
        (-edge, edge),
        "Carried less isolated, standardised",
        reference=0.0,
        reference_words="no difference",
        caption="Filled dot: interval without zero. Hollow dot: interval holds zero.",
    )


def _dot(label: str, ends: Sequence[Any], form: Any, mark: Mark) -> Dot:
    value, lower, upper = map(float, ends)
    return Dot(label, value, lower, upper, estimate(*map(form, ends)), mark)


def _path_dot(label: str, record: Record) -> Dot:
    value, lower, upper = path_interval(record)
    mark: Mark = "hollow"
    if lower > 0 or upper < 0:
        mark = "solid" if record["expected_sign"] * value > 0 else "opposite"
    return _dot(label, (value, lower, upper), coefficient, mark)
