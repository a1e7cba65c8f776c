from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from support.tables import HOSTILE, mixed_table, table_of, texts
from vaar.tables import markdown
from vaar.tables.table import Table
from vaar.tables.text import on_one_line

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read(table: Table) -> list[list[str]]:
    """Texts of the cells as a Markdown reader shows them; fails where a cell holds markup."""
    page = READER.render(markdown.render(table))
    assert not re.search(r"<(?!/?(?:p|strong|table|thead|tbody|tr|th|td)\b)", page), page
    return [
        [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)[1:]
    ]


def set_as(text: str) -> str:
    """A cell's text as any Markdown reader trims it."""
    return f"{on_one_line(text)} (simulated)".strip(" ")


@given(st.lists(texts, min_size=1, max_size=3))
def test_every_text_is_shown_as_it_reads(said: list[str]) -> None:
    rows = read(table_of(*said))
    assert [row[0] for row in rows] == [set_as(text) for text in said]
    assert all(row[1] == ".94" for row in rows)


def test_hostile_texts_stay_texts() -> None:
    assert [row[0] for row in read(table_of(*HOSTILE))] == [set_as(text) for text in HOSTILE]


@pytest.mark.parametrize("address", ["https://example.org", "www.example.org", "me@example.org"])
def test_no_address_becomes_a_link(address: str) -> None:
    assert address not in markdown.escape(f"see {address}")


def test_a_table_as_it_stands_in_the_file() -> None:
    assert markdown.render(mixed_table()).splitlines() == [
        "**Means**",
        "",
        "| Scale | Group | mean | reply |",
        "| :-- | :-- | --: | :-- |",
        "| privacy | noisy (simulated) | −0.50 | I'd say 3 |",
        "| **psa** | **m-1** | **—** | **—** |",
    ]


def test_a_table_of_nothing_is_a_sentence() -> None:
    assert markdown.render(Table("Paths", (), (), nothing="None.")) == "**Paths**: None.\n"
