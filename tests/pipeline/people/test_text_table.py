import pytest

from vaar.errors import DataError
from vaar.pipeline.people.text_table import read_text_table


def written(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def rows(table):
    return [row for _, row in table.rows()]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, separator):
    text = "\n".join(separator.join(row) for row in (["id", "a", "b"], ["x y", "1", "2"]))
    table = read_text_table(written(tmp_path, text))
    assert (table.separator, table.header) == (separator, ("id", "a", "b"))
    assert rows(table) == [["x y", "1", "2"]]


def test_commas_in_numbers_do_not_separate_where_semicolons_do(tmp_path):
    table = read_text_table(written(tmp_path, "age;a\n30,5;1\n40,5;2\n"))
    assert table.separator == ";"
    assert table.decimal_comma
    assert "decimal comma" in table.form


def test_excel_names_the_separator(tmp_path):
    table = read_text_table(written(tmp_path, "sep=|\na,x|b\n1,5|2\n"))
    assert (table.header, rows(table)) == (("a,x", "b"), [["1,5", "2"]])


def test_a_comma_at_the_end_of_each_row_moves_no_answer(tmp_path):
    table = read_text_table(written(tmp_path, "id,a,b\np1,1,2,\np2,3,4,\n"))
    assert table.header == ("id", "a", "b")
    assert rows(table) == [["p1", "1", "2"], ["p2", "3", "4"]]


def test_a_row_with_more_answers_than_headings_is_refused(tmp_path):
    table = read_text_table(written(tmp_path, "a,b\np1,1,2\np2,3,\n"))
    with pytest.raises(DataError, match="line 2: has 3 cells, and there are 2 headings"):
        rows(table)


def test_a_row_that_is_cut_is_told_and_blank_rows_are_none(tmp_path):
    table = read_text_table(written(tmp_path, "\na,b\n\n1,2\n,\n3"))
    assert rows(table) == [["1", "2"], "fewer cells than headings"]


def test_breaks_within_a_cell_are_kept(tmp_path):
    table = read_text_table(written(tmp_path, 'a,"two\nlines"\n1,"x\ny"\n'))
    assert table.header == ("a", "two lines")
    assert list(table.rows()) == [(4, ["1", "x\ny"])]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b,a\n1,2,3\n", "two columns are named 'a'"),
        ('a,b\n1,"2\n', "cannot be cut into cells"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, text, told):
    with pytest.raises(DataError, match=told):
        rows(read_text_table(written(tmp_path, text)))
