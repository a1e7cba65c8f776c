"""Make hostile text readable: one alphabet of digits, no markup, no invisible characters."""

from __future__ import annotations

import html
import re
import unicodedata

_LINE_BREAK = re.compile(
    r"<(?:br|p|li|div|tr)\b[^<>]*>|\r\n?|[\v\f\x85\u2028\u2029]", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z!|][^<>]*>")
_FENCE = re.compile(r"```[a-zA-Z]*")
_ESCAPED_SPACE = re.compile(r"\\[nrt](?![a-z])")
_LATEX = re.compile(
    r"\\[a-zA-Z]+\s*(?=\{)|\\(?:displaystyle|quad|left|right|bf|it|rm|large|Large|LARGE|huge|boxed"
    r"|boldsymbol)\b|\\[,;! ]"
)
_MATHS = re.compile(r"(\$\$?)( ?)([^\s$]{1,40})\2\1(?!\d)")
_ARROW = re.compile(r"[-=]{1,3}>|[⇒➔➜➡⟶⟹►▶]")
_BULLET = re.compile(r"^[ \t]*-[ \t]+", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*(?:#+|[•·])[ \t]+", re.MULTILINE)
_ORNAMENT = re.compile(r"[*`\"“”„«»‹›「」『』\\]|(?<!\w)['‘]|['‘](?!\w)|(?<![^\W_])_|_(?![^\W_])")
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])_(?=[^\W\d_])")

_CHARACTERS = {
    **dict.fromkeys(map(ord, "\ufe0e\ufe0f\u20e3")),
    **dict.fromkeys(map(ord, "‐‑‒−﹣－➖"), "-"),
    **dict.fromkeys(map(ord, "–—―"), "–"),
    **dict.fromkeys(map(ord, "’ʼ＇‘"), "'"),
    ord("➕"): "+",
    ord("⁄"): "/",
    ord("∕"): "/",
    ord("٫"): ".",
    ord("。"): ".",
    ord("।"): ".",
    ord("،"): ",",
    ord("、"): ",",
    ord("؟"): "?",
}
_DENIES = frozenset("✗✘❌✖❎🚫👎⛔☒°")
"""Symbols that are no ornament: they deny what stands beside them, or give it a unit."""

_NOT = r"(do|does|did|is|are|was|were|have|has|had|would|could|should|must|need)n'?t\b"
_CONTRACTIONS = (
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\b(?:can'?t|cannot)\b"), "can not"),
    (re.compile(r"\bain'?t\b"), "is not"),
    (re.compile(rf"\b{_NOT}"), r"\1 not"),
    (re.compile(r"\b(?:any|every)(?:thing|one)? (?:but|except)\b"), "rather than"),
    (re.compile(r"\be\.g\.?(?=\W)"), "for example "),
    (re.compile(r"\bi\.e\.?(?=\W)"), "that is "),
)
_APOSTROPHES = (
    (re.compile(r"\b(i|we|you|he|she|it|they|that|this|there)'d\b"), r"\1 would"),
    (re.compile(r"\b(i|we|you|he|she|it|they|that|this|there)'ll\b"), r"\1 will"),
    (re.compile(r"\b(i|we|you|they)'ve\b"), r"\1 have"),
    (re.compile(r"\b(we|you|they)'re\b"), r"\1 are"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"\blet's\b"), "let us"),
    (
        re.compile(r"\b(it|that|this|here|there|what|he|she|answer|rating|response|score)'s\b"),
        r"\1 is",
    ),
)


def clean(text: str) -> str:
    """Plain text: ASCII digits and punctuation, lower case, without markup or invisible characters.

    Every Unicode decimal digit becomes its ASCII digit; a superscript or circled digit becomes a
    number of its own, so that ``4²`` is two numbers and never 42. Letters with accents are
    composed, and English contractions are written out. A dash that begins a line is a bullet, "•".
    """
    text = _LINE_BREAK.sub("\n", html.unescape(text) if "&" in text else text)
    text = _ESCAPED_SPACE.sub("\n", _FENCE.sub(" ", _TAG.sub(" ", text)))
    text = _MATHS.sub(r" \3 ", _LATEX.sub("", text))
    ascii_only = text.isascii()
    text = _BULLET.sub("• ", _LINE_MARK.sub("", _ARROW.sub(" → ", text)))
    if not ascii_only:
        text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
        text = "".join(map(_readable, text))
    if not text.replace("\n", "").isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    text = _BETWEEN_LETTERS.sub(" ", _ORNAMENT.sub(" ", text)).lower()
    return _written_out(text if ascii_only else text.replace("i\u0307", "i"))


def _readable(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("No", "Nl"):
        return f" {unicodedata.normalize('NFKC', character)} ".replace("⁄", "/")
    if category == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", character)
    if category in ("So", "Sk") and plain == character and character not in _DENIES:
        return " "
    return plain


def _written_out(text: str) -> str:
    for contraction, words in _CONTRACTIONS:
        text = contraction.sub(words, text)
    if "'" in text:
        for contraction, words in _APOSTROPHES:
            text = contraction.sub(words, text)
    return text
