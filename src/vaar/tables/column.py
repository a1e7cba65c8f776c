"""One column of a table of results: its kind, its range, and what it means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from vaar.errors import TableError
from vaar.tables.text import is_missing

if TYPE_CHECKING:
    import pandas as pd

ColumnKind = Literal["text", "count", "number", "flag"]

_FLAGS = {"True": True, "False": False}
_DTYPES = {"text": "object", "count": "Int64", "number": "float64", "flag": "boolean"}
_WANTED = {
    "text": "words",
    "count": "a whole number",
    "number": "a number",
    "flag": "True or False",
}


@dataclass(frozen=True)
class ColumnSpec:
    """One column.

    Attributes
    ----------
    kind : {'text', 'count', 'number', 'flag'}
        Words, whole numbers, real numbers, or true and false. A blank cell means *not available*,
        never zero; in a column of words it reads as the empty string.
    unit : str
        Such as ``sessions``, ``scale points``, ``nats``; empty where there is none.
    meaning : str
        A phrase for the reader of the file.
    allowed : tuple of str
        The only words that may stand in a column of words; empty: any.
    least, most : float
        Ends of the range of a column of numbers, both allowed.
    added : bool
        Whether files of earlier versions lack it; where they do, every cell is blank.
    """

    name: str
    kind: ColumnKind
    unit: str
    meaning: str
    allowed: tuple[str, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    added: bool = False

    @property
    def full_meaning(self) -> str:
        """The meaning, with the range or the allowed words."""
        least = f"at least {self.least:g}" if math.isfinite(self.least) else ""
        most = f"at most {self.most:g}" if math.isfinite(self.most) else ""
        words = f"one of {', '.join(self.allowed)}" if self.allowed else ""
        return "; ".join(part for part in (self.meaning, least, most, words) if part)

    def convert(self, values: Sequence[Any], source: str) -> pd.Series:
        """The values as the type of this kind: ``object``, ``Int64``, ``float64`` or ``boolean``.

        Raises
        ------
        TableError
            A value is not of the kind, outside the range, or not an allowed word; the message
            begins with `source`.
        """
        import pandas as pd

        converted = [self._converted(v, n, source) for n, v in enumerate(values, start=1)]
        return pd.Series(converted, dtype=_DTYPES[self.kind])

    def _converted(self, value: Any, row: int, source: str) -> Any:
        if is_missing(value):
            return "" if self.kind == "text" else None
        try:
            converted = _CONVERT[self.kind](value)
        except (TypeError, ValueError, KeyError, OverflowError):
            raise self._wrong(value, row, source, _WANTED[self.kind]) from None
        if self.allowed and converted not in self.allowed:
            raise self._wrong(value, row, source, f"one of {', '.join(self.allowed)}")
        if self.kind in ("number", "count") and not self.least <= converted <= self.most:
            raise self._wrong(value, row, source, f"from {self.least:g} to {self.most:g}")
        return converted

    def _wrong(self, value: Any, row: int, source: str, wanted: str) -> TableError:
        return TableError(f"{source}: {self.name} in row {row} is {value!r}; it must be {wanted}.")


def _whole(value: Any) -> int:
    """A whole number from a number or from a cell: ``3``, ``3.0``."""
    number = value
    if isinstance(value, str):
        number = int(value) if value.lstrip("-").isdigit() else float(value)
    if int(number) != number:
        raise ValueError(value)
    return int(number)


_CONVERT: dict[str, Any] = {
    "text": str,
    "count": _whole,
    "number": float,
    "flag": lambda value: _FLAGS[str(value)],
}
