"""A seal on a JSON file: whether what stands in it is what was written.

It finds damage and careless edits. It has no key: who changes a file on purpose seals it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"
"""Key under which it stands."""


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be written, with the seal of all of it; half characters become question marks."""
    told = json.dumps(_unsealed(content), ensure_ascii=False, allow_nan=False)
    plain: dict[str, Any] = json.loads(told.encode("utf-8", "replace"))
    return plain | {SEAL: _digest(plain)}


def is_as_written(content: Mapping[str, Any]) -> bool:
    """Whether what was read is what was sealed; True where it bears no seal, as of old versions."""
    return SEAL not in content or content[SEAL] == _digest(_unsealed(content))


def _unsealed(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != SEAL}


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
