"""Where a result came from: versions, times, the command."""

from __future__ import annotations

import platform
import shlex
import sys
from datetime import UTC, datetime
from importlib.metadata import version

from vaar.coding.rules import RULES_VERSION
from vaar.respondents.key_safety import without_known_keys

FROM_PYTHON = "from Python"
"""What stands for the command of what no command started."""

PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "pydantic", "aiohttp", "altair")


def versions() -> dict[str, object]:
    """Versions of vaar, its coding rules, Python and the packages that numbers depend on."""
    return {
        "vaar_version": version("vaar"),
        "coding_rules": RULES_VERSION,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def command() -> str:
    """The command line, as far as the program was started by one, without keys."""
    if not sys.argv[0].endswith("vaar"):
        return FROM_PYTHON
    return shlex.join(["vaar", *map(without_known_keys, sys.argv[1:])])
