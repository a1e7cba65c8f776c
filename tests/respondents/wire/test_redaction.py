import codecs
import re
from base64 import b32encode, b64encode, urlsafe_b64encode
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.respondents.wire.key_forms import holds_key
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


SECRET = "sk-Zq81+hT5/vYp0aQx9LmN3bWc7="
FORMS = {
    "upper case": SECRET.upper(),
    "reversed": SECRET[::-1],
    "base64": b64encode(SECRET.encode()).decode(),
    "base64 of more": b64encode(f"a {SECRET} b".encode()).decode(),
    "base64 of an odd beginning": b64encode(f"ab {SECRET}".encode()).decode(),
    "base64 for addresses": urlsafe_b64encode(f"x{SECRET}".encode()).decode(),
    "hexadecimal": SECRET.encode().hex(),
    "hexadecimal in capitals": SECRET.encode().hex().upper(),
    "address": quote_plus(SECRET),
    "page": "".join(f"&#{ord(sign)};" for sign in SECRET),
    "escapes of JSON": "".join(f"\\u{ord(sign):04x}" for sign in SECRET),
    "blanks between": " ".join(SECRET),
    "three marks between": "***".join(SECRET),
    "lines between": "\n".join(SECRET),
    "glued to other text": f"abc{SECRET}def",
    "address, in part": SECRET.replace("+", "%2b").replace("-", "%2d"),
    "address, twice": quote_plus(quote_plus(SECRET)),
    "page, in part": SECRET.replace("/", "&#x2F;").replace("=", "&#x3D;"),
    "page, by names": SECRET.replace("/", "&sol;").replace("+", "&plus;"),
    "escapes of JSON, in part": SECRET.replace("/", r"\/").replace("+", r"\u002b"),
    "escapes of source text": "".join(f"\\x{ord(sign):02x}" for sign in SECRET),
    "mail": SECRET.replace("=", "=3D"),
    "bytes": " ".join(str(ord(sign)) for sign in SECRET),
    "hexadecimal with colons": SECRET.encode().hex(":"),
    "hexadecimal reversed": SECRET.encode().hex()[::-1],
    "base64 over lines": "\n".join(re.findall(".{1,16}", b64encode(SECRET.encode()).decode())),
    "base64 twice": b64encode(b64encode(SECRET.encode())).decode(),
    "base32": b32encode(f"in {SECRET}".encode()).decode(),
    "base64 of a login": b64encode(f"user:{SECRET}".encode()).decode(),
    "marks between, reversed, capitals": "-".join(SECRET[::-1].upper()),
    "wide letters": "".join(chr(ord(sign) + 0xFEE0) for sign in SECRET),
    "escapes of JavaScript": "".join(f"\\u{{{ord(sign):x}}}" for sign in SECRET),
    "octal escapes": "".join(f"\\{ord(sign):03o}" for sign in SECRET),
    "bytes of source text": ", ".join(f"0x{ord(sign):02x}" for sign in SECRET),
    "bits": " ".join(f"{ord(sign):08b}" for sign in SECRET),
    "hexadecimal, bytes reversed": SECRET.encode()[::-1].hex(),
    "UTF-16": SECRET.encode("utf-16-le").hex(" "),
    "base64 of UTF-16": b64encode(SECRET.encode("utf-16-le")).decode(),
    "letters moved": codecs.encode(SECRET, "rot13"),
    "accents on each": "".join(f"{sign}\u0301" for sign in SECRET),
    "letters that nobody sees": "\u3164".join(SECRET),
    "marks of a page between": "<br/>".join(SECRET),
    "marks of a page in pieces": "</b><b class=x>".join(re.findall(".{1,7}", SECRET)),
    "cut off, in capitals": SECRET[:-2].upper(),
    "cut off, reversed": SECRET[3:][::-1],
    "cut off, with blanks": " ".join(SECRET[:-1]),
    "half of it in hexadecimal": SECRET[:15].encode().hex(),
    "half of it in base64": b64encode(SECRET[:16].encode()).decode(),
}
BLANKS = (
    *("\t", "\x00", "\xa0", "\u2009", "\u3000", "\u200b", "\u200d", "\u2060", "\xad", "\u034f"),
    *("\u200e", "\u202e", "\ufe0f", "\ufeff", "\u2800", "\u180e", "\U000e0041"),
)


@pytest.mark.parametrize("blank", BLANKS, ids=[f"{ord(blank):x}" for blank in BLANKS])
def test_what_nobody_sees_hides_no_key(blank):
    for told in (blank.join(SECRET), blank.join(re.findall(".{1,6}", SECRET))):
        assert "[key]" in withhold(f"It is {told}.", SECRET)


def test_words_that_stand_in_a_key_may_be_said():
    key = "secret-token-for-testing-openai-models-7q"
    said = "A secret token for testing openai models is not what I would share."
    assert withhold(said, key) == said
    assert withhold("Testing OPENAI models, 7Q.", key) == "[key]"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_key_in_any_usual_writing_is_withheld(form):
    told = withhold(f"Your key: {form} (keep it)", SECRET)
    assert "[key]" in told and form not in told and not holds_key(told, SECRET)


@pytest.mark.parametrize("form", [f"{SECRET[:11]}...", f"xx{SECRET[:14]}yy", f"**{SECRET[-10:]}"])
def test_a_piece_is_withheld_wherever_it_stands(form):
    told = withhold(f"you sent {form}.", SECRET)
    assert told.startswith("you sent ") and "[key]" in told
    assert not any(SECRET[k : k + 8] in told for k in range(len(SECRET)))


@pytest.mark.parametrize(
    "text",
    [
        "4",
        "I would say 4, since I often share things with others.",
        "8f14e45f-ceea-467f-a83c-0123456789ab",
        "https://my-resource.openai.azure.com/openai/deployments/gpt-4o",
        "x" * 5_000,
    ],
)
def test_what_is_no_key_stays_as_it_is(text):
    assert withhold(text, SECRET) == text
