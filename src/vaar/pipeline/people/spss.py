"""Tables of SPSS, read with pyreadstat, an extra."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from vaar.errors import DataError
from vaar.pipeline.people.source import Row, Source
from vaar.pipeline.people.text_table import require_different

_CHUNK = 20_000
_NEEDED = "needs pyreadstat: pip install 'vaar[spss]', or save the table as CSV"


def read_spss(path: Path) -> Source:
    """Read the head of an SPSS table: names, question texts, and labels of codes.

    Codes that the file declares missing are read as they stand, and named in ``declared``.

    Raises
    ------
    DataError
        pyreadstat is not installed, or it cannot read the file.
    """
    try:
        import pyreadstat
    except ImportError:
        raise DataError(f"{path}: {_NEEDED}.") from None
    if not os.access(path, os.R_OK):
        raise DataError(f"{path}: cannot be read. Check the path and its permissions.")
    try:
        _, meta = pyreadstat.read_sav(str(path), metadataonly=True, user_missing=True)
    except Exception as error:  # pyreadstat raises what it likes
        raise _damaged(path, error) from error
    names = tuple(map(str, meta.column_names))
    require_different(list(names), str(path))
    labels = {
        name: {_cell(code): str(label).strip() for code, label in own.items()}
        for name, own in meta.variable_value_labels.items()
    }
    return Source(
        str(path),
        "spss",
        "",
        names,
        tuple(str(label or "") for label in meta.column_labels),
        lambda: _rows(path),
        labels,
        {name: tuple(_ranges(own)) for name, own in meta.missing_ranges.items()},
    )


def _ranges(declared: Iterable[Any]) -> Iterator[tuple[float, float]]:
    """The ranges of numbers among what is declared missing; texts are no answers on a scale."""
    for one in declared:
        if isinstance(one["lo"], (int, float)):
            yield float(one["lo"]), float(one["hi"])


def _rows(path: Path) -> Iterator[Row]:
    import pyreadstat

    number = 0
    try:
        chunks = pyreadstat.read_file_in_chunks(
            pyreadstat.read_sav, str(path), chunksize=_CHUNK, user_missing=True
        )
        for frame, _ in chunks:
            for row in frame.itertuples(index=False, name=None):
                number += 1
                yield number, list(map(_cell, row))
    except Exception as error:
        raise _damaged(path, error) from error


def _cell(value: Any) -> str:
    """A value as text: whole numbers without a point, blank where it is missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: cannot be read as an SPSS table ({error}). Save it again, or save it as CSV."
    )
