"""The tables of what was answered: profiles, reliability, refusals, sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from vaar.report.groups import Groups, group_column
from vaar.study.model import ResponseScale, Study
from vaar.tables.numbers import coefficient, count, decimal, estimate, interval, percent
from vaar.tables.numbers import share as proportion
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import NO_VALUE, is_missing, words

FAILURE_ROWS = 50


def scale_of(study: Study) -> dict[str, ResponseScale]:
    """The response scale of every scale score, whole instruments first."""
    whole = {instrument.code: instrument.scale for instrument in study.instruments}
    parts = {part.code: i.scale for i in study.instruments for part in i.subscales}
    return parts | whole


def normalised(value: float, scale: ResponseScale) -> float:
    """Where a mean lies between the scale's ends: 0 the lowest point, 1 the highest."""
    return (value - scale.first) / (scale.last - scale.first)


def whole_scales(profile: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows of the profile that score a whole instrument."""
    return profile[profile["scale"].isin(study.instrument)]


def subscales(profile: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows of the profile that score a part of an instrument."""
    return profile[~profile["scale"].isin(study.instrument)]


def profile_table(caption: str, profile: pd.DataFrame, study: Study, groups: Groups) -> Table:
    """Scale means with their intervals, in scale points and as a share of the scale's range."""
    scales = scale_of(study)

    def position(record: Record) -> str:
        scale = scales.get(record["scale"])
        known = scale is not None and not is_missing(record["mean"])
        return proportion(normalised(record["mean"], scale)) if known and scale else NO_VALUE

    columns = [
        text("Scale", "scale"),
        group_column(groups),
        number("sessions", "n", count),
        number("mean", "mean", decimal),
        figures(
            "95 % interval", lambda r: interval(decimal(r["ci_lower"]), decimal(r["ci_upper"]))
        ),
        number("standard deviation", "sd", decimal),
        figures("share of the range", position),
    ]
    return tabulate(caption, columns, _by_scale(profile, groups))


def reliability_table(profile: pd.DataFrame, groups: Groups) -> Table:
    """Cronbach's α and McDonald's ω with their intervals, or why there are none."""
    columns = [
        text("Scale", "scale"),
        group_column(groups),
        figures("α [95 % interval]", lambda r: _reliability(r, "alpha")),
        figures("ω [95 % interval]", lambda r: _reliability(r, "omega")),
    ]
    return tabulate("Reliability of each scale", columns, _by_scale(profile, groups))


def missing_table(profile: pd.DataFrame, study: Study, groups: Groups) -> Table:
    """Refused and missing answers, a row a group, two columns a scale."""
    whole = whole_scales(profile, study)
    by_group = {str(name): rows.set_index("scale") for name, rows in whole.groupby("group")}
    columns = [group_column(groups)]
    for scale in whole["scale"].unique():
        for heading, rate in (("refused", "refusal_rate"), ("missing", "missing_rate")):
            columns.append(Column(f"{scale}: {heading}", _rate(by_group, scale, rate), "number"))
    records = [{"group": group.name} for group in groups if group.name in by_group]
    return tabulate("Share of answers refused, and missing for any reason", columns, records)


def reason_table(responses: pd.DataFrame, groups: Groups) -> Table:
    """How often each reason for a missing answer occurred."""
    missing = responses[responses["reason"].notna()]
    counts = missing.groupby(["group", "reason"]).size().unstack(fill_value=0)
    columns = [group_column(groups)]
    columns += [number(str(reason).replace("_", " "), reason, count) for reason in counts.columns]
    columns.append(number("answers asked for", "asked", count))
    asked = responses.groupby("group").size()
    table = counts.reindex(asked.index, fill_value=0).assign(asked=asked).reset_index()
    return tabulate("Missing answers by reason", columns, groups.sort(table).to_dict("records"))


def session_table(sessions: pd.DataFrame, groups: Groups) -> Table:
    """Sessions that were completed, that failed and that never ended, with what they cost."""
    counted = sessions.assign(
        complete=sessions["status"] == "complete",
        failed=sessions["status"] == "failed",
        unfinished=~sessions["status"].isin(["complete", "failed"]),
    )
    fields = ["complete", "failed", "unfinished", "turns", "input_tokens", "output_tokens"]
    totals = counted.groupby("group")[fields].sum().reset_index()
    columns = [
        group_column(groups),
        number("complete", "complete", count),
        number("failed", "failed", count),
        number("unfinished", "unfinished", count),
        number("turns", "turns", count),
        number("tokens in", "input_tokens", count),
        number("tokens out", "output_tokens", count),
    ]
    return tabulate("Sessions and their cost", columns, groups.sort(totals).to_dict("records"))


def failure_table(sessions: pd.DataFrame, groups: Groups) -> Table:
    """Why sessions failed: each reason counted, the most frequent `FAILURE_ROWS` shown."""
    failed = sessions[sessions["status"] == "failed"]
    failed = failed.assign(reason=[_reason(value) for value in failed["reason"]])
    counts = failed.groupby(["group", "reason"]).size().rename("sessions").reset_index()
    shown = counts.sort_values("sessions", ascending=False, kind="stable").head(FAILURE_ROWS)
    cut = f", the {FAILURE_ROWS} most frequent" if len(shown) < len(counts) else ""
    columns = [
        group_column(groups),
        text("reason", "reason"),
        number("sessions", "sessions", count),
    ]
    records = groups.sort(shown).to_dict("records")
    return tabulate(f"Failed sessions by reason{cut}", columns, records)


def _reason(value: object) -> str:
    return "no reason recorded" if is_missing(value) else str(value)


def _by_scale(profile: pd.DataFrame, groups: Groups) -> list[Record]:
    order = {scale: rank for rank, scale in enumerate(profile["scale"].unique())}
    ranked = groups.sort(profile)
    return list(
        ranked.iloc[ranked["scale"].map(order).argsort(kind="stable").to_numpy()].to_dict("records")
    )


def _reliability(record: Record, name: str) -> str:
    if is_missing(record[name]):
        return words(record.get(f"{name}_flaw"))
    return estimate(*(coefficient(record[f"{name}{end}"]) for end in ("", "_lower", "_upper")))


def _rate(by_group: dict[str, pd.DataFrame], scale: str, rate: str) -> Callable[[Record], Cell]:
    def cell(record: Record) -> Cell:
        value: Any = by_group[record["group"]][rate].get(scale)
        return Cell(percent(value), "number", None if is_missing(value) else float(value))

    return cell
