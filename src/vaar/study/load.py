"""Study files to records: read, validate, check against one another, freeze."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from vaar.errors import StudyError
from vaar.study.bundle import bundled_directory, bundled_instruments, bundled_studies
from vaar.study.checking.checks import check_study
from vaar.study.dump import dump_study
from vaar.study.explain import explain
from vaar.study.freeze import freeze_study
from vaar.study.items_table import read_items
from vaar.study.model import Persona, Study
from vaar.study.personas import is_table, parse_personas, read_personas
from vaar.study.schema.entry import Entry
from vaar.study.schema.instrument_file import ColumnsEntry, InstrumentFile
from vaar.study.schema.study_file import StudyFile
from vaar.study.source.files import LARGEST_FILE, is_file_below, read_document
from vaar.study.source.issues import raise_together, suggestion
from vaar.study.source.located import LocatedInstrument
from vaar.study.source.yaml_lines import Document

FileModel = TypeVar("FileModel", bound=Entry)

OF_THE_LIBRARY = "vaar:"
"""Stands before the name of an instrument that comes with the package."""


def load_study(
    source: str | Path,
    *,
    asked: bool = False,
    data: str | Path | None = None,
    draw: int | None = None,
) -> Study:
    """Load a study.

    Parameters
    ----------
    source : str or Path
        The name of a bundled study (``'privacy_prosocial'``), the path of a study file, or a
        directory that holds a ``study.yaml``.
    asked : bool
        Whether it has been asked already, as the study of a run directory: then its structural
        model need not be one that can be fitted.
    data : str or Path, optional
        A CSV file of items in place of those that the study's instruments name.
    draw : int, optional
        How many of its items are drawn by chance; default: all. The same ones each time.

    Raises
    ------
    StudyError
        With file, line, what was found, what is allowed and what to do; several problems are told
        together.
    """
    path = _study_path(source)
    document = read_document(path)
    study = _validate(document, StudyFile)
    instruments = _instruments(study, document, path.parent, data, draw)
    personas = _personas(study.variation.personas, document, path.parent)
    raise_together(check_study(study, document, instruments, personas, asked=asked))
    frozen = freeze_study(study, [located.entry for located in instruments], personas)
    if any(located.items for located in instruments):
        _require_one_file(frozen, document)
    return frozen


def _require_one_file(study: Study, document: Document) -> None:
    """Refuse a study that a run could not keep in its one study file."""
    if (size := len(dump_study(study).encode())) > LARGEST_FILE:
        raise document.problem(
            f"the study with all its items has {size:,} bytes, and a run keeps {LARGEST_FILE:,} at "
            "most in one file; give it fewer items, and the others to another study",
            "instruments",
        )


def _study_path(source: str | Path) -> Path:
    names = bundled_studies()
    if source in names:
        return bundled_directory(str(source)) / "study.yaml"
    path = Path(source)
    if path.is_dir():
        path = path / "study.yaml"
    if path.is_file():
        return path
    raise StudyError(
        f'no study "{source}"{suggestion(str(source), names)}: there is no file {path}. Give the '
        f"name of a bundled study ({', '.join(names)}), a study file, or a directory that holds "
        "a study.yaml"
    )


def _validate(document: Document, model: type[FileModel]) -> FileModel:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise_together(explain(error, document, model))
        raise


def _instruments(
    study: StudyFile, document: Document, directory: Path, data: str | Path | None, draw: int | None
) -> list[LocatedInstrument]:
    """Return the instruments in order, those in files beside the study file included."""
    found: list[LocatedInstrument] = []
    problems: list[StudyError] = []
    for i, reference in enumerate(study.instruments):
        if isinstance(reference, InstrumentFile):
            found.append(LocatedInstrument(reference, document, ("instruments", i)))
            continue
        path = _path_of(reference, directory)
        if path is None:
            problems.append(
                document.problem(_no_instrument(reference, directory), "instruments", i)
            )
        else:
            try:
                found.append(_instrument_file(path))
            except StudyError as error:
                problems.append(error)
    raise_together(problems)
    if data is not None:
        _check_data(study.study, found, Path(data))
    elif draw is not None:
        raise StudyError("items are drawn of a table that --data names; give one, or leave --draw")
    return [_with_items(located, directory, data, draw) for located in found]


def _check_data(name: str, instruments: Sequence[LocatedInstrument], data: Path) -> None:
    if not any(isinstance(located.entry.items, str) for located in instruments):
        raise StudyError(
            f"the study {name} takes no items from a table, so {data} has no place in it; leave it "
            "out, or give another study"
        )
    if not data.is_file():
        raise StudyError(f"there is no file {data}; give a CSV file of items")


def _with_items(
    located: LocatedInstrument, directory: Path, data: str | Path | None, draw: int | None
) -> LocatedInstrument:
    """The instrument with its items, where they stand in a file of their own."""
    entry = located.entry
    if not isinstance(entry.items, str):
        if entry.columns is not None:
            raise located.problem(
                '"columns" says what the columns of a CSV file of items hold, and the items stand '
                "in place; leave it out",
                "columns",
            )
        return located
    path = directory / entry.items if data is None else Path(data)
    if data is None and not is_file_below(path, directory):
        raise located.problem(
            f'no file "{entry.items}" in the directory of the study file or below it; put it there',
            "items",
        )
    items, document = read_items(path, entry.columns or ColumnsEntry(), entry.instrument, draw)
    whole = entry.model_copy(update={"items": items, "columns": None})
    return replace(located, entry=whole, items=document)


def _personas(written: str | None, document: Document, directory: Path) -> tuple[Persona, ...]:
    place = ("variation", "personas")
    if written is None:
        return ()
    if is_table(written):
        first = document.text_lines.get(place, document.lines[place])
        return parse_personas(written, document.file, first - 1)
    if is_file_below(directory / written, directory):
        return read_personas(directory / written)
    problem = f'no file "{written}" in the directory of the study file or below it; put it there'
    raise document.problem(problem, *place)


def _path_of(reference: str, directory: Path) -> Path | None:
    """The file of an instrument; None where there is none, or it is not where it may be."""
    if reference.startswith(OF_THE_LIBRARY):
        return bundled_instruments().get(reference.removeprefix(OF_THE_LIBRARY))
    path = directory / reference
    return path if is_file_below(path, directory) else None


def _instrument_file(path: Path) -> LocatedInstrument:
    document = read_document(path)
    return LocatedInstrument(_validate(document, InstrumentFile), document)


def _no_instrument(reference: str, directory: Path) -> str:
    if reference.startswith(OF_THE_LIBRARY):
        known = [f"{OF_THE_LIBRARY}{name}" for name in bundled_instruments()]
        return (
            f'no instrument "{reference}" comes with vaar{suggestion(reference, known)}; there are '
            f"{', '.join(known)}"
        )
    files = sorted(path.name for path in directory.glob("*.yaml") if path.name != "study.yaml")
    return (
        f'no instrument file "{reference}"{suggestion(reference, files)} in the directory of the '
        f"study file or below it; put it there, or name one that is: {', '.join(files) or 'none'}"
    )
