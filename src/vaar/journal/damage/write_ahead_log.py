"""Commits in a journal's write-ahead log that SQLite will pass over without a word.

SQLite takes a log up to the first frame whose running checksum is wrong, as a write that a crash
broke off. Where a frame in the middle is damaged, every commit behind it is passed over too. Here
they are counted. The layout is that of https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import BinaryIO, NamedTuple

from vaar.files.plain import open_plain
from vaar.journal.format.schema import PAGE

LOG_HEADER, FRAME_HEADER = 32, 24
"""Bytes of the header of a log, and of each frame in it."""

_LARGEST_PAGE = 65_536
_MAGIC = b"\x37\x7f\x06"
_PAUSE = 0.05  # seconds; a frame that a writer is at is whole after that
_WORD = 2**32


class _Log(NamedTuple):
    """The commits of a log: those that are sound, and those behind the first unsound frame."""

    sound: int
    passed_over: int


def commits_passed_over(path: Path) -> int:
    """How many commits of a journal's log are whole in it but behind a damaged frame.

    A process may be writing the log meanwhile.

    Parameters
    ----------
    path : Path
        The journal; its log stands beside it.
    """
    log = path.with_name(f"{path.name}-wal")
    first = _read(log)
    if not first.passed_over:
        return 0
    time.sleep(_PAUSE)
    again = _read(log)
    return again.passed_over if again.sound == first.sound else 0


def _read(log: Path) -> _Log:
    try:
        with open(open_plain(log), "rb") as file:
            return _counted(file)
    except (OSError, ValueError):
        return _Log(0, 0)


def _counted(file: BinaryIO) -> _Log:
    """Count frame by frame, however long the log is."""
    header = LogHeader.of(file.read(LOG_HEADER + FRAME_HEADER))
    length = FRAME_HEADER + header.page
    if header.salts in (b"", bytes(8)) or header.page > _LARGEST_PAGE:
        return _Log(0, 0)
    file.seek(LOG_HEADER)
    sound = passed_over = 0
    chain = header.chain
    while len(frame := file.read(length)) == length and frame[8:16] == header.salts:
        is_commit = frame[4:8] != bytes(4)
        if chain is not None:
            chain = _follows(frame, header.big_endian, chain)
        sound += is_commit and chain is not None
        passed_over += is_commit and chain is None
    return _Log(sound, passed_over)


class LogHeader(NamedTuple):
    """What a log's header tells.

    Attributes
    ----------
    page : int
        Bytes of a page.
    salts : bytes
        What the frames of this round bear; of a damaged header those of the first frame.
    big_endian : bool
        How the checksums take their words.
    chain : (int, int) or None
        The running checksum behind the header; None where it is damaged.
    """

    page: int
    salts: bytes
    big_endian: bool
    chain: tuple[int, int] | None

    @classmethod
    def of(cls, content: bytes) -> LogHeader:
        """Read it from the content of a log."""
        if len(content) < LOG_HEADER:
            return cls(PAGE, b"", False, None)
        big_endian = bool(content[3] & 1)
        page, stored = int.from_bytes(content[8:12]), struct.unpack(">2I", content[24:32])
        chain = _checksum(content[:24], big_endian, (0, 0))
        if content[:3] == _MAGIC and chain == stored:
            return cls(page, content[16:24], big_endian, chain)
        return cls(PAGE, content[LOG_HEADER + 8 : LOG_HEADER + 16], big_endian, None)


def _follows(frame: bytes, big_endian: bool, chain: tuple[int, int]) -> tuple[int, int] | None:
    """The running checksum behind a frame; None where the frame tells another."""
    chain = _checksum(frame[:8], big_endian, chain)
    chain = _checksum(frame[FRAME_HEADER:], big_endian, chain)
    told = struct.unpack(">2I", frame[16:24])
    return chain if chain == told else None


def _checksum(data: bytes, big_endian: bool, chain: tuple[int, int]) -> tuple[int, int]:
    first, second = chain
    words = struct.unpack(f"{'>' if big_endian else '<'}{len(data) // 4}I", data)
    for k in range(0, len(words), 2):
        first = (first + words[k] + second) % _WORD
        second = (second + words[k + 1] + first) % _WORD
    return first, second
