"""Rows read from the pages of an SQLite file one by one, however damaged the file around them is.

SQLite itself reaches a row from the root of its table; where a page in between is lost, so is all
below it. Here every page is looked at for itself, in the file and in its write-ahead log.
The layout is that of https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from vaar.files.plain import open_plain
from vaar.journal.damage.write_ahead_log import FRAME_HEADER, LOG_HEADER, LogHeader
from vaar.journal.format.schema import PAGE

_HEADER = 100  # bytes of the file's header, at the start of the first page
_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE = 2, 10, 13
_LARGEST = 64 * 2**20  # bytes of one row; a length beyond this is damage
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = int | float | str | bytes | None


class Row(NamedTuple):
    """One row: its number, where its table has one, and its columns."""

    number: int | None
    values: tuple[Value, ...]


class _Unreadable(Exception):
    pass


def read_rows(path: Path) -> Iterator[Row]:
    """Every row that any page still holds, in the order in which the pages were written.

    A row may come several times, as older versions of its page do.
    """
    log = path.with_name(f"{path.name}-wal")
    with closing(_Content(path)) as file, closing(_Content(log)) as frames:
        stored = _Pages(file, frames)
        for number, page in stored.versions():
            yield from _page_rows(page, _HEADER if number == 1 else 0, stored)


class _Content:
    """What a file holds, read piece by piece; nothing where there is no plain file."""

    def __init__(self, path: Path) -> None:
        self._handle: int | None = None
        self.size = 0
        with suppress(OSError, ValueError):
            self._handle = open_plain(path)
            self.size = os.fstat(self._handle).st_size

    def part(self, start: int, size: int) -> bytes:
        """Bytes from some place on; none where the disk cannot read them."""
        if self._handle is None or start < 0:
            return b""
        try:
            return os.pread(self._handle, size, start)
        except (OSError, OverflowError):
            return b""

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)


class _Pages:
    """The pages of a file and of its write-ahead log."""

    def __init__(self, file: _Content, log: _Content) -> None:
        self._file, self._log = file, log
        self._frames = list(self._current_frames())
        self._latest = dict(self._frames)

    def _current_frames(self) -> Iterator[tuple[int, int]]:
        """Page number and place of every page in the log that is not left from an earlier one."""
        salts = LogHeader.of(self._log.part(0, LOG_HEADER + FRAME_HEADER)).salts
        step = FRAME_HEADER + PAGE
        for start in range(LOG_HEADER, self._log.size - step + 1, step):
            header = self._log.part(start, FRAME_HEADER)
            if header[8:16] == salts != bytes(8):
                yield int.from_bytes(header[:4]), start + FRAME_HEADER

    def versions(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of every page, then of every later version of one in the log."""
        for start in range(0, self._file.size, PAGE):
            yield start // PAGE + 1, self._file.part(start, PAGE).ljust(PAGE, b"\0")
        for number, start in self._frames:
            yield number, self._log.part(start, PAGE).ljust(PAGE, b"\0")

    def overflow(self, number: int, wanted: int) -> bytes:
        """The rest of a row that did not fit its page."""
        parts: list[bytes] = []
        while wanted > 0:
            page = self._page(number)
            parts.append(page[4 : 4 + wanted])
            wanted -= PAGE - 4
            number = int.from_bytes(page[:4])
        return b"".join(parts)

    def _page(self, number: int) -> bytes:
        start = self._latest.get(number)
        content, start = (self._file, (number - 1) * PAGE) if start is None else (self._log, start)
        page = content.part(start, PAGE)
        if len(page) < PAGE:
            raise _Unreadable
        return page


def _page_rows(page: bytes, start: int, stored: _Pages) -> Iterator[Row]:
    kind, cells = page[start], int.from_bytes(page[start + 3 : start + 5])
    if kind not in (_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE):
        return
    pointers = start + (12 if kind == _INTERIOR_INDEX else 8)
    for k in range(min(cells, PAGE // 4)):
        at = int.from_bytes(page[pointers + 2 * k : pointers + 2 * k + 2])
        try:
            yield _cell(page, at, kind, stored)
        except (_Unreadable, IndexError, UnicodeDecodeError, struct.error):
            continue


def _cell(page: bytes, at: int, kind: int, stored: _Pages) -> Row:
    if kind == _INTERIOR_INDEX:
        at += 4
    size, at = _varint(page, at)
    number = None
    if kind == _LEAF_TABLE:
        number, at = _varint(page, at)
    if size > _LARGEST:
        raise _Unreadable
    here = _kept_in_page(size, kind == _LEAF_TABLE)
    record = page[at : at + here]
    if here < size:
        further = int.from_bytes(page[at + here : at + here + 4])
        record += stored.overflow(further, size - here)
    return Row(number, _record(record))


def _kept_in_page(size: int, table: bool) -> int:
    """Bytes of a row of this size that stay in its page."""
    most = PAGE - 35 if table else (PAGE - 12) * 64 // 255 - 23
    if size <= most:
        return size
    least = (PAGE - 12) * 32 // 255 - 23
    fitting = least + (size - least) % (PAGE - 4)
    return fitting if fitting <= most else least


def _record(record: bytes) -> tuple[Value, ...]:
    end, at = _varint(record, 0)
    if end > len(record):
        raise _Unreadable
    values: list[Value] = []
    place = end
    while at < end:
        kind, at = _varint(record, at)
        value, place = _value(record, place, kind)
        values.append(value)
    return tuple(values)


def _value(record: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind == 7:
        return struct.unpack_from(">d", record, at)[0], at + 8
    size = _INTEGER_SIZES.get(kind) or (kind - 12) // 2
    if kind in (10, 11) or at + size > len(record):
        raise _Unreadable
    part = record[at : at + size]
    if kind in _INTEGER_SIZES:
        return int.from_bytes(part, signed=True), at + size
    return (part.decode() if kind % 2 else part), at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for k in range(9):
        byte = data[at + k]
        if k == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + k + 1
    raise _Unreadable
