"""Which encoding a strangers' file of text has."""

from __future__ import annotations

import codecs
from pathlib import Path

from vaar.errors import DataError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "a workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "a workbook of Excel"),
    (b"\x1f\x8b", "compressed"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
)
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
_HEAD = 1 << 16
_CHUNK = 1 << 20


def detect_encoding(path: Path) -> str:
    """Find the encoding of a text file, reading it once from end to end.

    Returns
    -------
    str
        By a byte order mark; else UTF-16 where every second byte is empty; else the first of
        UTF-8, Windows-1252 and Latin-1 that decodes the whole file.

    Raises
    ------
    DataError
        The file cannot be read, is empty, or is no text.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}).") from error
    if not head.strip():
        raise DataError(f"{path}: is empty. Give a table with one row a person.")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _decoded(path, name)
    for magic, what in _OTHER_FILES:
        if head.startswith(magic):
            raise DataError(f"{path}: is {what}. Save the table as CSV (UTF-8) and give that.")
    if b"\0" in head:
        return _decoded(path, _without_mark(head, path))
    if head.translate(None, _CONTROL) != head:
        raise DataError(f"{path}: is no table of text. Save the table as CSV (UTF-8).")
    return next(name for name in ("utf-8", "cp1252", "latin-1") if _decodes(path, name))


def _without_mark(head: bytes, path: Path) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = len(head) / 2
    if odd > 0.5 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.5 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    raise DataError(f"{path}: is no table of text. Save the table as CSV (UTF-8).")


def _decoded(path: Path, name: str) -> str:
    if not _decodes(path, name):
        raise DataError(
            f"{path}: begins as {name.upper()} and is not that to its end: it is cut or damaged. "
            "Export it again."
        )
    return name


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
