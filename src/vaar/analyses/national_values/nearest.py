"""Which of two statements an answer in words is nearer to, by a rule of its characters.

The rule knows no language. Texts are cut into runs of three characters, and of two where they are
written without blanks; runs that both statements share tell nothing and are left out. An answer's
nearness to a statement is the share of that statement's own runs that it has. It reads no sense:
a sample of its decisions should be read, and ``vaar transcripts`` shows the answers.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Side = Literal["statement", "reverse", "undecided"]

_WORDLESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_BREAK = re.compile(r"[\W_]+")


def nearest(answer: str, statement: str, reverse: str, margin: float) -> Side:
    """The side that an answer takes.

    Parameters
    ----------
    margin : float
        By how much its nearness to one must exceed that to the other; else it is undecided.
    """
    own, opposite = runs(statement), runs(reverse)
    said = runs(answer)
    difference = _share(said, own - opposite) - _share(said, opposite - own)
    if abs(difference) <= margin:
        return "undecided"
    return "statement" if difference > 0 else "reverse"


def runs(text: str) -> frozenset[str]:
    """The runs of characters of a text, without case, marks and punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    length = 2 if _WORDLESS.search(plain) else 3
    padded = " " + _BREAK.sub(" ", plain).strip() + " "
    return frozenset(padded[k : k + length] for k in range(len(padded) - length + 1))


def _share(said: frozenset[str], own: frozenset[str]) -> float:
    return len(said & own) / len(own) if own else 0.0
