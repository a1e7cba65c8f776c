from __future__ import annotations

import csv
import io
from pathlib import PurePosixPath

import pytest

from support.made_up_run import MadeUp, made_up
from vaar.report.files import INDEX, MARK, files_of
from vaar.report.page import Page
from vaar.report.section import Prose, Section
from vaar.tables.spec import ColumnSpec, TableSpec
from vaar.tables.table import Cell, ColumnHead, Row, Table

SPEC = TableSpec("paths", "a group × path", (ColumnSpec("group", "text", "", "name"),))


@pytest.fixture(scope="module")
def files(made: MadeUp) -> dict[str, str]:
    return dict(files_of(made.page(), [(SPEC, made.paths[["group"]])]))


def table(caption: str) -> Table:
    return Table(caption, (ColumnHead("Group"),), (Row((Cell("x"),)),))


def test_every_table_is_there_in_three_forms_and_every_figure_once(
    files: dict[str, str], made: MadeUp
) -> None:
    page = made.page()
    tables = [t for section in page.sections for t in section.tables]
    figures = [f for section in page.sections for f in section.figures]
    endings = [PurePosixPath(name).suffix for name in files if not name.startswith("data/")]
    method = 4  # conditions, instruments, their sources and items
    assert endings.count(".csv") == endings.count(".tex") == len(tables) + method
    assert endings.count(".svg") == len(figures) == 7
    assert {"vaar/leaderboard.svg", "vaar/vaar-by-group.tex"} <= set(files)


def test_results_stand_whole_with_what_their_columns_mean(files: dict[str, str]) -> None:
    rows = list(csv.reader(io.StringIO(files["data/paths.csv"])))
    assert rows[0] == ["group"] and len(rows) == 13
    assert "one row is a group × path" in files["data/COLUMNS.md"]


def test_the_index_has_the_cautions_first_and_names_every_file(files: dict[str, str]) -> None:
    index = files[INDEX]
    assert index.startswith(MARK)
    assert index.index("> **SIMULATED** Every respondent") < index.index("## ")
    assert all(f"`{name}`" in index for name in files if name != INDEX)


def test_simulated_groups_are_called_so_in_every_form(files: dict[str, str]) -> None:
    for ending in ("csv", "tex", "md"):
        table = files[f"vaar/vaar-by-group.{ending}"]
        assert table.count("(simulated)") == 6


def test_equal_captions_get_names_of_their_own() -> None:
    section = Section("one", "One", "", (table("Same"), table("same!"), table("💥"), table("💥")))
    names = [name for name, _ in files_of(Page("T", "k", (section,)), []) if name.endswith(".csv")]
    assert names == ["one/same.csv", "one/same-2.csv", "one/table.csv", "one/table-2.csv"]


def test_no_caption_leads_out_of_its_folder() -> None:
    section = Section("one", "One", "", (table("../../etc/passwd"), table("a" * 300)))
    for name, _ in files_of(Page("T", "k", (section,)), []):
        parts = PurePosixPath(name).parts
        assert ".." not in parts and len(parts) <= 2 and max(map(len, parts)) < 70


def test_hostile_texts_are_text_in_the_index(hostile: MadeUp) -> None:
    page = hostile.page()
    named = Page(page.title, "k", (Section("x", "<b>*x*</b>", "[a](http://b)", (table("`t`"),)),))
    index = dict(files_of(named, []))[INDEX]
    assert r"\<b\>\*x\*" in index and r"\[a\](http\://b)" in index and r"\`t\`" in index


def test_a_section_without_tables_is_no_folder() -> None:
    page = Page("T", "k", (Section("one", "One", "Lead.", (Prose("x"),)),))
    assert [name for name, _ in files_of(page, [])] == [INDEX]


def test_groups_with_many_replies_have_a_table_each() -> None:
    names = dict(files_of(made_up(["a", "b"], [], []).page(), []))
    assert {"said/replies-of-a.csv", "said/replies-of-b.csv"} <= set(names)
