"""Split a reply into sentences, and sentences into clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vaar.coding.text import lexicon
from vaar.coding.text.tokens import Token

_ENDS = frozenset("\n.!?;")
_SIGNS = re.compile("[#@§¤ ]")

_CLAUSE_ENDS = re.compile(
    r", | (?=(?:but|however|so|therefore|hence|thus|because|since|although|though|while|whereas|if"
    r"|whether|unless) )"
)
_STATEMENT = re.compile(
    r" (?=(?:i (?:would|will|say|choose|pick|select|rate|give|go|put|mark)"
    r"|my (?:(?:own|personal|final|overall|honest) )?(?:answer|rating|response|score|choice)) )"
)
_HEADING = re.compile(
    r"(?:(?:my|step by step|step-by-step) )?(?:reasoning|rationale|thoughts?|thinking|thinking"
    r" process|thought process|analysis|explanation|reasons?|justification|chain of thought"
    r"|considerations?|scratchpad|draft|comments?|why|reasoning process) : "
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply.

    Attributes
    ----------
    text : str
        Its words and signs, each followed by a space; for the signs of its values see
        :mod:`vaar.coding.text.forms`.
    values : tuple of Token
        The numbers and labels that stand in it, in order.
    end : str
        The sign at its end; empty where the reply ends without one.
    aside : bool
        Whether it stands under a heading such as "Reasoning:".
    """

    text: str
    values: tuple[Token, ...]
    end: str
    aside: bool = False


def sentences(tokens: list[Token]) -> list[Sentence]:
    """The sentences of a reply that have any words."""
    return [sentence for sentence in _under_headings(_sentences(tokens)) if sentence.text]


def _sentences(tokens: list[Token]) -> Iterator[Sentence]:
    own: list[Token] = []
    for position, token in enumerate(tokens):
        if token.kind == "mark" and (token.text in _ENDS or token.text.startswith("..")):
            yield _sentence(own, token.text)
            own = []
        else:
            following = tokens[position + 1] if position + 1 < len(tokens) else None
            own.append(_joining(token, following) if token.kind == "mark" else token)
    yield _sentence(own, "")


def _joining(mark: Token, following: Token | None) -> Token:
    """A dash or slash between letters, as in "4-year", separates nothing."""
    joins = mark.text in "-/" and mark.glued and following is not None and following.glued
    return Token("mark", "¬") if joins and following and following.kind == "word" else mark


def _sentence(tokens: list[Token], end: str) -> Sentence:
    values = tuple(token for token in tokens if token.kind in ("number", "label"))
    return Sentence("".join(f"{_sign(token)} " for token in tokens), values, end)


def _sign(token: Token) -> str:
    if token.kind == "label":
        return "@"
    if token.kind != "number":
        return _SIGNS.sub("×", token.text)
    if token.unclear:
        return "¤"
    return "§" if token.text == "one" else "#"


def _under_headings(found: Iterator[Sentence]) -> Iterator[Sentence]:
    """Mark what stands under "Reasoning:", up to a line that begins with a name of the answer."""
    aside, new_line = False, True
    for sentence in found:
        if new_line and sentence.text:
            heads = _HEADING.match(sentence.text) is not None
            aside = heads or (aside and not _begins_answer(sentence.text))
        yield Sentence(sentence.text, sentence.values, sentence.end, aside) if aside else sentence
        new_line = sentence.end == "\n" or (new_line and not sentence.text)


_ANSWER_LINE = re.compile(
    r"(?:(?:my|the|final|overall|own) )*(?:answer|rating|response|score|choice|result|conclusion)"
    r"(?: (?:answer|rating|score))? (?:[:=] |is |\Z)|[#@](?: [-–:=(/] ?[#@](?: \))?)? \Z"
)


def _begins_answer(text: str) -> bool:
    return _ANSWER_LINE.match(text) is not None


def clauses(sentence: str) -> Iterator[str]:
    """The clauses of a sentence's text."""
    for part in _CLAUSE_ENDS.split(f" {sentence}"):
        yield from _statements(part.strip() + " ")


def _statements(clause: str) -> Iterator[str]:
    """Let a clause begin at "I would", "my answer", unless what stands before holds it."""
    start = 0
    for begin in _STATEMENT.finditer(clause):
        before = clause[start : begin.start()]
        if before and not _holds(before):
            yield before + " "
            start = begin.end()
    yield clause[start:]


def _holds(before: str) -> bool:
    words = before.split()
    return (
        words[-1] == "is"
        or words[0] in lexicon.SUBORDINATORS
        or not lexicon.TAKES_BACK.isdisjoint(words)
    )
