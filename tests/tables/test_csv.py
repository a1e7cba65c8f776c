from __future__ import annotations

import csv as standard
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.tables import HOSTILE, mixed_table, table_of, texts
from vaar.errors import TableError
from vaar.tables import csv

TAKEN_FOR_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@settings(deadline=None, max_examples=300)
@given(texts)
def test_every_text_comes_back(text: str) -> None:
    assert csv.unescape(csv.escape(text)) == text


@settings(deadline=None, max_examples=200)
@given(texts, texts)
def test_two_texts_never_become_one(one: str, other: str) -> None:
    assert (csv.escape(one) == csv.escape(other)) == (one == other)


@settings(deadline=None, max_examples=200)
@given(texts)
def test_no_text_is_a_formula_a_second_line_or_more_than_utf8(text: str) -> None:
    cell = csv.escape(text)
    assert not cell.lstrip().startswith(TAKEN_FOR_FORMULAS)
    assert len(cell.splitlines()) <= 1
    assert "\x1b" not in cell and "\x00" not in cell
    cell.encode("utf-8")


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5))
def test_rows_come_back_and_take_one_line_each(rows: list[list[str]]) -> None:
    content = csv.write_rows(rows)
    assert content.count("\n") == len(rows)
    cells = csv.read_rows(content, "x.csv")
    assert [[csv.unescape(cell) for cell in row] for row in cells] == rows


def test_names_that_differ_by_a_sign_in_front_stay_apart() -> None:
    names = ["=x", "'=x", "''=x", "x", "'x", "-x", "'-x"]
    assert [csv.unescape(csv.escape(name)) for name in names] == names
    assert csv.escape("'x") == "''x" and csv.escape("=x") == "'=x" and csv.escape("x") == "x"


def test_what_turns_the_direction_of_text_is_shown_and_comes_back() -> None:
    for sign in "\u202a\u202e\u2066\u2069":
        cell = csv.escape(f"a{sign}b")
        assert cell == f"a‹U+{ord(sign):04X}›b" and csv.unescape(cell) == f"a{sign}b"


def test_a_code_point_beyond_unicode_is_left_as_it_stands() -> None:
    assert csv.unescape("‹U+FFFFFF›") == "‹U+FFFFFF›"


def test_a_cell_longer_than_the_standard_reader_allows_comes_back() -> None:
    long = "x" * 200_000
    assert csv.read_rows(csv.write_rows([["a"], [long]]), "x.csv")[1] == [long]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", r"t.csv: is empty"),
        ("a,b\n1\n", r"row 2 has 1 cells; there are 2 headings"),
        ("a,b\n1,2,3\n", r"row 2 has 3 cells"),
        ("a,b\n1,2\n\n", r"row 3 has 0 cells"),
        ('a,b\n1,"2', r"t.csv: is no CSV file"),
        ('a,b\n1,"2"x\n', r"t.csv: is no CSV file"),
    ],
)
def test_what_is_no_table_is_told(content: str, told: str) -> None:
    with pytest.raises(TableError, match=told):
        csv.read_rows(content, "t.csv")


def test_a_mark_of_byte_order_is_no_part_of_the_first_heading() -> None:
    assert csv.read_rows("\ufeffgroup\nx\n", "t.csv") == [["group"], ["x"]]


def test_a_shown_table_keeps_its_numbers_whole_and_its_gaps_blank() -> None:
    rows = list(standard.reader(io.StringIO(csv.render(mixed_table()))))
    assert rows == [
        ["Scale", "Group", "mean", "reply"],
        ["privacy", "noisy (simulated)", "-0.5", "I'd say 3"],
        ["psa", "m-1", "", ""],
    ]


def test_hostile_names_stand_one_to_a_row() -> None:
    content = csv.render(table_of(*HOSTILE))
    assert content.count("\n") == len(HOSTILE) + 1
    cells = [csv.unescape(row[0]) for row in csv.read_rows(content, "t.csv")[1:]]
    assert cells == [f"{text} (simulated)" for text in HOSTILE]
