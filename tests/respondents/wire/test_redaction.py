from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.respondents.wire.redaction import LONGEST_QUOTE, quote, withhold

KEY = "sk-proj-Abc123.Def_456-xyz"


def test_control_and_formatting_characters_go():
    assert quote("a\x00b\n\tc \x1b[31md\u202ee\u200b", None) == "ab c [31mde"


def test_long_texts_are_cut():
    assert quote("word " * 10_000, None) == ("word " * 100)[:LONGEST_QUOTE] + "…"


def test_the_key_goes_whole_in_pieces_and_reassembled():
    assert quote(f"Bearer {KEY} is wrong", KEY) == "Bearer [key] is wrong"
    assert quote(f"you sent {KEY[:14]}…", KEY) == "you sent [key]…"
    assert quote(f"you sent {KEY[:5]}\u200b{KEY[5:]}", KEY) == "you sent [key]"
    assert quote("you sent nothing", KEY) == "you sent nothing"


@settings(deadline=None, max_examples=200)
@given(before=st.text(max_size=400), after=st.text(max_size=400))
def test_no_text_brings_the_key_out(before, after):
    said = quote(before + KEY + after, KEY)
    assert KEY not in said
    assert len(said) <= LONGEST_QUOTE + 1
    assert said.isprintable()


def test_a_placeholder_for_a_key_may_be_said():
    assert withhold("EMPTY is what I feel", "EMPTY") == "EMPTY is what I feel"
