from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.tables import texts
from vaar.errors import TableError
from vaar.tables.spec import ColumnSpec, TableSpec

SPEC = TableSpec(
    "vaar",
    "a group",
    (
        ColumnSpec("group", "text", "", "respondent"),
        ColumnSpec("n", "count", "sessions", "sessions analysed", least=0),
        ColumnSpec("vaar", "number", "", "the rate", least=0, most=1),
        ColumnSpec("status", "text", "", "how it went", allowed=("estimated", "lost")),
        ColumnSpec("chosen", "flag", "", "whether read from"),
    ),
)


def table(**changed: list[object]) -> pd.DataFrame:
    columns: dict[str, list[object]] = {
        "group": ["=cmd()", "NA"],
        "n": [200, None],
        "vaar": [0.1 + 0.2, np.nan],
        "status": ["estimated", None],
        "chosen": [True, None],
    }
    return pd.DataFrame(columns | changed)


def test_a_table_comes_back_as_it_was() -> None:
    known = SPEC.checked(table())
    again = SPEC.from_csv(SPEC.to_csv(table()))
    pd.testing.assert_frame_equal(again, known)
    assert again["group"].tolist() == ["=cmd()", "NA"]
    assert again["status"].tolist() == ["estimated", ""]
    assert again.dtypes.astype(str).to_list() == ["object", "Int64", "float64", "object", "boolean"]


@given(
    st.lists(
        st.tuples(
            texts, st.integers(0, 2**60), st.floats(0, 1) | st.just(float("nan")), st.booleans()
        ),
        max_size=4,
    )
)
def test_every_text_and_every_bit_comes_back(
    rows: list[tuple[str, int, float, bool]],
) -> None:
    groups, counts, rates, flags = zip(*rows, strict=True) if rows else ([],) * 4
    given_table = pd.DataFrame(
        {
            "group": pd.Series(groups, dtype=object),
            "n": pd.Series(counts, dtype="Int64"),
            "vaar": pd.Series(rates, dtype=float),
            "status": pd.Series(["lost"] * len(rows), dtype=object),
            "chosen": pd.Series(flags, dtype="boolean"),
        }
    )
    pd.testing.assert_frame_equal(
        SPEC.from_csv(SPEC.to_csv(given_table)), SPEC.checked(given_table), check_exact=True
    )


def test_columns_come_in_order_and_the_index_anew() -> None:
    shuffled = table()[["chosen", "vaar", "n", "status", "group"]].set_index(pd.Index([7, 9]))
    known = SPEC.checked(shuffled)
    assert list(known) == list(SPEC.names)
    assert list(known.index) == [0, 1]


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("n", [1, 2.5], "n in row 2 is 2.5; it must be a whole number"),
        ("n", [1, -1], "n in row 2 is -1; it must be from 0 to inf"),
        ("vaar", [1.01, 1.0], "vaar in row 1 is 1.01; it must be from 0 to 1"),
        ("vaar", [0.0, "high"], "vaar in row 2 is 'high'; it must be a number"),
        (
            "status",
            ["lost", "gone"],
            "status in row 2 is .gone.; it must be one of",
        ),
        ("chosen", ["True", "yes"], "chosen in row 2 is 'yes'; it must be True or False"),
        ("n", [float("inf"), 1], "n in row 1 is inf; it must be a whole number"),
    ],
)
def test_a_value_that_does_not_belong_is_told_with_its_place(
    column: str, values: list[object], told: str
) -> None:
    with pytest.raises(TableError, match=f"^table 'vaar': {told}"):
        SPEC.checked(table(**{column: values}))


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert SPEC.checked(table(vaar=[0.0, 1.0], n=[0, 1]))["vaar"].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (table().drop(columns="n"), "lacks 'n'; its columns are group, n, vaar"),
        (table().assign(more=1), "has the unknown 'more'"),
        (pd.concat([table(), table()[["n"]]], axis=1), "has twice 'n'"),
    ],
)
def test_wrong_columns_are_told(changed: pd.DataFrame, told: str) -> None:
    with pytest.raises(TableError, match=told):
        SPEC.checked(changed)


def test_a_file_that_is_missing_damaged_or_of_another_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / SPEC.file
    with pytest.raises(TableError, match=r"vaar\.csv: cannot be read"):
        SPEC.read(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TableError, match=r"vaar\.csv: cannot be read"):
        SPEC.read(path)
    path.write_text("group,n\nx,1\n")
    with pytest.raises(TableError, match=r"vaar\.csv: lacks 'vaar', 'status', 'chosen'"):
        SPEC.read(path)
    path.write_text(SPEC.to_csv(table()), encoding="utf-8")
    assert len(SPEC.read(path)) == 2


def test_a_table_describes_itself() -> None:
    described = SPEC.described()
    assert described.caption == "vaar.csv: one row is a group"
    rows = [[cell.text for cell in row.cells] for row in described.rows]
    assert rows[1] == ["n", "count", "sessions", "sessions analysed; at least 0"]
    assert rows[2] == ["vaar", "number", "—", "the rate; at least 0; at most 1"]
    assert rows[3][3] == "how it went; one of estimated, lost"


def test_headings_without_end_are_refused_at_once_and_in_few_words() -> None:
    heading = ",".join(f"c{number}" for number in range(60_000))
    with pytest.raises(TableError, match="59,980 more") as told:
        SPEC.from_csv(f"{heading}\n")
    assert len(str(told.value)) < 1_000
