from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vaar.report import answer_tables
from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs
from vaar.study.model import ResponseScale
from vaar.tables.table import Table


def column(table: Table, heading: str) -> list[str]:
    at = [c.heading for c in table.headings].index(heading)
    return [row.cells[at].text for row in table.rows]


@pytest.mark.parametrize(("value", "place"), [(0, 0.0), (2, 0.5), (4, 1.0)])
def test_normalised_counts_from_the_first_point(value: float, place: float) -> None:
    assert answer_tables.normalised(value, ResponseScale(tuple("abcde"), first=0)) == place


def test_subscales_have_the_scale_of_their_instrument(inputs: ReportInputs) -> None:
    scales = answer_tables.scale_of(inputs.study)
    assert len(scales["privacy_control"].labels) == 7
    assert len(scales["aods_health"].labels) == 5


def test_profile_rows_are_grouped_by_scale(inputs: ReportInputs) -> None:
    whole = answer_tables.whole_scales(inputs.profile, inputs.study)
    table = answer_tables.profile_table("Means", whole, inputs.study, collect(inputs))
    assert column(table, "Scale") == ["privacy"] * 6 + ["psa"] * 6 + ["aods"] * 6
    assert column(table, "Group")[:6] == [group.name for group in collect(inputs)]


def test_a_scale_the_study_does_not_know_has_no_place(inputs: ReportInputs) -> None:
    profile = inputs.profile.assign(scale="other")
    table = answer_tables.profile_table("Means", profile, inputs.study, collect(inputs))
    assert set(column(table, "share of the range")) == {"—"}


def test_reliability_keeps_its_sign_and_its_gaps(inputs: ReportInputs) -> None:
    profile = inputs.profile.assign(alpha=-0.21, alpha_lower=-0.4, alpha_upper=0.02)
    table = answer_tables.reliability_table(profile, collect(inputs))
    assert set(column(table, "α [95 % interval]")) == {"−.21 [−.40, .02]"}
    assert column(table, "ω [95 % interval]")[5] == "—"


def test_missing_rates_are_shaded_by_their_size(inputs: ReportInputs) -> None:
    profile = inputs.profile.assign(refusal_rate=0.0, missing_rate=0.25)
    table = answer_tables.missing_table(profile, inputs.study, collect(inputs))
    assert column(table, "psa: refused") == ["0.0\u202f%"] * 6
    assert column(table, "psa: missing") == ["25.0\u202f%"] * 6
    assert [cell.share for cell in table.rows[0].cells[1:3]] == [0.0, 0.25]


def test_a_group_that_lacks_a_scale_has_a_gap_there(inputs: ReportInputs) -> None:
    lacks = (inputs.profile["group"] == "noisy") & (inputs.profile["scale"] == "psa")
    table = answer_tables.missing_table(inputs.profile[~lacks], inputs.study, collect(inputs))
    at = column(table, "Group").index("noisy")
    assert column(table, "psa: missing")[at] == "—"


def test_reasons_add_up(inputs: ReportInputs) -> None:
    responses = inputs.responses.copy()
    responses.loc[responses["group"] == "noisy", "reason"] = np.nan
    table = answer_tables.reason_table(responses, collect(inputs))
    refused = column(table, "refused")
    assert refused[column(table, "Group").index("noisy")] == "0"
    assert sorted(refused) == ["0", "1", "1", "1", "1", "1"]
    assert set(column(table, "answers asked for")) == {"5"}


def test_sessions_and_failures_are_counted(inputs: ReportInputs) -> None:
    groups = collect(inputs)
    sessions = answer_tables.session_table(inputs.sessions, groups)
    assert set(column(sessions, "complete")) == {"2"}
    pending = inputs.sessions.replace({"status": {"failed": "pending"}})
    assert set(column(answer_tables.session_table(pending, groups), "unfinished")) == {"1"}
    assert set(column(sessions, "tokens in")) == {"123\u202f000"}
    failures = answer_tables.failure_table(inputs.sessions.assign(reason=np.nan), groups)
    assert set(column(failures, "reason")) == {"no reason recorded"}
    assert set(column(failures, "sessions")) == {"1"}


def test_failures_with_a_reason_each_are_cut_and_say_so(inputs: ReportInputs) -> None:
    many = pd.concat([inputs.sessions] * 40, ignore_index=True)
    many["reason"] = [f"request {k} refused" for k in range(len(many))]
    table = answer_tables.failure_table(many, collect(inputs))
    assert len(table.rows) == answer_tables.FAILURE_ROWS
    assert table.caption.endswith("the 50 most frequent")


def test_reliability_that_is_missing_says_why(inputs: ReportInputs) -> None:
    profile = inputs.profile.assign(alpha=np.nan, alpha_flaw="no item varies")
    table = answer_tables.reliability_table(profile, collect(inputs))
    assert set(column(table, "α [95 % interval]")) == {"no item varies"}
