"""What a table of results holds: its name, what one row is, and every column's kind and meaning.

The description checks a table before it is written and after it is read, and documents it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaar.errors import TableError
from vaar.files.plain import read_plain
from vaar.tables import csv
from vaar.tables.column import ColumnSpec as ColumnSpec
from vaar.tables.table import Table, tabulate, text
from vaar.tables.text import is_missing

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 2**30
"""Bytes of a table's file."""

_MOST_NAMED, _LONGEST_NAME = 20, 60


@dataclass(frozen=True)
class TableSpec:
    """One table of results, kept as ``name.csv``.

    Attributes
    ----------
    row_is : str
        What one row is, such as ``a group × path``.
    """

    name: str
    row_is: str
    columns: tuple[ColumnSpec, ...]

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.csv"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    def checked(self, table: pd.DataFrame, source: str = "") -> pd.DataFrame:
        """The table with its columns in order, each of the type of its kind.

        Text becomes ``str`` (empty where there is none), counts ``Int64``, numbers ``float64``,
        flags ``boolean``; the index is counted anew.

        Parameters
        ----------
        source : str
            Where the table is from; begins the error message. Default: its name.

        Raises
        ------
        TableError
            A column is missing or unknown, or a cell is not of its column's kind, range or words.
        """
        import pandas as pd

        source = source or f"table {self.name!r}"
        self._require_names([str(name) for name in table.columns], source)
        columns = {c.name: c.convert(table[c.name].tolist(), source) for c in self.columns}
        return pd.DataFrame(columns, columns=list(self.names))

    def filled(self, rows: Iterable[Any]) -> pd.DataFrame:
        """A table of rows, mappings or sequences, as they are: its columns in their order."""
        import pandas as pd

        return pd.DataFrame(list(rows), columns=list(self.names))

    def of(self, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """The table of this name, without rows where there is none, as of an older analysis."""
        import pandas as pd

        if self.name in tables:
            return tables[self.name]
        return self.checked(pd.DataFrame(columns=list(self.names), dtype=object))

    def to_csv(self, table: pd.DataFrame) -> str:
        """The checked table as CSV text: see :mod:`vaar.tables.csv`.

        Raises
        ------
        TableError
            As in :meth:`checked`.
        """
        known = self.checked(table)
        cells = (_plain(known[name].tolist()) for name in self.names)
        return csv.write_rows([self.names, *zip(*cells, strict=True)])

    def from_csv(self, content: str, source: str = "") -> pd.DataFrame:
        """The table that :meth:`to_csv` wrote: every text and every number as it was.

        Raises
        ------
        TableError
            The text is no CSV, or not this table.
        """
        import pandas as pd

        source = source or self.file
        heading, *rows = csv.read_rows(content, source)
        later = [c.name for c in self.columns if c.added and c.name not in heading]
        self._require_names([*heading, *later], source)
        cells = [[csv.unescape(cell) for cell in row] for row in rows]
        table = pd.DataFrame(cells, columns=heading, dtype=object)
        return self.checked(table.assign(**dict.fromkeys(later)), source)

    def read(self, path: Path) -> pd.DataFrame:
        """Read the table from a file.

        Raises
        ------
        TableError
            The file cannot be read, or is not this table.
        """
        try:
            content = read_plain(path, LARGEST).decode("utf-8")
        except (OSError, ValueError) as error:
            raise TableError(f"{path}: cannot be read ({error}).") from error
        return self.from_csv(content, str(path))

    def described(self) -> Table:
        """The columns of this table as a table: name, kind, unit, meaning."""
        fields = {"Column": "name", "kind": "kind", "unit": "unit", "meaning": "full_meaning"}
        records = [{name: getattr(c, name) for name in fields.values()} for c in self.columns]
        caption = f"{self.file}: one row is {self.row_is}"
        return tabulate(caption, [text(*pair) for pair in fields.items()], records)

    def _require_names(self, found: Sequence[str], source: str) -> None:
        missing = [name for name in self.names if name not in found]
        unknown = [name for name in found if name not in self.names]
        twice = sorted(name for name, count in Counter(found).items() if count > 1)
        wrong = (("lacks", missing), ("has the unknown", unknown), ("has twice", twice))
        told = [f"{what} {_some(names)}" for what, names in wrong if names]
        if told:
            raise TableError(
                f"{source}: {' and '.join(told)}; its columns are {', '.join(self.names)}."
            )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    listed = ", ".join(repr(name[:_LONGEST_NAME]) for name in names[:_MOST_NAMED])
    return f"{listed} and {more:,} more" if more > 0 else listed


def _plain(values: Sequence[Any]) -> list[Any]:
    """Values for CSV: ``None`` where a number is missing."""
    return [None if is_missing(value) else value for value in values]
