"""A models file: a YAML list of the respondents of a run and how each is reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from vaar.errors import StudyError
from vaar.respondents.models_file.checks import problem_of
from vaar.respondents.models_file.entry import ModelEntry
from vaar.study.explain import explain
from vaar.study.schema.entry import Entry
from vaar.study.source.files import read_document
from vaar.study.source.issues import raise_together
from vaar.study.source.yaml_lines import Document


class ModelsFile(Entry):
    """The file: entries are validated one by one, so that each problem has its place."""

    models: list[dict[str, Any]] = Field(min_length=1)


def read_models_file(path: Path) -> list[ModelEntry]:
    """Read a models file.

    Raises
    ------
    StudyError
        With file, line, what was found, what is allowed and what to do; several problems are told
        together.
    """
    document = read_document(path)
    try:
        count = len(ModelsFile.model_validate(document.data).models)
    except ValidationError as error:
        raise_together(explain(error, document, ModelsFile))
        raise
    problems: list[StudyError] = []
    entries: list[ModelEntry] = []
    for part in (_part(document, position) for position in range(count)):
        try:
            entries.append(ModelEntry.model_validate(part.data))
        except ValidationError as error:
            problems += explain(error, part, ModelEntry)
    raise_together(problems or list(_wrong_as_wholes(entries, document)))
    return entries


def _part(document: Document, position: int) -> Document:
    """One entry as a document of its own, with its lines in the file."""
    root = ("models", position)
    lines = {place[2:]: n for place, n in document.lines.items() if place[:2] == root}
    written = {place[2:]: text for place, text in document.written.items() if place[:2] == root}
    return Document(document.file, document.data["models"][position], lines, written)


def _wrong_as_wholes(entries: list[ModelEntry], document: Document) -> Iterator[StudyError]:
    names = [entry.name for entry in entries]
    for position, entry in enumerate(entries):
        if problem := problem_of(entry, names[:position]):
            yield document.problem(problem, "models", position, "name")
