"""From cleaned text to the tokens that may hold an answer."""

from __future__ import annotations

from vaar.coding.text.echoes import without_echoes
from vaar.coding.text.forms import DOUBT, PLAIN_ANSWER, REVISION
from vaar.coding.text.labels import Labels, with_labels
from vaar.coding.text.places import without_places
from vaar.coding.text.sentences import sentences
from vaar.coding.text.tokens import Token, lex, with_unclear_signs


def tokens_of(plain: str, labels: Labels) -> list[Token]:
    """Tokens of a cleaned text, without echoes of the scale and without numbers of places."""
    span = labels.span
    tokens = with_unclear_signs(with_labels(lex(plain, span), labels), span)
    return without_places(without_echoes(tokens, span))


def begins_with_answer(tokens: list[Token]) -> bool:
    """Whether a text that breaks off gave its answer first, and alone, and does not doubt it.

    The answer must be the whole of a first sentence that has ended; a number before a full stop
    that is the last sign may be the beginning of a decimal.
    """
    said = sentences(tokens)
    if not said or said[0].aside:
        return False
    if said[0].end not in ("\n", ".", "!") and not said[0].text.endswith(") "):
        return False
    if said[0].end == "." and tokens[-1].text == "." and len(said) == 1:
        return False
    answer = PLAIN_ANSWER.match(said[0].text)
    if answer is None or answer.end() != len(said[0].text):
        return False
    return not any(REVISION.search(one.text) or DOUBT.match(one.text) for one in said[1:])
