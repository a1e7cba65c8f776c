from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from support.tables import HOSTILE, mixed_table, table_of, texts
from vaar.tables import html
from vaar.tables.table import Table
from vaar.tables.text import visible


class Cells(HTMLParser):
    """Texts of the names in cells, and every element that opens."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.opened: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.opened.append(tag)
        if tag == "bdi":
            self.names.append("")

    def handle_data(self, data: str) -> None:
        if self.opened[-1] == "bdi" and self.names:
            self.names[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.opened.append(f"/{tag}")


@given(st.lists(texts, min_size=1, max_size=4))
def test_every_text_is_shown_and_none_is_alive(said: list[str]) -> None:
    page = html.render(table_of(*said))
    read = Cells(page)
    shown = [visible(text).replace("\r", "\n") for text in said]
    assert read.names[::2] == [text for text in shown]
    assert set(read.opened) <= {
        *("div", "table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "span"),
        *("/div", "/table", "/caption", "/thead", "/tbody", "/tr", "/th", "/td", "/bdi", "/span"),
    }
    page.encode("utf-8")


def test_hostile_texts_stay_texts() -> None:
    page = html.render(table_of(*HOSTILE))
    assert "<script" not in page and "\u202e" not in page and "\x00" not in page
    assert "&lt;script&gt;" in page and "evil‹U+202E›txt" in page


def test_a_table_is_captioned_headed_and_scrolls_by_keyboard() -> None:
    page = html.render(mixed_table())
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Means">' in page
    assert "<caption>Means</caption>" in page
    assert page.count('<th scope="col"') == 4 and page.count('<th scope="row">') == 2
    assert '<th scope="col" class="number">mean</th>' in page


def test_how_cells_are_set() -> None:
    page = html.render(mixed_table())
    assert '<bdi>noisy</bdi> <span class="tag">simulated</span>' in page
    assert '<td class="number" style="--share:0.250"><bdi>−0.50</bdi></td>' in page
    assert '<q class="reply"><bdi>I&#39;d say 3</bdi></q>' in page
    assert '<span class="none">—</span>' in page
    assert page.count('<tr class="marked">') == 1


def test_a_table_of_nothing_is_a_sentence() -> None:
    empty = Table("<Paths>", (), (), nothing="None & never.")
    assert html.render(empty) == (
        '<p class="nothing"><b>&lt;Paths&gt;.</b> None &amp; never.</p>\n'
    )


def test_a_long_table_ends_and_says_how_many_rows_it_has() -> None:
    page = html.render(table_of(*(f"row {n}" for n in range(html.MOST_ROWS + 1))))
    assert f"row {html.MOST_ROWS - 1}<" in page and f"row {html.MOST_ROWS}<" not in page
    assert "The first 500 of 501 rows are shown" in page
    assert "are shown" not in html.render(table_of(*["row"] * html.MOST_ROWS))


def test_many_parts_of_a_sentence_are_counted() -> None:
    parts = [Markup(f"<b>{n}</b>") for n in range(1013)]
    assert html.several(parts[:12], "; ").endswith("<b>10</b>; <b>11</b>")
    assert html.several(parts).endswith("<b>11</b> and 1,001 more")
