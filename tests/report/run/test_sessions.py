from __future__ import annotations

import numpy as np
import pandas as pd

from support.made_up_run import MadeUp
from vaar.report.run import sessions as view
from vaar.tables.table import Table


def column(table: Table, heading: str) -> list[str]:
    at = [c.heading for c in table.headings].index(heading)
    return [row.cells[at].text for row in table.rows]


def test_reasons_add_up(made: MadeUp) -> None:
    responses = made.responses.copy()
    responses.loc[responses["group"] == "noisy", "reason"] = np.nan
    table = view.reason_table(responses, made.groups)
    refused = column(table, "refused")
    assert refused[column(table, "Group").index("noisy")] == "0"
    assert sorted(refused) == ["0", "1", "1", "1", "1", "1"]
    assert set(column(table, "answers asked for")) == {"5"}


def test_sessions_and_failures_are_counted(made: MadeUp) -> None:
    groups = made.groups
    sessions = view.session_table(made.sessions, groups)
    assert set(column(sessions, "complete")) == {"2"}
    pending = made.sessions.replace({"status": {"failed": "pending"}})
    assert set(column(view.session_table(pending, groups), "unfinished")) == {"1"}
    assert set(column(sessions, "tokens in")) == {"123\u202f000"}
    failures = view.failure_table(made.sessions.assign(reason=np.nan), groups)
    assert set(column(failures, "reason")) == {"no reason recorded"}
    assert set(column(failures, "sessions")) == {"1"}


def test_failures_with_a_reason_each_are_cut_and_say_so(made: MadeUp) -> None:
    many = pd.concat([made.sessions] * 40, ignore_index=True)
    many["reason"] = [f"request {k} refused" for k in range(len(many))]
    table = view.failure_table(many, made.groups)
    assert len(table.rows) == view.FAILURE_ROWS
    assert table.caption.endswith("the 50 most frequent")


def test_how_many_were_completed_is_said_first(made: MadeUp) -> None:
    section = view.sessions_section(made.sessions, made.responses, made.groups)
    assert section.lead == "12 of 18 sessions were completed."
