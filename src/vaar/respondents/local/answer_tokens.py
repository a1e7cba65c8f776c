"""The tokens that spell an answer, and the probability that an answer is what comes next."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from vaar.respondents.wire.answer_probabilities import Told

Spelling = tuple[int, ...]
Token = TypeVar("Token", int, str)

LEAST_SHARE = 0.01
"""Where all answers together are less likely than this, their shares say nothing."""


class Spellings:
    """How a tokenizer spells short answers.

    An answer is spelled by every single token that reads as it once blanks around it are gone,
    and as the tokenizer spells it at the beginning of a text and after a blank.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[tuple[bool, tuple[str, ...]], list[frozenset[Spelling]]] = {}

    def of(self, choices: tuple[str, ...], exact: bool = False) -> list[frozenset[Spelling]]:
        """The spellings of each choice.

        Parameters
        ----------
        exact : bool
            Without those of several tokens that begin with a blank: what a grammar that allows
            nothing but the choices lets a model write.
        """
        if (exact, choices) not in self._known:
            self._known[exact, choices] = [self._spell(choice, exact) for choice in choices]
        return self._known[exact, choices]

    def _spell(self, choice: str, exact: bool) -> frozenset[Spelling]:
        whole = [
            tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])
            for text in ((choice,) if exact else (choice, f" {choice}"))
        ]
        read = {ids for ids in whole if self._tokenizer.decode(ids).strip() == choice}
        return frozenset(read | {(token,) for token in self._tokens.get(choice, ())})

    @cached_property
    def _tokens(self) -> dict[str, list[int]]:
        """Tokens by what they read as."""
        size = len(self._tokenizer)
        texts = self._tokenizer.batch_decode([[token] for token in range(size)])
        tokens: dict[str, list[int]] = {}
        for token, text in enumerate(texts):
            tokens.setdefault(text.strip(), []).append(token)
        return tokens


def shares(
    spellings: Sequence[frozenset[tuple[Token, ...]]],
    probability: Callable[[tuple[Token, ...]], float],
    least: float | None = None,
) -> Told | None:
    """How probable each choice is as the beginning of a reply.

    Parameters
    ----------
    spellings : sequence of frozenset of tuple
        Of each choice: its tokens' numbers, or their texts.
    probability : callable
        That the reply begins with these tokens.
    least : float
        Probability that all must have together; by default ``LEAST_SHARE``.

    Returns
    -------
    Told or None
        None where a choice cannot be spelled, or all are together less likely than ``least``, or
        impossible.
    """
    spelled = {ids for own in spellings for ids in own}
    likely = {ids: probability(ids) for ids in spelled}
    alone = dict(likely)
    for ids in spelled:  # a 1 that goes on to 10 is no 1
        shorter = [ids[:n] for n in range(1, len(ids)) if ids[:n] in spelled]
        if shorter:
            alone[shorter[-1]] -= likely[ids]
    masses = [math.fsum(max(0.0, alone[ids]) for ids in own) for own in spellings]
    total = math.fsum(masses)
    if not total or total < (LEAST_SHARE if least is None else least) or not all(spellings):
        return None
    return Told(tuple(mass / total for mass in masses), min(total, 1.0))
