import os
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vaar.errors import RunDirectoryError
from vaar.respondents.base import Reply
from vaar.responses.coded import AskedTurn
from vaar.responses.schema import SCHEMA
from vaar.responses.table import build_table, read_table, to_pandas, write_table
from vaar.sessions.plan import plan_sessions
from vaar.sessions.questions import questions
from vaar.sessions.records import Turn, said_in


def turn(number, position, attempt, text, **cost):
    return Turn(number, position, attempt, Reply(text, **cost))


def whole_session(number):
    return [turn(number, n, 0, str(n + 1), input_tokens=10, output_tokens=1) for n in range(5)]


def table(study, turns, sessions=1):
    return to_pandas(build_table(study, plan_sessions(study, ["m"], sessions, 1), turns))


def test_one_row_per_session_and_item_in_the_order_asked(study):
    frame = table(study, [*whole_session(1), *whole_session(2)], sessions=2)
    assert list(frame.columns) == SCHEMA.names
    assert frame["session"].tolist() == [1] * 5 + [2] * 5
    assert frame["position"].tolist() == [1, 2, 3, 4, 5] * 2
    assert frame["item"].tolist()[:3] == ["alpha_1", "alpha_2", "beta_1"]
    assert frame["value"].tolist() == [1, 2, 3, 4, 5] * 2
    assert frame["reason"].isna().all()


def test_the_first_readable_attempt_decides_and_all_attempts_are_counted(study):
    turns = [
        turn(1, 0, 0, "hm", input_tokens=10, output_tokens=2, latency=0.5),
        turn(1, 0, 1, "4", input_tokens=20, output_tokens=1, latency=0.25),
    ]
    row = table(study, turns).iloc[0]
    assert (row["value"], row["raw"], row["attempts"]) == (4, "4", 2)
    assert (row["tokens"], row["latency"]) == (33, 0.75)


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("I cannot answer that.", "refused"),
        ("hm", "unparseable"),
        ("4", None),
        ("9", "out_of_range"),
    ],
)
def test_the_reason_of_the_first_reply_is_kept(study, first, reason):
    turns = [turn(1, 0, 0, first), turn(1, 0, 1, "4")]
    row = table(study, turns).iloc[0]
    assert row["value"] == 4
    assert row["first_reason"] == reason or (reason is None and row.isna()["first_reason"])


def test_each_item_of_a_block_has_its_own_first_reason(study):
    said = ['{"alpha_1": 4, "alpha_2": "I cannot answer that."}', '{"alpha_2": 3}']
    session = plan_sessions(study, ["m"], 1, 1)[0]
    codes = ("alpha_1", "alpha_2")
    question = replace(questions(study, session)[0], block=True, codes=codes)
    attempts = [said_in(turn(1, 0, n, text)) for n, text in enumerate(said)]
    assert [one.value for one in AskedTurn(question).settle(attempts)] == [4, 3]
    settled = AskedTurn(question).settle(attempts)
    assert [one.first_reason for one in settled] == [None, "refused"]


def test_where_no_attempt_is_readable_the_last_reason_stands(study):
    turns = [turn(1, 0, 0, "9"), turn(1, 0, 1, "I cannot answer that.")]
    row = table(study, turns).iloc[0]
    assert row["reason"] == "refused"
    assert row["raw"] == "I cannot answer that."
    assert row.isna()["value"]


def test_items_that_were_never_reached_say_so(study):
    frame = table(study, whole_session(1)[:2])
    assert frame["reason"].tolist()[2:] == ["not_asked"] * 3
    assert frame["value"].isna().tolist() == [False, False, True, True, True]
    assert frame["attempts"].tolist() == [1, 1, 0, 0, 0]
    assert frame["first_reason"].tolist()[2:] == ["not_asked"] * 3


def test_sessions_without_any_reply_keep_their_rows(study):
    frame = table(study, whole_session(2), sessions=3)
    assert frame.groupby("session")["value"].count().to_dict() == {1: 0, 2: 5, 3: 0}


