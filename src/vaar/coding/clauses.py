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
        return (
            bool(self.mentions)
            and not self.asked
            and self.words <= lexicon.FILLER
            and not self._is_ground
            and not self._alters_number
            and self._has_subject
            and not self._has_infinitive
        )

    @property
    def _is_ground(self) -> bool:
        return self.tokens[0].text in lexicon.SUBORDINATORS

    @property
    def _alters_number(self) -> bool:
        """Whether a sign stands in it, as in "4 %", or "one" may be a pronoun."""
        if any(t.kind == "mark" and t.text in _CHANGES_A_NUMBER for t in self.tokens):
            return True
        pronoun = any(mention.text == "one" for mention in self.mentions)
        return pronoun and not self.words <= lexicon.BESIDE_ONE

    @property
    def _has_subject(self) -> bool:
        """Whether its verb, if it has one, has a subject that can state an answer."""
        if not self.words.isdisjoint(lexicon.PERSONAL):
            return not self.words.isdisjoint(lexicon.FIRST_PERSON)
        return self.words.isdisjoint(lexicon.AUXILIARY) or not self.words.isdisjoint(
            lexicon.SUBJECTS
        )

    @property
    def _has_infinitive(self) -> bool:
        """Whether "to" follows a label: "I agree to answer" answers nothing."""
        following = zip(self.tokens, self.tokens[1:], strict=False)
        return any(token.kind == "label" and after.text == "to" for token, after in following)

    @cached_property
    def is_qualification(self) -> bool:
        """Whether it only says to what degree: "but only somewhat", "with reservations"."""
        hedges = lexicon.DEGREE | lexicon.CONDITION
        known = hedges | lexicon.FILLER | lexicon.RESERVATION
        return not self.mentions and not self.words.isdisjoint(hedges) and self.words <= known

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
    text = token.text
    if text == "," or text in lexicon.COORDINATORS or text in lexicon.SUBORDINATORS:
        return token.kind != "label"
    if text in lexicon.FIRST_PERSON:
        return _starts_statement(text, following) and not _is_embedding(clause)
    if text == "-" and token.glued and following is not None and following.glued:
        return following.kind != "word" and _is_answer(clause)
    if text not in _PAUSES and text not in lexicon.ADDITIONS:
        return False
    return _is_answer(clause) and (
        text in _PAUSES
        or text in lexicon.AFTER_LABEL
        or any(before.kind == "number" for before in clause)
    )


def _starts_statement(text: str, following: Token | None) -> bool:
    """Whether "I'd", "I would", "my answer" begins here."""
    after = following.text if following else ""
    if text == "my":
        return after in lexicon.NAMING or after in lexicon.OWN
    return text in ("i'd", "i'll") or (text == "i" and after in lexicon.STATING)


def _is_embedding(clause: list[Token]) -> bool:
    """Whether what stands before takes it back: "I don't think I'd …", "people say I'd …"."""
    if clause[0].text in lexicon.SUBORDINATORS:
        return True
    return any(
        token.text in lexicon.OTHERS or token.text in lexicon.NEGATION
        for token in clause[-LONGEST_CLAUSE:]
    )


def _is_answer(tokens: list[Token]) -> bool:
    return len(tokens) <= LONGEST_CLAUSE and Clause(tuple(tokens)).is_answer
