"""Text as tables and pages show it; the one place where foreign text is made harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

NO_VALUE = "—"
_KEPT_CONTROLS = "\n\t"
_HIDDEN_SEPARATORS = ("Zl", "Zp")
_MARKING_WORD = re.compile(r'<span class="tag">([^<]*)</span>')


def visible(text: str) -> str:
    """Replace every character that cannot be seen by its code point, ``‹U+202E›``.

    Covers controls, bidirectional overrides, zero-width and private characters and lone
    surrogates, so that no text can reorder, hide or break what stands around it. Newlines and
    tabs stay.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in _KEPT_CONTROLS:
        return character
    category = unicodedata.category(character)
    if category.startswith("C") or category in _HIDDEN_SEPARATORS:
        return f"‹U+{ord(character):04X}›"
    return character


def on_one_line(text: str) -> str:
    """The text with what cannot be seen in it shown, and blanks for its line ends and tabs."""
    return visible(text.replace("\r\n", "\n")).replace("\n", " ").replace("\t", " ")


def printable(text: str) -> str:
    """The text with a blank for every character that could steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def printable_line(text: str) -> str:
    """The same on one line, its words a single blank apart."""
    return " ".join(printable(text).split())


def without_marks(text: str) -> str:
    """The text of a section as it is read: markup without its tags, a plain text as it is.

    Words that mark what stands before them are in brackets.
    """
    if not isinstance(text, Markup):
        return text
    bracketed = Markup(_MARKING_WORD.sub(r"(\1)", str(text)))
    return bracketed.striptags().replace("\N{NO-BREAK SPACE}", " ")


def excerpt(text: str, limit: int = 300) -> str:
    """Return the first `limit` characters, line ends shown as ↵, and how many were left out."""
    left_out = len(text) - limit
    shown = text[:limit].replace("\r\n", "\n").replace("\n", " ↵ ").replace("\t", " ")
    return f"{shown} … ({grouped(left_out)} more characters)" if left_out > 0 else shown


def shorten(text: str, limit: int) -> str:
    """Keep both ends of a long name, with an ellipsis in its middle."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def listing(words: Sequence[str], limit: int = 4) -> str:
    """Join with commas; beyond `limit` words say how many more there are."""
    more = len(words) - limit
    return ", ".join(words[:limit]) + (f" and {more} more" if more > 0 else "")


def number_of(n: int, one: str, many: str) -> str:
    """So many of something, in a sentence: ``1 session``, ``1,200 sessions``."""
    return f"1 {one}" if n == 1 else f"{n:,} {many}"


def is_missing(value: Any) -> bool:
    """Whether a table's cell holds nothing: None, NaN, NA, NaT or an empty string."""
    if value is None or isinstance(value, str):
        return not value
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA is neither equal to itself nor unequal
        return True


def words(value: Any) -> str:
    """Text of a cell; a dash where it holds nothing."""
    return NO_VALUE if is_missing(value) else str(value)


def grouped(number: int) -> str:
    """A whole number, thousands set apart by a narrow space."""
    return f"{number:,}".replace(",", "\u202f")