def test_a_block_gives_a_row_for_each_item_and_counts_its_cost_once(study):
    block = replace(study, conditions=(replace(study.conditions[0], presentation="block"),))
    turns = [
        turn(1, 0, 0, '{"alpha_1": 2, "alpha_2": "x"}', input_tokens=50, output_tokens=9),
        turn(1, 0, 1, '{"alpha_2": 5}', input_tokens=70, output_tokens=5),
        turn(1, 1, 0, '{"beta_1": 1, "beta_2": 2, "beta_3": 3}', input_tokens=90),
    ]
    frame = table(block, turns)
    assert frame["value"].tolist() == [2, 5, 1, 2, 3]
    assert frame["tokens"].tolist() == [134, 0, 90, 0, 0]
    assert frame["raw"].tolist()[:2] == [turns[0].reply.text, turns[1].reply.text]


def test_parquet_keeps_every_cell(study, tmp_path):
    hostile = turn(1, 1, 0, '=cmd("x")\n\u202e<script>', input_tokens=3)
    built = build_table(study, plan_sessions(study, ["m"], 1, 1), [turn(1, 0, 0, "2"), hostile])
    path = tmp_path / "responses.parquet"
    write_table(built.to_batches(), path)
    assert pq.read_table(path).equals(built)
    assert read_table(path)["raw"].tolist()[1] == hostile.reply.text


def test_a_place_whose_name_is_no_text_is_written_and_read(study, tmp_path):
    found = build_table(study, [], [])
    path = tmp_path / os.fsdecode(b"r\xff.parquet")
    write_table(found.to_batches(), path)
    assert read_table(path).empty


def test_a_pipe_is_no_table(tmp_path):
    os.mkfifo(tmp_path / "r.parquet")
    with pytest.raises(RunDirectoryError, match="cannot be read as parquet"):
        read_table(tmp_path / "r.parquet")


def test_a_damaged_file_is_told(tmp_path):
    path = tmp_path / "responses.parquet"
    path.write_bytes(b"PAR1 but no more")
    with pytest.raises(RunDirectoryError, match=r"run `vaar analyze` again"):
        read_table(path)


def test_a_table_of_something_else_is_told(study, tmp_path):
    path = tmp_path / "responses.parquet"
    pq.write_table(build_table(study, [], []).drop_columns(["item", "value"]), path)
    with pytest.raises(RunDirectoryError, match="item, value"):
        read_table(path)


def test_a_distribution_stands_beside_the_decisive_reply(study):
    given = {"distribution": (0.0, 0.0, 0.25, 0.5, 0.25), "mass": 0.8}
    turns = [
        turn(1, 0, 0, "hm", distribution=(1.0, 0, 0, 0, 0), mass=0.1),
        turn(1, 0, 1, "4", **given),
        turn(1, 1, 0, "3", distribution=(0.5, 0.5)),
        turn(1, 2, 0, "2"),
    ]
    frame = table(study, turns)
    first = frame.iloc[0]
    assert tuple(first["distribution"]) == given["distribution"]
    assert (first["mass"], first["expected"]) == (0.8, 4.0)
    assert frame["distribution"][1:].isna().all()
    assert frame[["mass", "expected"]][1:].isna().all(axis=None)


def test_distributions_survive_the_file(study, tmp_path):
    given = (0.1, 0.2, 0.3, 0.4, 0.0)
    built = build_table(
        study, plan_sessions(study, ["m"], 1, 1), [turn(1, 0, 0, "4", distribution=given)]
    )
    write_table(built.to_batches(), tmp_path / "r.parquet")
    first = read_table(tmp_path / "r.parquet").iloc[0]
    assert tuple(first["distribution"]) == given
    assert first["expected"] == pytest.approx(3.0)


def test_columns_of_one_value_may_share_memory_and_nothing_else(study, tmp_path):
    """Personas and facts are both empty throughout, and no reply has a mass nor an expectation."""
    file, pool = tmp_path / "responses.parquet", pa.default_memory_pool().backend_name
    built = build_table(study, plan_sessions(study, ["m"], 2, 1), whole_session(1))
    write_table(built.to_batches(), file)
    read, before = read_table(file), read_table(file)
    assert read["persona"].eq("").all() and read["facts"].eq("").all()
    read.loc[0, "persona"] = "a teacher"
    read.loc[1, "mass"] = 0.5
    others = [name for name in read if name not in ("persona", "mass")]
    pd.testing.assert_frame_equal(read[others], before[others])
    assert read["persona"].tolist()[:2] == ["a teacher", ""]
    assert pa.default_memory_pool().backend_name == pool
