"""Whether a value in a clause that answers nothing speaks against the value that was stated."""

from __future__ import annotations

import re

from vaar.coding.text import lexicon
from vaar.coding.text.evidence import Mention
from vaar.coding.text.forms import BESIDE, REVISION
from vaar.coding.text.numbers import Span

FEW_WORDS = 2
"""Words beside a label, or "one", at the end of a clause that may still be nothing but a value."""

_LINKED = re.compile(r"[-–:=→|&/(\[] (?:i )?\Z")
_OF_ONESELF = re.compile(r"\bi (?:[a-z]+ ){0,2}\Z")
_PRONOUN = re.compile(r"\b(?:no|this|that|every|any|some|each|the|good|which|another) \Z")


def contradicts(mention: Mention, value: float, numbered: bool, span: Span) -> bool:
    """Whether a mention speaks against a stated value.

    A number of the scale does wherever it stands. A label does where it is said of the speaker,
    changes the answer, stands beside it or nearly alone; elsewhere it is a word of the language,
    unless the answer is a label too. "One" does only where it cannot be a pronoun.

    Parameters
    ----------
    numbered : bool
        Whether the value was stated as a number.
    """
    token = mention.value
    if token.value == value and not token.unclear:
        return False
    if token.kind == "number" and token.text != "one":
        return token.unclear or span.holds(token.value)
    if token.kind == "number":
        own = not _PRONOUN.search(mention.before)
        return own and (_revises(mention) or _stands_alone(mention))
    if _revises(mention) or BESIDE.match(mention.clause):
        return True
    if not lexicon.OTHERS.isdisjoint(mention.clause.split()):
        return False
    return not numbered or _stands_alone(mention) or is_said_of_oneself(mention)


def is_said_of_oneself(mention: Mention) -> bool:
    """Whether a clause says its label of the speaker: "I … often …"."""
    words = [word for word in mention.before.split() if word.isalpha()]
    return lexicon.FILLER.issuperset(words) and not lexicon.FIRST_PERSON.isdisjoint(words)


def _revises(mention: Mention) -> bool:
    return REVISION.search(mention.clause) is not None


def _stands_alone(mention: Mention) -> bool:
    """Whether it ends its clause, behind a sign, "I", or few words."""
    if any(c.isalnum() for c in mention.after):
        return False
    if _LINKED.search(mention.before) or _OF_ONESELF.search(mention.before):
        return True
    return sum(word.isalpha() for word in mention.before.split()) <= FEW_WORDS
