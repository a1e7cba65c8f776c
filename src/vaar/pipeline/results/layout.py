"""Where the results of an analysis are, and the file that says what they are.

::

    RUN/analyses/NAME/analysis.json        what the results rest on, options, hashes of all files
                     /groups.csv
                     /ANALYSIS/TABLE.csv   one folder for each analysis, and its tables in it
                     /ANALYSIS/record.json
"""

from __future__ import annotations

import re
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.pipeline.rundir import RunDirectory

FORMAT = 2
DEFAULT = "default"
"""Name of the analysis whose tables stand in the run directory itself too."""

ANALYSES = "analyses"
MANIFEST = "analysis.json"
RECORD = "record.json"

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


def require_own_folder(files: RunDirectory) -> None:
    """Refuse a run directory whose analyses would be written somewhere else.

    Raises
    ------
    RunDirectoryError
    """
    if (files.path / ANALYSES).is_symlink():
        raise RunDirectoryError(
            f"{files.path / ANALYSES}: is a link, through which nothing is written. Put the folder "
            "itself there, or remove the link, then analyse again."
        )


def stored_names(files: RunDirectory) -> tuple[str, ...]:
    """Names of the stored analyses, the default one first."""
    found = sorted(path.parent.name for path in (files.path / ANALYSES).glob(f"*/{MANIFEST}"))
    visible = [name for name in found if _NAME.fullmatch(name)]
    return tuple(sorted(visible, key=lambda name: name != DEFAULT))
