"""How probable a few answers are, from what llama.cpp lists of a model's next token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from math import exp, isfinite

from vaar.respondents.wire.payloads import mapping, objects

Listing = Mapping[str, float]
"""Probability of what may come next, by its text."""

Next = Callable[[str, Set[str]], Listing]
"""What may come after the beginning of a reply, with every one of some texts among it if it can."""

Spelling = tuple[str, ...]

_NEGLIGIBLE = 1e-5  # spellings that begin less likely than this are not followed further


def listing(payload: object, at_start: bool) -> dict[str, float]:
    """The probabilities of the first token of a reply, as far as they are listed.

    Parameters
    ----------
    payload : object
        A chat completion with logprobs.
    at_start : bool
        Whether nothing stands before it in the reply, so that blanks around it mean nothing.
    """
    for choice in objects(payload, "choices"):
        for token in objects(mapping(choice, "logprobs"), "content"):
            return _summed(token, at_start)
    return {}


def _summed(token: Mapping[str, object], at_start: bool) -> dict[str, float]:
    found: dict[str, float] = {}
    for other in objects(token, "top_logprobs"):
        text, logprob = other.get("token"), other.get("logprob")
        if isinstance(text, str) and isinstance(logprob, int | float):
            said = text.strip() if at_start else text
            share = exp(min(logprob, 0.0)) if isfinite(logprob) else 0.0
            found[said] = found.get(said, 0.0) + share
    return found


def spellings(choice: str, vocabulary: Collection[str]) -> frozenset[Spelling]:
    """How a tokenizer spells an answer: in a single token if it has one, else sign by sign.

    Parameters
    ----------
    vocabulary : collection of str
        The texts of all its tokens, without blanks around them.

    Returns
    -------
    frozenset of tuple of str
        Empty where it cannot spell it.
    """
    if choice in vocabulary:
        return frozenset({(choice,)})
    signs = tuple(choice)
    return (
        frozenset({signs}) if signs and all(sign in vocabulary for sign in signs) else frozenset()
    )


class Ahead:
    """The probability that a reply begins in some way.

    Parameters
    ----------
    first : mapping of str to float
        Of its first token.
    after : callable
        Lists what comes after a beginning.
    followed : collection of tuple of str
        All spellings that will be asked about.
    """

    def __init__(self, first: Listing, after: Next, followed: Collection[Spelling]) -> None:
        self._after = after
        self._followed = followed
        self._known: dict[Spelling, Listing] = {(): first}

    def probability(self, spelling: Spelling) -> float:
        """That the reply begins with these tokens."""
        if not spelling:
            return 1.0
        begun, last = spelling[:-1], spelling[-1]
        begins = self.probability(begun)
        if begins <= _NEGLIGIBLE:
            return 0.0
        if begun not in self._known:
            self._known[begun] = self._after("".join(begun), self._wanted(begun))
        return begins * self._known[begun].get(last, 0.0)

    def _wanted(self, begun: Spelling) -> set[str]:
        place = len(begun)
        return {s[place] for s in self._followed if s[:place] == begun and len(s) > place}
