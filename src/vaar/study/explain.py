"""Pydantic's findings in the words of the person who wrote the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from vaar.errors import StudyError
from vaar.study.schema.entry import Entry
from vaar.study.source.issues import suggestion
from vaar.study.source.yaml_lines import Document, Place

WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": 'a list, one "- …" line an entry',
    "model_type": 'lines of the form "key: value"',
    "string_too_short": "some text",
    "finite_number": "a finite number",
}
PATTERNS = {"path": '"outcome ~ predictor", both names in the model'}
MOST_EXPLAINED = 200
"""Findings of a file; to look for what was meant by each of ten thousand would take minutes."""

_TAGS = ("file", "inline", "list")
CODE_PATTERN = "a letter, then letters, digits or underscores"


def explain(error: ValidationError, document: Document, root: type[Entry]) -> list[StudyError]:
    """Return one problem for each finding, in the order of the file's lines.

    Parameters
    ----------
    error : ValidationError
        Raised while `document.data` was validated as `root`.
    """
    found = error.errors()
    problems = [_problem(finding, document, root) for finding in found[:MOST_EXPLAINED]]
    more = found[MOST_EXPLAINED:]
    problems += [document.problem(finding["msg"], *_place(finding["loc"])) for finding in more]
    return sorted(problems, key=lambda problem: problem.line or 0)


def _problem(finding: ErrorDetails, document: Document, root: type[Entry]) -> StudyError:
    place = _place(finding["loc"])
    return document.problem(_message(finding, place, document, root), *place)


def _place(loc: Place) -> Place:
    """Drop the tags that pydantic puts behind an instrument's position and behind ``items``."""
    kept: list[str | int] = []
    for position, part in enumerate(loc):
        before = loc[position - 1] if position else ""
        of_instrument = isinstance(before, int) and loc[position - 2 : position - 1] == (
            "instruments",
        )
        if part in _TAGS and (of_instrument or before == "items"):
            continue
        kept.append(part)
    return tuple(kept)


def _message(finding: ErrorDetails, place: Place, document: Document, root: type[Entry]) -> str:
    kind, context = finding["type"], finding.get("ctx", {})
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
    name = _name(place, key)
    if kind == "missing":
        return f'"{key}" is missing{_inside(place)}; add a line "{key}: …"'
    if kind == "extra_forbidden":
        return _unknown_key(key, place, root)
    if kind == "value_error":
        return f"{name} {context['error']}"
    if kind == "too_short":
        return f"{name} is too short: at least {context['min_length']} are needed; add to it"
    found = _found(finding["input"], document.written.get(place))
    if kind == "string_type" and document.written.get(place):
        return (
            f"{name} is {found}, which YAML does not read as text; put it in quotes: "
            f'"{document.written[place]}"'
        )
    return f"{name} is {found}; allowed is {_allowed(finding, key, context)}"


def _name(place: Place, key: str) -> str:
    if not key:
        return "the file"
    return f'an entry of "{key}"' if isinstance(place[-1], int) else f'"{key}"'


def _allowed(finding: ErrorDetails, key: str, context: dict[str, Any]) -> str:
    kind = finding["type"]
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(key, CODE_PATTERN)
    if kind == "literal_error":
        return str(context["expected"]).replace("'", '"')
    return WANTED.get(kind) or finding["msg"].replace("Input should be", "a value")


def _unknown_key(key: str, place: Place, root: type[Entry]) -> str:
    entry = _entry_at(place[:-1], root)
    allowed = [field.alias or name for name, field in entry.model_fields.items()]
    return (
        f'unknown key "{key}"{suggestion(key, allowed)}{_inside(place)}; '
        f"allowed are {', '.join(allowed)}"
    )


def _entry_at(place: Place, root: type[Entry]) -> type[Entry]:
    """Return the model of the mapping at a place of a file."""
    entry = root
    for key in place:
        if isinstance(key, str):
            entry = next(_entries(entry.model_fields[key].annotation))
    return entry


def _entries(annotation: Any) -> Iterator[type[Entry]]:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        yield annotation
    for inner in get_args(annotation):
        yield from _entries(inner)


def _inside(place: Place) -> str:
    parents = [part for part in place[:-1] if isinstance(part, str)]
    return f' in "{parents[-1]}"' if parents else ""


def _found(value: Any, written: str | None) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = written if written is not None else str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'
