"""Words and figures as the page prints them; the one place where foreign text is made harmless."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd

NO_VALUE = "—"
_KEPT_CONTROLS = "\n\t"
_HIDDEN_SEPARATORS = ("Zl", "Zp")


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


def excerpt(text: str, limit: int = 300) -> str:
    """Return the first `limit` characters, line ends shown as ↵, and how many were left out."""
    left_out = len(text) - limit
    shown = text[:limit].replace("\r\n", "\n").replace("\n", " ↵ ").replace("\t", " ")
    return f"{shown} … ({count(left_out)} more characters)" if left_out > 0 else shown


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


def is_missing(value: Any) -> bool:
    """Whether a table's cell holds nothing: None, NaN, NA, NaT or an empty string."""
    return value is None or value is pd.NA or value is pd.NaT or value != value or value == ""


def words(value: Any) -> str:
    """Text of a cell; a dash where it holds nothing."""
    return NO_VALUE if is_missing(value) else str(value)


def count(value: Any) -> str:
    """A whole number, thousands set apart by a narrow space."""
    return NO_VALUE if is_missing(value) else f"{round(float(value)):,}".replace(",", "\u202f")


def decimal(value: Any, places: int = 2) -> str:
    """A number in fixed notation with a true minus sign."""
    if is_missing(value):
        return NO_VALUE
    if not math.isfinite(float(value)):
        return "∞" if value > 0 else "−∞"
    text = f"{float(value):.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def coefficient(value: Any, places: int = 2) -> str:
    """A number that rarely exceeds 1, without its leading zero: ``−.31``."""
    text = decimal(value, places)
    return text.replace("0.", ".", 1) if text.lstrip("−").startswith("0.") else text


def share(value: Any, places: int = 2) -> str:
    """A number in [0, 1]; never rounded to 0 or 1 unless it is: ``>.99``, ``<.01``."""
    if is_missing(value):
        return NO_VALUE
    smallest = 10.0**-places
    if 0 < value < smallest / 2:
        return f"<{coefficient(smallest, places)}"
    if 1 - smallest / 2 <= value < 1:
        return f">{coefficient(1 - smallest, places)}"
    return coefficient(value, places)


def confidence(value: Any) -> str:
    """A normal probability to three places; never quite 0 or 1, even where its last digit is."""
    return share(value if is_missing(value) else min(max(value, 1e-300), 1 - 1e-12), 3)


def percent(value: Any) -> str:
    """A share as a percentage with one decimal; never rounded to 0 unless it is."""
    if is_missing(value):
        return NO_VALUE
    return "<0.1\u202f%" if 0 < value < 0.0005 else f"{decimal(100 * value, 1)}\u202f%"


def probability(value: Any) -> str:
    """A p-value to three places, ``<.001`` below."""
    return "<.001" if not is_missing(value) and value < 0.001 else coefficient(value, 3)


def interval(lower: str, upper: str) -> str:
    """``[lower, upper]``; a dash where either end is missing."""
    return NO_VALUE if NO_VALUE in (lower, upper) else f"[{lower}, {upper}]"


def estimate(value: str, lower: str, upper: str) -> str:
    """``value [lower, upper]``, the value alone where there is no interval."""
    bounds = interval(lower, upper)
    return value if bounds == NO_VALUE else f"{value} {bounds}"
