"""How answers change under other coding rules: counted, not guessed."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vaar.coding.rules import RULES_VERSION
from vaar.responses.recoding import Recoding, recoding
from vaar.responses.schema import SCHEMA
from vaar.responses.table import rules_of, to_pandas, write_table

BEFORE = [(1, 4, None), (2, None, "unparseable"), (3, 3, None), (4, None, "refused"), (5, 5, None)]
NOW = [(1, None, "truncated"), (2, 2, None), (3, 4, None), (4, None, "unparseable"), (5, 5, None)]


def table(answers, attempts=1):
    rows = [
        {
            "group": "g",
            "session": 1,
            "item": f"i{item}",
            "replicate": 1,
            "position": item,
            "value": value,
            "reason": reason,
            "attempts": attempts,
            "tokens": 1,
        }
        for item, value, reason in answers
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def now(attempts=1):
    return to_pandas(table(NOW, attempts))


def written(path, answers, rules, attempts=1):
    found = table(answers, attempts)
    marks = {} if rules is None else {b"vaar_coding_rules": str(rules).encode()}
    pq.write_table(found.replace_schema_metadata(marks), path)
    return path


def test_every_kind_of_change_is_counted(tmp_path):
    earlier = written(tmp_path / "r.parquet", BEFORE, 1)
    found = recoding(earlier, now())
    assert found == Recoding(1, RULES_VERSION, 5, lost=1, found=1, moved=1, renamed=1)
    assert found.changed == 4
    assert found.in_words() == (
        f"The replies were coded by rules {RULES_VERSION}, before by rules 1: 4 of 5 answers "
        "changed (1 lost their value, 1 gained one, 1 have another, 1 are missing for another "
        "reason)."
    )


def test_where_nothing_changed_that_is_said(tmp_path):
    found = recoding(written(tmp_path / "r.parquet", NOW, 1), now())
    assert found.changed == 0
    assert found.in_words().endswith("0 of 5 answers changed.")


def test_a_table_that_names_no_rules_was_coded_by_the_first(tmp_path):
    assert recoding(written(tmp_path / "r.parquet", BEFORE, None), now()).earlier == 1


def test_the_same_rules_change_nothing(tmp_path):
    write_table(table(BEFORE).to_batches(), tmp_path / "r.parquet")
    assert rules_of(tmp_path / "r.parquet") == RULES_VERSION
    assert recoding(tmp_path / "r.parquet", now()) is None


def test_items_that_were_asked_again_since_are_not_compared(tmp_path):
    earlier = written(tmp_path / "r.parquet", BEFORE, 1)
    assert recoding(earlier, now(attempts=2)).answers == 0


@pytest.mark.parametrize("content", [None, b"", b"no parquet"])
def test_without_an_earlier_table_there_is_nothing_to_compare(tmp_path, content):
    if content is not None:
        (tmp_path / "r.parquet").write_bytes(content)
    assert recoding(tmp_path / "r.parquet", now()) is None


def test_a_table_from_before_first_refusals_is_compared(tmp_path):
    earlier = tmp_path / "r.parquet"
    pq.write_table(
        table(BEFORE).drop_columns(["first_reason"]).replace_schema_metadata({}), earlier
    )
    assert recoding(earlier, now()).changed == 4
