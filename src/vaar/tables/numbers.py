"""Numbers in words: how a figure is printed wherever it stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from vaar.tables.text import NO_VALUE, grouped, is_missing


def count(value: Any) -> str:
    """A whole number, thousands set apart by a narrow space."""
    return NO_VALUE if is_missing(value) else grouped(round(float(value)))


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


def estimate_of(
    record: Mapping[Any, Any],
    form: Callable[[Any], str],
    value: str,
    lower: str = "lower",
    upper: str = "upper",
) -> str:
    """A figure of a row with its interval, from the fields that hold the three."""
    return estimate(form(record[value]), form(record[lower]), form(record[upper]))


def estimate_named(record: Mapping[Any, Any], form: Callable[[Any], str], name: str) -> str:
    """The same, where the ends are the fields ``name_lower`` and ``name_upper``."""
    return estimate_of(record, form, name, f"{name}_lower", f"{name}_upper")
