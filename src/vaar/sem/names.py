"""Names that a user gave: one or several, and what was meant by a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from vaar.errors import DataError

_LIKENESS = 0.6  # share of characters that two names have in common


def hint(name: str, known: Iterable[str]) -> str:
    """The names like a mistyped one, as a question; all of them where none is like it."""
    names = list(known)
    folded = {other.lower().replace(".", "_"): other for other in names}
    like = get_close_matches(name.lower().replace(".", "_"), folded, n=3, cutoff=_LIKENESS)
    if like:
        return f"did you mean {' or '.join(repr(folded[other]) for other in like)}?"
    return f"there are {', '.join(names)}"


def listed(name: str, given: object) -> tuple[str, ...]:
    """The entries of an argument that takes one name or several.

    Raises
    ------
    DataError
        It is neither.
    """
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise DataError(f"{name} got {given!r}; it takes one or more names in a list: give those")
    return tuple(given)
