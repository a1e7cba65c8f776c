"""PyYAML's complaints in the words of the person who wrote the file."""

from __future__ import annotations

import yaml

from vaar.errors import StudyError

DEEPEST = 20
ALIAS = "an alias (*name) is not allowed; write the value out"
TOO_DEEP = f"nested more than {DEEPEST} levels deep; study files need no more than 6"
END, COMMA = "end of stream", "expected ',' or"
SYNTAX_MESSAGES = {  # a piece of PyYAML's message: ours
    ALIAS: ALIAS,
    TOO_DEEP: TOO_DEEP,
    "'\\t'": "a tab stands where YAML allows spaces only; indent with spaces",
    "sequence entries are not allowed": (
        'a lone "-" begins a list in YAML; to write the sign, put it in quotes: "-"'
    ),
    "another document": 'a second document begins here ("---"); keep one per file',
    "mapping values are not allowed": (
        'a text that holds ": " must be in quotes, or stand below a ">-"; or the indentation is off'
    ),
    END: "a quote that opens here is never closed; close it",
    COMMA: "a bracket that opens here lacks a comma or its closing bracket; write it",
}


def syntax_error(error: yaml.YAMLError, text: str, file: str) -> StudyError:
    """Return the error that tells where the text stops being YAML, and what to do."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return StudyError("a control character that YAML forbids; take it out", file, line)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return StudyError(f"not YAML: {error}", file)
    mark = error.problem_mark
    opened_before = END in (error.problem or "") or COMMA in (error.problem or "")
    if opened_before and error.context_mark is not None:
        mark = error.context_mark
    line = mark.line + 1
    shown = "".join(text.splitlines()[mark.line : line]).strip()[:60]
    return StudyError(_message(error.problem or "", shown), file, line)


def _message(problem: str, shown: str) -> str:
    for sign, message in SYNTAX_MESSAGES.items():
        if sign in problem:
            return message
    return f"not YAML ({problem}): `{shown}`; check indentation, quotes and brackets"
