"""What was asked and what came back: sessions, their cost, failures, and missing answers."""

from __future__ import annotations

import pandas as pd

from vaar.report.groups import Groups, group_column
from vaar.report.section import Section
from vaar.tables.numbers import count
from vaar.tables.table import Table, number, tabulate, text
from vaar.tables.text import is_missing

FAILURE_ROWS = 50


def sessions_section(sessions: pd.DataFrame, responses: pd.DataFrame, groups: Groups) -> Section:
    """Count sessions by how they ended, with what they cost, and missing answers by reason."""
    complete = int((sessions["status"] == "complete").sum())
    lead = f"{count(complete)} of {count(len(sessions))} sessions were completed."
    blocks = (
        session_table(sessions, groups),
        failure_table(sessions, groups),
        reason_table(responses, groups),
    )
    return Section("sessions", "Sessions and missing answers", lead, blocks, place=60)


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
    records = groups.sort(totals).to_dict("records")
    return tabulate(
        "Sessions and their cost", columns, records, nothing="No sessions were recorded."
    )


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
    return tabulate(
        f"Failed sessions by reason{cut}",
        columns,
        groups.sort(shown).to_dict("records"),
        nothing="None: no session failed.",
    )


def reason_table(responses: pd.DataFrame, groups: Groups) -> Table:
    """How often each reason for a missing answer occurred."""
    missing = responses[responses["reason"].notna()]
    counts = missing.groupby(["group", "reason"]).size().unstack(fill_value=0)
    columns = [group_column(groups)]
    columns += [number(str(reason).replace("_", " "), reason, count) for reason in counts.columns]
    columns.append(number("answers asked for", "asked", count))
    asked = responses.groupby("group").size()
    table = counts.reindex(asked.index, fill_value=0).assign(asked=asked).reset_index()
    records = groups.sort(table).to_dict("records")
    return tabulate(
        "Missing answers by reason", columns, records, nothing="No answers were recorded."
    )


def _reason(value: object) -> str:
    return "no reason recorded" if is_missing(value) else str(value)
