"""What stands at the head of a GGUF file: facts about the model, without its weights.

The format is that of the specification in ggml's documentation, versions 2 and 3.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

Fact = int | float | bool | str

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q"}
_NUMBERS[12] = "d"
_MOST = 1 << 30
"""A count beyond this is no count: the file is damaged."""

FILE_TYPES = {
    **{0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K"},
    **{11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S"},
    **{17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS"},
    **{23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S"},
    **{29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0"},
    38: "MXFP4_MOE",
}
"""Names of ``general.file_type``: how most weights are stored."""


class DamagedHeaderError(Exception):
    """The file is no GGUF file, or not a whole one."""


def read_header(file: Path) -> dict[str, Fact]:
    """The numbers and texts at the head of a GGUF file, by key; lists are passed over.

    Raises
    ------
    DamagedHeaderError
        The file is no GGUF file of a known version, or ends in its head.
    OSError
        It cannot be read.
    """
    with file.open("rb") as content:
        if content.read(len(_MAGIC)) != _MAGIC:
            raise DamagedHeaderError("it does not begin as a GGUF file does")
        version = _number(content, "I")
        if version not in _VERSIONS:
            raise DamagedHeaderError(f"it is of version {version}; known are 2 and 3")
        _number(content, "Q")  # tensors
        facts = {}
        for _ in range(_count(content)):
            name = _text(content)
            value = _value(content, int(_number(content, "I")))
            if value is not None:
                facts[name] = value
        return facts


def _value(content: BinaryIO, kind: int) -> Fact | None:
    if kind == _STRING:
        return _text(content)
    if kind == _ARRAY:
        _skip(content)
        return None
    if kind not in _NUMBERS:
        raise DamagedHeaderError(f"it has a value of unknown type {kind}")
    return _number(content, _NUMBERS[kind])


def _skip(content: BinaryIO) -> None:
    kind, count = int(_number(content, "I")), _count(content)
    if kind in _NUMBERS:
        _bytes(content, struct.calcsize(f"<{_NUMBERS[kind]}") * count)
        return
    for _ in range(count):
        _value(content, kind)


def _text(content: BinaryIO) -> str:
    return _bytes(content, _count(content)).decode(errors="replace")


def _count(content: BinaryIO) -> int:
    count = int(_number(content, "Q"))
    if count > _MOST:
        raise DamagedHeaderError(f"it counts {count:,} of something")
    return count


def _number(content: BinaryIO, form: str) -> int | float | bool:
    value: int | float | bool = struct.unpack(f"<{form}", _bytes(content, struct.calcsize(form)))[0]
    return value


def _bytes(content: BinaryIO, count: int) -> bytes:
    read = content.read(count)
    if len(read) < count:
        raise DamagedHeaderError("it ends too early")
    return read
