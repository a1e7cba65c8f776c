"""The tidy table of responses: one row per session × item, rebuilt from the journal at will."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vaar.errors import RunDirectoryError
from vaar.files.plain import open_plain
from vaar.responses.coded import coded_batches, conversations
from vaar.responses.schema import IN_FEW_WORDS, LATER, RULES, SCHEMA
from vaar.sessions.records import Session, Turn
from vaar.study.model import Study

FIRST_RULES = 1
"""Version of the coding rules of a table that does not name one."""

_COPIES_ON_WRITE = int(pd.__version__.split(".")[0]) >= 3  # each column by itself, before that

_NUMBERS = {"value": "Int64", "replicate": "Int64", "position": "int64", "attempts": "int64"}


def build_table(study: Study, sessions: Sequence[Session], turns: Iterable[Turn]) -> pa.Table:
    """Code every reply and lay the answers out, one row per session × item.

    Parameters
    ----------
    sessions : sequence of Session
        In ascending order of number.
    turns : iterable of Turn
        Ordered by session, turn and attempt.

    Returns
    -------
    pyarrow.Table
        With :data:`vaar.responses.schema.SCHEMA`. ``value`` is null exactly where
        ``reason`` names why; that of an item answered in words is ``not_coded``, and its answer
        stands under ``raw``. Items that a session never reached have the reason ``not_asked``.
        Where one turn asked a whole instrument, its tokens and seconds stand in the row of the
        instrument's first item.
    """
    batches = coded_batches(study, conversations(sessions, turns))
    return pa.Table.from_batches(batches).cast(SCHEMA)


def write_table(batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """Write rows as parquet, as they come; they have the columns of the schema.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    with (
        _memory_given_back(),
        path.open("xb") as to,
        pq.ParquetWriter(to, SCHEMA, compression="zstd") as file,
    ):
        for batch in batches:
            file.write_table(pa.Table.from_batches([batch]).cast(SCHEMA))


def rules_of(path: Path) -> int:
    """Version of the rules by which the replies of a stored table were coded.

    Raises
    ------
    RunDirectoryError
        The file is missing or damaged.
    """
    try:
        with open(open_plain(path), "rb") as file:
            metadata = pq.read_schema(file).metadata or {}
        return int(metadata.get(RULES, FIRST_RULES))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def read_table(path: Path, columns: Collection[str] = tuple(SCHEMA.names)) -> pd.DataFrame:
    """Read the table, or some of its columns, into pandas, with nullable integers.

    Raises
    ------
    RunDirectoryError
        The file is missing, damaged, lacks a column, or has one of another type.
    """
    try:
        with _memory_given_back(), open(open_plain(path), "rb") as opened:
            there = _checked(pq.read_schema(opened), path)
            file = pq.ParquetFile(opened, read_dictionary=sorted(there & set(IN_FEW_WORDS)))
            rows = file.metadata.num_rows
            wanted = [name for name in SCHEMA.names if name in columns]
            return _frame(
                lambda n: file.read([n]).column(0) if n in there else _absent(n, rows), wanted
            )
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _unreadable(path, error) from error


@contextmanager
def _memory_given_back() -> Iterator[None]:
    """Let Arrow return memory as soon as it is free; its own allocators keep some for later."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def _checked(found: pa.Schema, path: Path) -> set[str]:
    """The columns of a stored table; those that it may lack and does are not among them."""
    there = set(found.names)
    missing = [n for n in SCHEMA.names if n not in there and n not in LATER]
    if missing and missing != ["first_reason"]:  # written before first refusals were kept
        raise RunDirectoryError(f"{path}: lacks the columns {', '.join(missing)}.")
    for field in SCHEMA:
        if field.name in there:
            own = found.field(field.name).type
            plain = own.value_type if pa.types.is_dictionary(own) else own
            if plain not in (field.type, pa.null()):
                error = TypeError(f"{field.name} is {own}, and {field.type} is wanted")
                raise _unreadable(path, error)
    return there


def _absent(name: str, rows: int) -> pa.ChunkedArray:
    empty = pa.array([""], pa.string()) if name in LATER else pa.nulls(1, pa.string())
    return pa.chunked_array([empty.dictionary_encode().take(pa.array(np.zeros(rows, np.int64)))])


def _unreadable(path: Path, error: Exception) -> RunDirectoryError:
    return RunDirectoryError(
        f"{path}: cannot be read as parquet ({error}). The journal holds every reply: "
        "delete this file and run `vaar analyze` again to rebuild it."
    )


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """The table in pandas; ``value`` and the counts become nullable integers.

    Words that come again and again are held once, so that large tables fit into memory.
    """
    return _frame(table.column, SCHEMA.names)


def _frame(column: Callable[[str], pa.ChunkedArray], names: Sequence[str]) -> pd.DataFrame:
    """One column after the other, so that no more than one is there twice; what is one value
    throughout several columns is there once, where pandas copies before it writes."""
    columns: dict[str, pd.Series] = {}
    constant: dict[object, pd.Series] = {}
    for name in names:
        pa.default_memory_pool().release_unused()
        told = column(name)
        made = _shared_words(told) if name in IN_FEW_WORDS else told.to_pandas()
        made = made.astype(pd.api.types.pandas_dtype(_NUMBERS[name])) if name in _NUMBERS else made
        if _COPIES_ON_WRITE and (value := _constant(told)) is not None:
            made = constant.setdefault((str(made.dtype), value), made)
        columns[name] = made
    return pd.DataFrame(columns, copy=False)


def _constant(column: pa.ChunkedArray) -> object:
    """The one word of a column, ``False`` where it holds nothing at all; None where it varies."""
    if column.null_count == len(column):
        return False
    if column.null_count or not pa.types.is_dictionary(column.type):
        return None
    words = {word for chunk in column.chunks for word in chunk.dictionary.to_pylist()}
    return words.pop() if len(words) == 1 else None


def _shared_words(column: pa.ChunkedArray) -> pd.Series:
    """Text as pandas has it, every word once."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()))
    whole = column.unify_dictionaries().combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    text = pa.array([""], pa.string()).to_pandas().dtype  # of this version of pandas
    missing = np.nan if isinstance(text, pd.StringDtype) else None
    words = np.array([*whole.dictionary.to_pylist(), missing], dtype=object)
    places = whole.indices.fill_null(len(words) - 1).to_numpy()
    shared = words[places]
    if isinstance(text, pd.StringDtype):
        return pd.Series(shared, dtype=pd.StringDtype("python", na_value=np.nan))
    return pd.Series(shared, dtype=object)
