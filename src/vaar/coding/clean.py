"""Make hostile text readable: one alphabet of digits, no markup, no invisible characters."""

from __future__ import annotations

import html
import re
import unicodedata

_REASONING = r"(?:think|thinking|thought|reasoning|reflection|scratchpad)"
_OPENING = re.compile(rf"<{_REASONING}>|◁think▷", re.IGNORECASE)
_CLOSING = re.compile(rf"</{_REASONING}>|◁/think▷|<\|channel\|>final<\|message\|>", re.IGNORECASE)
_CHANNEL = re.compile(r"<\|channel\|>(?:analysis|commentary)", re.IGNORECASE)

_LINE_BREAK = re.compile(
    r"<(?:br|p|li|div|tr)\b[^<>]*>|\r\n?|[\v\f\x85\u2028\u2029]", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z!|][^<>]*>")
_FENCE = re.compile(r"```[a-zA-Z]*")
_DELETED = re.compile(r"~~[^~]*~~")
_LINE_MARK = re.compile(r"^[ \t]*(?:#+|[-•·])[ \t]+", re.MULTILINE)
_ORNAMENT = re.compile(r"[*`\"“”„«»‹›「」『』\\]|(?<!\w)['‘]|['‘](?!\w)|(?<![^\W_])_|_(?![^\W_])")
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])_(?=[^\W\d_])")

_KEYCAP = "\ufe0f\u20e3"
_CHARACTERS = {
    **dict.fromkeys(map(ord, _KEYCAP)),
    **dict.fromkeys(map(ord, "‐‑‒−﹣－"), "-"),
    **dict.fromkeys(map(ord, "–—―"), "–"),
    **dict.fromkeys(map(ord, "’ʼ＇‘"), "'"),
    ord("⁄"): "/",
    ord("∕"): "/",
    ord("٫"): ".",
    ord("。"): ".",
    ord("।"): ".",
    ord("،"): ",",
    ord("、"): ",",
    ord("؟"): "?",
}


def without_reasoning(text: str) -> str | None:
    """The part of a reply that follows its reasoning preamble; ``None`` if that never closes."""
    end = max((match.end() for match in _CLOSING.finditer(text)), default=0)
    rest = text[end:]
    if _OPENING.search(rest) or _CHANNEL.search(rest):
        return None
    return rest


def clean(text: str) -> str:
    """Plain text: ASCII digits and punctuation, lower case, without markup or invisible characters.

    Every Unicode decimal digit becomes its ASCII digit; a superscript or circled digit becomes a
    number of its own, so that ``4²`` is two numbers and never 42.
    """
    text = _LINE_BREAK.sub("\n", html.unescape(text))
    text = _FENCE.sub(" ", _DELETED.sub(" ", _TAG.sub(" ", text)))
    text = text if text.isascii() else "".join(map(_readable, text.translate(_CHARACTERS)))
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    text = _ORNAMENT.sub(" ", _LINE_MARK.sub("", text))
    return _BETWEEN_LETTERS.sub(" ", text).lower()


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
    return unicodedata.normalize("NFKC", character)
