"""What an archive really unpacks to, whatever its own directory says; nothing of it is kept.

Inspect reads a part without a look at its checksum, and takes memory that grows with the square of
how deeply it is nested.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import IO

_ZSTANDARD = 93
_PIECE = 1 << 16


class DamagedPartError(Exception):
    """A part of a log is not what was packed, or is nested beyond all measure; says which."""


def unpacked_size(archive: zipfile.ZipFile, most: int) -> int:
    """Bytes of all parts of an archive, counted until they are more than so many.

    Raises
    ------
    DamagedPartError
        A part has another checksum than it was packed with, or is nested too deeply.
    zipfile.BadZipFile
        A part is damaged otherwise, or packed in a way that no log is.
    """
    total = 0
    for part in archive.infolist():
        content = bytearray()
        with archive.open(_as_it_stands(part)) as packed:
            for piece in _unpacked(packed, part.compress_type):
                total += len(piece)
                content += piece
                if total > most:
                    return total
        if zlib.crc32(content) != part.CRC:
            raise DamagedPartError(f"its part {part.filename!r} is not what was packed")
        require_shallow(bytes(content), f"its part {part.filename!r}")
    return total


def require_shallow(content: bytes, what: str) -> None:
    """Refuse JSON that is nested more deeply than Python reads it.

    Raises
    ------
    DamagedPartError
    """
    try:
        json.loads(content)
    except RecursionError:
        raise DamagedPartError(f"{what} is nested too deeply") from None
    except ValueError:
        return  # told by whoever reads it


def _as_it_stands(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A part whose content is what is packed, not what it unpacks to."""
    raw = copy(part)
    raw.compress_type, raw.file_size = zipfile.ZIP_STORED, part.compress_size
    raw.CRC = None  # type: ignore[assignment]
    return raw


def _unpacked(packed: IO[bytes], kind: int) -> Iterator[bytes]:
    try:
        if kind == zipfile.ZIP_STORED:
            yield from iter(lambda: packed.read(_PIECE), b"")
        elif kind == zipfile.ZIP_DEFLATED:
            yield from _inflated(packed)
        elif kind == _ZSTANDARD:
            yield from _of_zstandard(packed)
        else:
            raise zipfile.BadZipFile(f"it is packed in an unusual way ({kind})")
    except (zlib.error, EOFError) as error:
        raise zipfile.BadZipFile(str(error)) from error


def _inflated(packed: IO[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in iter(lambda: packed.read(_PIECE), b""):
        waiting = piece
        while waiting and not unpacker.eof:
            yield unpacker.decompress(waiting, _PIECE)
            waiting = unpacker.unconsumed_tail


def _of_zstandard(packed: IO[bytes]) -> Iterator[bytes]:
    import zstandard  # comes with Inspect AI, which packs so

    try:
        with zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as whole:
            yield from iter(lambda: whole.read(_PIECE), b"")
    except zstandard.ZstdError as error:
        raise zipfile.BadZipFile(str(error)) from error
