"""How much an archive really unpacks to, whatever its own directory says; nothing of it is kept."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import IO

_ZSTANDARD = 93
_PIECE = 1 << 16


def unpacked_size(archive: zipfile.ZipFile, most: int) -> int:
    """Bytes of all parts of an archive, counted until they are more than so many.

    Raises
    ------
    zipfile.BadZipFile
        A part is damaged, or packed in a way that no log is.
    """
    total = 0
    for part in archive.infolist():
        with archive.open(_as_it_stands(part)) as packed:
            for size in _sizes(packed, part.compress_type):
                total += size
                if total > most:
                    return total
    return total


def _as_it_stands(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A part whose content is what is packed, not what it unpacks to."""
    raw = copy(part)
    raw.compress_type, raw.file_size = zipfile.ZIP_STORED, part.compress_size
    raw.CRC = None  # type: ignore[assignment]
    return raw


def _sizes(packed: IO[bytes], kind: int) -> Iterator[int]:
    """Sizes of what comes out, piece by piece."""
    try:
        if kind == zipfile.ZIP_STORED:
            yield from (len(piece) for piece in iter(lambda: packed.read(_PIECE), b""))
        elif kind == zipfile.ZIP_DEFLATED:
            yield from _inflated(packed)
        elif kind == _ZSTANDARD:
            yield from _of_zstandard(packed)
        else:
            raise zipfile.BadZipFile(f"it is packed in an unusual way ({kind})")
    except (zlib.error, EOFError) as error:
        raise zipfile.BadZipFile(str(error)) from error


def _inflated(packed: IO[bytes]) -> Iterator[int]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in iter(lambda: packed.read(_PIECE), b""):
        waiting = piece
        while waiting and not unpacker.eof:
            yield len(unpacker.decompress(waiting, _PIECE))
            waiting = unpacker.unconsumed_tail


def _of_zstandard(packed: IO[bytes]) -> Iterator[int]:
    import zstandard  # comes with Inspect AI, which packs so

    try:
        with zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as whole:
            yield from (len(piece) for piece in iter(lambda: whole.read(_PIECE), b""))
    except zstandard.ZstdError as error:
        raise zipfile.BadZipFile(str(error)) from error
