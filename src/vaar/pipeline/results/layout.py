"""Where the results of an analysis are, and the file that says what they are.

::

    RUN/analyses/NAME/analysis.json        what the results rest on, options, hashes of all files
                     /groups.csv
                     /ANALYSIS/TABLE.csv   one folder for each analysis, and its tables in it
                     /ANALYSIS/record.json
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.pipeline.rundir import RunDirectory

FORMAT = 2
DEFAULT = "default"
"""Name of the analysis whose tables stand in the run directory itself too."""

ANALYSES = "analyses"
MANIFEST = "analysis.json"
RECORD = "record.json"

LEFT_OVER = 24 * 60 * 60
"""Seconds after which nobody writes any more what is still called a part."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def folder(files: RunDirectory, name: str) -> Path:
    """The folder of a named analysis.

    Raises
    ------
    RunDirectoryError
        The name is not one.
    """
    if not _NAME.fullmatch(name):
        raise RunDirectoryError(
            f"an analysis cannot be named {name!r}: a name has 1 to 40 of a–z, 0–9, - and _, and "
            "begins with a letter or digit"
        )
    return files.path / ANALYSES / name


def stored_names(files: RunDirectory) -> tuple[str, ...]:
    """Names of the stored analyses, the default one first."""
    found = sorted(path.parent.name for path in (files.path / ANALYSES).glob(f"*/{MANIFEST}"))
    visible = [name for name in found if _NAME.fullmatch(name)]
    return tuple(sorted(visible, key=lambda name: name != DEFAULT))


def swap(new: Path, target: Path) -> None:
    """Put a folder in the place of another; whatever happens, one of the two is there whole."""
    aside = _aside(target)
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    new.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def restore(target: Path) -> None:
    """Finish a :func:`swap` that was cut short between its two steps."""
    if not target.exists() and _aside(target).exists():
        _aside(target).rename(target)


def remove_leftovers(directory: Path, pattern: str) -> None:
    """Remove files and folders of analyses that were killed while they wrote, a day ago or more."""
    for path in directory.glob(pattern):
        if time.time() - path.stat().st_mtime > LEFT_OVER:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
