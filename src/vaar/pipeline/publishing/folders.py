"""A folder of files that belong together: new, or in the place of an earlier one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.plain import read_plain
from vaar.files.strict_json import LARGEST
from vaar.files.write import replacing_folder
from vaar.report.files import INDEX, MARK

_QUOTED = re.compile("`([^`]+)`")


def require_free(
    target: Path, overwrite: bool, option: str = "--to", unlisted: Sequence[str] = ()
) -> None:
    """Refuse a folder that has no name, or holds more than earlier files that may be replaced.

    Parameters
    ----------
    option : str
        Where the folder is given on the command line.
    unlisted : sequence of str
        Earlier files of this kind that its index does not name.

    Raises
    ------
    RunDirectoryError
    """
    if target.name in ("", ".."):
        raise RunDirectoryError(
            f"{target}: a folder is put in its place as a whole, and this one is told by where it "
            f"is. Give {option} the name of a folder, such as ./tables."
        )
    try:
        there = sorted(entry.name for entry in target.iterdir()) if target.exists() else []
    except OSError as error:
        raise RunDirectoryError(
            f"{target}: cannot be used as a folder ({error.strerror}). Choose another with "
            f"{option}."
        ) from error
    if not there:
        return
    if overwrite and _is_export(target):
        _require_nothing_else(target, option, {INDEX, *unlisted})
        return
    advice = f"Choose a new or empty folder with {option}"
    if _is_export(target):
        advice += ", or replace the earlier export with --overwrite"
    raise RunDirectoryError(f"{target}: is not empty ({', '.join(there[:3])}, …). {advice}.")


def _is_export(target: Path) -> bool:
    return _index(target).startswith(MARK.encode())


def _require_nothing_else(target: Path, option: str, unlisted: set[str]) -> None:
    """Refuse an earlier export beside whose files others have been put, which would go with it."""
    own = {*unlisted, *_QUOTED.findall(_index(target).decode("utf-8", "replace"))}
    found = (path for path in target.rglob("*") if path.is_symlink() or not path.is_dir())
    others = sorted(path.relative_to(target).as_posix() for path in found)
    if others := [name for name in others if name not in own]:
        raise RunDirectoryError(
            f"{target}: holds what no export wrote ({', '.join(others[:3])}), which would be lost. "
            f"Take it elsewhere, or choose another folder with {option}."
        )


def _index(target: Path) -> bytes:
    try:
        return read_plain(target / INDEX, LARGEST)
    except (OSError, ValueError):
        return b""


def write_files(target: Path, contents: Mapping[str, str], option: str = "--to") -> None:
    """Write files beside the folder, then put it in its place.

    Raises
    ------
    RunDirectoryError
        It cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing_folder(target) as part:
            for name, content in contents.items():
                (part / name).parent.mkdir(exist_ok=True)
                (part / name).write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunDirectoryError(
            f"{target}: cannot be written ({error.strerror}). Choose another folder with {option}."
        ) from error
