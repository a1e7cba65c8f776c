"""Names that a user mistyped: what was meant, most likely."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LIKENESS = 0.6  # share of characters that two names have in common


def hint(name: str, known: Iterable[str]) -> str:
    """The names like a mistyped one, as a question; all of them where none is like it."""
    names = list(known)
    folded = {other.lower().replace(".", "_"): other for other in names}
    like = get_close_matches(name.lower().replace(".", "_"), folded, n=3, cutoff=_LIKENESS)
    if like:
        return f"did you mean {' or '.join(repr(folded[other]) for other in like)}?"
    return f"there are {', '.join(names)}"
