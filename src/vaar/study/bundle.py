"""The studies that come with vaar."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaar.errors import StudyError
from vaar.files.plain import read_plain
from vaar.files.write import is_part, write_bytes

LIBRARY = Path(__file__).parent / "library"
STUDY_SCHEMA = Path(__file__).parent / "study.schema.json"
INSTRUMENT_SCHEMA = Path(__file__).parent / "instrument.schema.json"
SCHEMAS = (STUDY_SCHEMA, INSTRUMENT_SCHEMA)


def bundled_studies() -> list[str]:
    """Return the names of the bundled studies."""
    return sorted(path.parent.name for path in LIBRARY.glob("*/study.yaml"))


def bundled_directory(name: str) -> Path:
    """Return the directory of a bundled study."""
    return LIBRARY / name


def bundled_instruments() -> dict[str, Path]:
    """Return the files of the bundled instruments, by the name of the file without its end."""
    files = sorted(LIBRARY.glob("*/*.yaml"))
    return {path.stem: path for path in files if path.name != "study.yaml"}


def copy_bundle(name: str, directory: Path) -> list[Path]:
    """Copy a bundled study and the JSON schemas of its files into a new or empty directory.

    A copy that was cut short is finished.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    StudyError
        The directory is not empty, or cannot be written.
    """
    contents = {path.name: _content(path) for path in [*SCHEMAS, *_files(name)]}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        missing = _missing(contents, directory)
        if not missing:
            raise StudyError(_not_empty(directory))
        _write(missing, directory)
        return [directory / name for name in contents]
    except OSError as error:
        raise StudyError(
            f"{directory} cannot be written ({error.strerror}); give a directory that can"
        ) from None


def _files(name: str) -> list[Path]:
    return sorted(p for p in bundled_directory(name).iterdir() if p.suffix in (".yaml", ".csv"))


def _missing(contents: Mapping[str, bytes], directory: Path) -> dict[str, bytes]:
    """What is still to be written where nothing but a copy that was cut short is found."""
    there = [path for path in directory.iterdir() if not is_part(path)]
    for path in there:
        if path.name not in contents or not _holds(path, contents[path.name]):
            raise StudyError(_not_empty(directory))
    names = {path.name for path in there}
    return {name: content for name, content in contents.items() if name not in names}


def _holds(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and read_plain(path, len(content)) == content
    except ValueError:
        return False


def _not_empty(directory: Path) -> str:
    return (
        f"{directory} is not empty: a study is copied to a new or empty directory only, so that "
        "nothing is overwritten; give another one"
    )


def _write(contents: Mapping[str, bytes], directory: Path) -> None:
    """Write all files, or none, so that another try finds the directory as it was."""
    written: list[Path] = []
    try:
        for name, content in contents.items():
            written.append(directory / name)
            write_bytes(written[-1], content)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _content(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        schema = STUDY_SCHEMA if path.name == "study.yaml" else INSTRUMENT_SCHEMA
        text = f"# yaml-language-server: $schema={schema.name}\n{text}"
    return text.encode()
