"""Everything wrong with a study's files, told together."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from vaar.errors import StudyError

MOST_SHOWN = 10
MOST_LISTED = 12


def raise_together(problems: Sequence[StudyError]) -> None:
    """Raise one `StudyError` that tells the first ten problems, a line each; none: return."""
    if not problems:
        return
    lines = [line for problem in problems for line in str(problem).splitlines()]
    if len(lines) > MOST_SHOWN:
        lines[MOST_SHOWN:] = [f"… and {len(lines) - MOST_SHOWN} more"]
    together = StudyError("\n".join(lines))
    together.file, together.line = problems[0].file, problems[0].line
    raise together


def suggestion(name: str, known: Sequence[str]) -> str:
    """Return `` (did you mean "…"?)`` where a known name is near, else an empty text."""
    near = get_close_matches(name, known, n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def repeated(names: Sequence[str]) -> list[int]:
    """Return the positions of names that stand further ahead already."""
    first: dict[str, int] = {}
    return [i for i, name in enumerate(names) if first.setdefault(name, i) != i]


def listed(names: Sequence[str]) -> str:
    """Return the first names in one line, and how many there are where there are more."""
    shown = ", ".join(names[:MOST_LISTED])
    return f"{shown}, … ({len(names)})" if len(names) > MOST_LISTED else shown or "none"
