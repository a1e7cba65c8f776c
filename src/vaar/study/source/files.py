"""A file from the disk: bounded, UTF-8, and inside the directory it belongs to."""

from __future__ import annotations

from pathlib import Path

from vaar.errors import StudyError
from vaar.files.plain import read_plain
from vaar.study.source.yaml_lines import Document, read_yaml

LARGEST_FILE = 250_000  # bytes, some seconds of YAML; the bundled study has 16,000 in one file


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Raises
    ------
    StudyError
        It cannot be opened, is too large, is not UTF-8, or is not plain YAML.
    """
    return read_yaml(read_text(path), str(path))


def read_text(path: Path, most: int = LARGEST_FILE) -> str:
    """Read a file of text, of so many bytes at most.

    Raises
    ------
    StudyError
        It cannot be opened, is too large, or is not UTF-8.
    """
    try:
        raw = read_plain(path, most)
    except OSError as error:
        message = f"cannot be read ({error.strerror}); check the path and its permissions"
        raise StudyError(message, str(path)) from None
    except ValueError as error:
        message = (
            f"cannot be read ({error}); give a shorter one" if path.is_file() else "is no file"
        )
        raise StudyError(message, str(path)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise StudyError("is not UTF-8 text; save it as UTF-8", str(path), line) from None


def is_file_below(path: Path, directory: Path) -> bool:
    """Tell whether a path, with links followed, is a file in a directory or below it."""
    try:
        return path.is_file() and path.resolve().is_relative_to(directory.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
