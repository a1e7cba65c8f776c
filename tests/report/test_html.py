from __future__ import annotations

import pytest
from hypothesis import given
from markupsafe import Markup

from support.outline import outline
from support.tables import mixed_table, texts
from vaar.report.figures.figure import Figure
from vaar.report.html import render, render_all, render_caution
from vaar.report.section import (
    Block,
    Box,
    Caution,
    Code,
    Conversation,
    Definitions,
    Fold,
    Heading,
    Items,
    Panels,
    Prose,
    Turn,
)

FIGURE = Figure("f", "A <title>", "Words & more.", Markup("<g></g>"), "0 0 10 20", "How to read.")


def every_block(text: str) -> tuple[Block, ...]:
    return (
        Prose(text),
        Prose(text, "note"),
        Heading(text, "h"),
        Items((text, text)),
        Definitions(((text, text),)),
        Code(text),
        Conversation(text, (Turn("question", text), Turn("reply", text, text))),
        Box(text, (Prose(text),)),
        Panels((Prose(text), Fold(text, (Prose(text),), open=True))),
        FIGURE,
        mixed_table(),
    )


@given(texts.filter(bool))
def test_no_block_lets_a_text_be_more_than_text(text: str) -> None:
    plain = outline(render_all(every_block("x"), "s"))
    foreign = outline(render_all(every_block(text), "s"))
    assert foreign.elements == plain.elements


def test_figures_have_ids_of_their_own_and_labels_that_point_to_them() -> None:
    page = outline(render_all((FIGURE, Panels((FIGURE, FIGURE))), "s"))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids)) == 6
    pointed = [i for a in page.named("svg") for i in str(a["aria-labelledby"]).split()]
    assert set(pointed) == set(ids)


def test_a_figure_is_named_captioned_and_reached_by_keyboard() -> None:
    page = render(FIGURE, "s-1")
    assert 'role="region" tabindex="0" aria-label="A &lt;title&gt;"' in page
    assert "<figcaption><b>A &lt;title&gt;.</b> How to read.</figcaption>" in page
    assert '<desc id="s-1-desc">Words &amp; more.</desc>' in page


def test_a_heading_stands_under_its_section() -> None:
    assert render(Heading("Paths", "paths"), "vaar-3") == '<h3 id="vaar-paths">Paths</h3>\n'


def test_a_fold_is_open_or_not() -> None:
    assert render(Fold("More", ()), "s-1").startswith("<details>")
    assert render(Fold("More", (), True), "s-1").startswith("<details open>")


def test_a_conversation_is_told_turn_by_turn() -> None:
    talk = Conversation("Session 3", (Turn("question", "Do you?"), Turn("reply", "4", "coded 4")))
    page = render(talk, "s-1")
    assert page.count("<li>") == 2 and page.index("Do you?") < page.index("coded 4")
    assert page.count('class="note"') == 1


def test_a_caution_cannot_be_overheard() -> None:
    page = render_caution(Caution("few <personas>", "Only 12."))
    assert 'role="note"' in page
    assert "<strong>FEW &lt;PERSONAS&gt;</strong> Only 12." in page


def test_what_is_no_block_is_refused() -> None:
    with pytest.raises(TypeError, match="str is no block"):
        render("text", "s-1")  # type: ignore[arg-type]


def test_of_many_items_the_first_are_told_and_the_others_counted() -> None:
    page = render(Items(tuple(f"item {n}." for n in range(1_060))), "k")
    assert "item 49." in page and "item 50." not in page
    assert "<li>and 1,010 more</li>" in page
