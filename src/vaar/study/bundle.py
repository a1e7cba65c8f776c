"""The studies that come with vaar."""

from __future__ import annotations

from pathlib import Path

from vaar.errors import StudyError

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

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    StudyError
        The directory is not empty, or cannot be written.
    """
    try:
        if directory.exists() and any(directory.iterdir()):
            raise StudyError(
                f"{directory} is not empty: a study is copied to a new or empty directory only, "
                "so that nothing is overwritten; give another one"
            )
        directory.mkdir(parents=True, exist_ok=True)
        return _copied([*SCHEMAS, *_files(name)], directory)
    except OSError as error:
        raise StudyError(
            f"{directory} cannot be written ({error.strerror}); give a directory that can"
        ) from None


def _files(name: str) -> list[Path]:
    return sorted(p for p in bundled_directory(name).iterdir() if p.suffix in (".yaml", ".csv"))


def _copied(files: list[Path], directory: Path) -> list[Path]:
    """Copies of all files, or of none, so that another try finds the directory empty."""
    written: list[Path] = []
    try:
        for path in files:
            written.append(directory / path.name)
            _copy(path, written[-1])
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _copy(path: Path, target: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        schema = STUDY_SCHEMA if path.name == "study.yaml" else INSTRUMENT_SCHEMA
        text = f"# yaml-language-server: $schema={schema.name}\n{text}"
    target.write_text(text, encoding="utf-8")
