"""A table of people as it was exported: columns with their question texts, and rows of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["csv", "qualtrics", "limesurvey", "spss"]
Row = tuple[int, list[str] | str]
"""Number of the row or line in the file, and its cells; or why they cannot be told apart."""

Ranges = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Source:
    """A table of people.

    Attributes
    ----------
    path : str
        Its file, for messages.
    kind : {'csv', 'qualtrics', 'limesurvey', 'spss'}
        What exported it.
    form : str
        How its text is read, in words; empty for SPSS.
    names : tuple of str
        Names of the columns, all different.
    texts : tuple of str
        What was asked in each, where the file says so; else empty.
    rows : callable
        Reads the rows of people from the first, each time it is called.
    labels : mapping
        For a column: the label of each code, where the file says so.
    declared : mapping
        For a column: the ranges of numbers, ends included, that the file declares to be no answer.
    decimal_comma : bool
        Whether numbers have a comma where others have a point.
    """

    path: str
    kind: Kind
    form: str
    names: tuple[str, ...]
    texts: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    declared: Mapping[str, Ranges] = field(default_factory=dict)
    decimal_comma: bool = False
