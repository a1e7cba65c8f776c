"""JSON from a file that anyone may have changed: bounded, without NaN, without half characters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from vaar.files.plain import read_plain

LARGEST = 64 * 2**20
"""Bytes of a file."""


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    OSError
        It cannot be read.
    ValueError
        It holds no JSON object, or what JSON cannot hold.
    """
    raw = read_plain(path, LARGEST)
    try:
        content = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half a character (a lone surrogate)") from None
    if not isinstance(content, dict):
        raise ValueError("it holds no JSON object")
    return content


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}, which is no number")
