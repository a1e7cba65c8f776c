from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from vaar.tables import html, text


@settings(deadline=None, max_examples=60)
@given(st.text())
def test_visible_leaves_nothing_hidden(said: str) -> None:
    shown = text.visible(said)
    assert all(c in "\n\t" or not unicodedata.category(c).startswith("C") for c in shown)
    shown.encode("utf-8")


def test_visible_names_the_code_point() -> None:
    assert text.visible("a\u202eb\x00\ud800") == "a‹U+202E›b‹U+0000›‹U+D800›"


def test_visible_keeps_other_scripts() -> None:
    assert text.visible("سلام 你好 é") == "سلام 你好 é"


def test_excerpt_says_how_much_was_cut() -> None:
    assert text.excerpt("x" * 1500, 300) == "x" * 300 + " … (1\u202f200 more characters)"
    assert text.excerpt("one\r\ntwo\nthree") == "one ↵ two ↵ three"


def test_shorten_keeps_both_ends() -> None:
    short = text.shorten("provider/" + "x" * 50 + "/instruct", 20)
    assert len(short) == 20
    assert short.startswith("provider/") and short.endswith("/instruct"[-9:])


def test_listing_counts_the_rest() -> None:
    assert text.listing(["a", "b", "c"], 2) == "a, b and 1 more"
    assert text.listing(["a", "b"], 2) == "a, b"


def test_one_line_is_one_line() -> None:
    assert text.on_one_line("a\r\nb\nc\td\re") == "a b c d‹U+000D›e"


def test_nothing_steers_the_terminal() -> None:
    assert text.printable("a\x1b[31mb\r\x07\u202ec") == "a [31mb   c"
    assert text.printable_line("a\x1b[31mb\r\x07\u202ec") == "a [31mb c"


def test_a_text_is_read_without_its_marks() -> None:
    assert text.without_marks(Markup("<b>a</b> &lt;b&gt;")) == "a <b>"
    assert text.without_marks("<b>a</b>") == "<b>a</b>"


def test_words_that_mark_a_name_are_in_brackets_where_nothing_else_sets_them_apart():
    marked = html.name("a <b>") + html.tag("simulated & new", joined=True)
    assert text.without_marks(marked) == "a <b> (simulated & new)"


def test_one_of_something_is_no_plural() -> None:
    told = [text.number_of(n, "reply", "replies") for n in (0, 1, 2, 1_200)]
    assert told == ["0 replies", "1 reply", "2 replies", "1,200 replies"]
