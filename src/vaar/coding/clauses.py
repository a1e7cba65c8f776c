"""Split a reply into clauses, and tell what each says about the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from vaar.coding import lexicon
from vaar.coding.tokens import Token

LONGEST_CLAUSE = 40
"""Tokens; what is longer is no answer. It bounds the work on hostile text."""

_SENTENCE_ENDS = frozenset("\n.!?;")
_PAUSES = frozenset(":=–-()[]{}|/→")
_CHANGES_A_NUMBER = frozenset("%‰°&@#+<>≤≥~≈≠^×÷±$€£¥¢₹")


@dataclass(frozen=True)
class Clause:
    """A stretch of a reply that says one thing at most.

    Attributes
    ----------
    tokens : tuple of Token
    asked : bool
        Whether its sentence ends in a question mark.
    """

    tokens: tuple[Token, ...]
    asked: bool = False

    @cached_property
    def mentions(self) -> tuple[Token, ...]:
        """Its numbers and labels."""
        return tuple(token for token in self.tokens if token.kind in ("number", "label"))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(token.text for token in self.tokens if token.kind == "word")

    @cached_property
    def is_negated(self) -> bool:
        return not self.words.isdisjoint(lexicon.NEGATION)

    @cached_property
    def is_answer(self) -> bool:
        """Whether it holds a number or label, and else only words that leave that as it is."""
        if not self.mentions or self.asked or not self.words <= lexicon.FILLER:
            return False
        if any(t.kind == "mark" and t.text in _CHANGES_A_NUMBER for t in self.tokens):
            return False
        if any(t.text == "one" for t in self.mentions) and not self.words <= lexicon.BESIDE_ONE:
            return False
        return self.words.isdisjoint(lexicon.PERSONAL) or not self.words.isdisjoint(
            lexicon.FIRST_PERSON
        )

    @cached_property
    def predicated(self) -> Token | None:
        """The label that the clause says of its speaker: "I … often …"."""
        spoken = False
        for token in self.tokens:
            if token.kind == "label":
                return token if spoken else None
            if token.kind == "number" or (
                token.kind == "word" and token.text not in lexicon.FILLER
            ):
                return None
            spoken = spoken or token.text in lexicon.FIRST_PERSON
        return None


def sentences(tokens: list[Token]) -> list[list[Clause]]:
    """The clauses of each sentence that has any."""
    split = [list(_clauses(words, asked)) for words, asked in _sentences(_without_places(tokens))]
    return [clauses for clauses in split if clauses]


def _without_places(tokens: list[Token]) -> list[Token]:
    """Make the number of "Question 7" a word, for it answers nothing."""
    read = list(tokens)
    for position, token in enumerate(tokens[:-1]):
        if token.text not in lexicon.PLACES:
            continue
        starts = position == 0 or tokens[position - 1].text in _SENTENCE_ENDS
        after = position + 1
        if starts and tokens[after].text == ":" and after + 1 < len(tokens):
            after += 1
        if tokens[after].kind == "number":
            read[after] = Token("word", f"place {tokens[after].text}")
    return read


def _sentences(tokens: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    sentence: list[Token] = []
    for token in tokens:
        if token.kind == "mark" and (token.text in _SENTENCE_ENDS or token.text.startswith("..")):
            yield sentence, token.text == "?"
            sentence = []
        else:
            sentence.append(token)
    yield sentence, False


def _clauses(sentence: list[Token], asked: bool) -> Iterator[Clause]:
    clause: list[Token] = []
    for token, following in zip_longest(sentence, sentence[1:]):
        if clause and _starts_clause(token, following, clause):
            yield Clause(tuple(clause), asked)
            clause = []
        clause.append(token)
    if clause:
        yield Clause(tuple(clause), asked)


def _starts_clause(token: Token, following: Token | None, clause: list[Token]) -> bool:
    if token.text == ",":
        return True
    if token.kind == "word" and token.text in lexicon.CLAUSE_STARTS:
        return all(before.text not in lexicon.OTHERS for before in clause[-LONGEST_CLAUSE:])
    if token.text == "-" and token.glued and following is not None and following.glued:
        return following.kind != "word" and _is_answer(clause)
    if token.text in _PAUSES or token.text in lexicon.ADDITIONS:
        return _is_answer(clause)
    return False


def _is_answer(tokens: list[Token]) -> bool:
    return len(tokens) <= LONGEST_CLAUSE and Clause(tuple(tokens)).is_answer
