"""The hosts to which the user of this machine lets keys be sent, kept from one command to the next.

They stand in the user's own configuration and nowhere else: a run directory, a study or a models
file may be a stranger's, and must not allow anything.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from vaar.files.strict_json import read_object
from vaar.files.write import write_bytes

FILE = "vaar/allowed_hosts.json"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Permission(NamedTuple):
    """That a key may be sent to a host.

    Attributes
    ----------
    host : str
    variable : str
        The environment variable that holds the key; one of another variable is asked about anew.
    way : str
        What was asked about: ``plain http`` or ``models file``.
    """

    host: str
    variable: str
    way: str


def place() -> Path | None:
    """The file, below ``XDG_CONFIG_HOME`` or ``~/.config``; None where this user has no home."""
    given = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    home = Path(os.path.expanduser("~"))
    folder = given if given.is_absolute() else home / ".config"
    return folder / FILE if folder.is_absolute() else None


def remembered() -> frozenset[Permission]:
    """What this user has allowed; nothing where the file is damaged or others may write it."""
    path = place()
    try:
        if path is None or not (_is_own(path) and _is_own(path.parent)):
            return frozenset()
        listed = read_object(path)["allowed"]
        return frozenset(
            Permission(*(str(one[name]) for name in Permission._fields)) for one in listed
        )
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def remember(permissions: Iterable[Permission]) -> Path | None:
    """Add to what this user has allowed.

    Returns
    -------
    Path or None
        Where it stands now; None where it could not be written, and will be asked about again.
    """
    path = place()
    if path is None:
        return None
    every = sorted(remembered() | set(permissions))
    content = json.dumps({"allowed": [one._asdict() for one in every]}, indent=2)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_bytes(path, f"{content}\n".encode())
        path.chmod(0o600)
    except (OSError, ValueError):
        return None
    return path


def _is_own(path: Path) -> bool:
    """Whether a file is this user's, and no other user may write it."""
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & _OTHERS_WRITE
