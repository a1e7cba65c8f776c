"""A folder of files that belong together: new, or in the place of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.write import replacing_folder
from vaar.report.files import INDEX, MARK


def require_free(target: Path, overwrite: bool, option: str = "--to") -> None:
    """Refuse a folder that holds anything but earlier files of this kind that may be replaced.

    Parameters
    ----------
    option : str
        Where the folder is given on the command line.

    Raises
    ------
    RunDirectoryError
    """
    try:
        there = sorted(entry.name for entry in target.iterdir()) if target.exists() else []
    except OSError as error:
        raise RunDirectoryError(
            f"{target}: cannot be used as a folder ({error.strerror}). Choose another with "
            f"{option}."
        ) from error
    if not there or (overwrite and _is_export(target)):
        return
    advice = f"Choose a new or empty folder with {option}"
    if _is_export(target):
        advice += ", or replace the earlier export with --overwrite"
    raise RunDirectoryError(f"{target}: is not empty ({', '.join(there[:3])}, …). {advice}.")


def _is_export(target: Path) -> bool:
    index = target / INDEX
    return index.is_file() and index.read_text("utf-8", "replace").startswith(MARK)


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
