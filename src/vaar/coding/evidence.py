"""Weigh the clauses of a reply: one stated value, and nothing that speaks against it."""

from __future__ import annotations

from vaar.coding import lexicon
from vaar.coding.clauses import Clause, sentences
from vaar.coding.tokens import Token
from vaar.study.model import ResponseScale

LONGEST_SENTENCE = 25
"""Words of a reply whose only evidence is a label inside its one sentence."""

_AFTER_AGREEMENT = frozenset({"that", "because", "since"})
_VERBS_OF_STATING = frozenset({"say", "choose", "pick", "select", "rate", "go", "mark", "put"})


def stated_number(tokens: list[Token], scale: ResponseScale, declines: bool) -> float | None:
    """The one number that a reply states.

    Parameters
    ----------
    tokens : list of Token
        Without echoes of the scale.
    declines : bool
        Whether the reply also declines to answer; then "I am neutral" is no answer, "I would say
        neutral" is.

    Returns
    -------
    float or None
        Not necessarily on the scale; infinite where it belongs to another scale. ``None`` where no
        number is stated, or several, or something contradicts it.
    """
    said = sentences(tokens)
    clauses = [clause for sentence in said for clause in sentence]
    answers = [c for c in clauses if c.is_answer and not (declines and _only_describes(c))]
    stated = {mention.value for clause in answers for mention in clause.mentions}
    if not stated and not declines:
        return _label_in_sentence(said)
    if len(stated) != 1:
        return None
    (value,) = stated
    if any(_contradicts(clause, value, scale) for clause in clauses):
        return None
    numbered = any(mention.kind == "number" for clause in answers for mention in clause.mentions)
    return value if numbered or not _is_qualified(said) else None


def _only_describes(clause: Clause) -> bool:
    """Whether it is a label said of the speaker, without a word for answering."""
    if not clause.words or any(mention.kind == "number" for mention in clause.mentions):
        return False
    return clause.words.isdisjoint(lexicon.NAMING | _VERBS_OF_STATING)


def _contradicts(clause: Clause, value: float, scale: ResponseScale) -> bool:
    if clause.is_negated:
        return any(mention.value == value for mention in clause.mentions)
    if clause.predicated and clause.predicated.value != value:
        return True
    return not clause.words.isdisjoint(lexicon.FRACTIONS) or any(
        mention.kind == "number"
        and mention.text != "one"
        and mention.value != value
        and mention.value in scale.values
        for mention in clause.mentions
    )


def _is_qualified(said: list[list[Clause]]) -> bool:
    """Whether a label is taken back in part: "agree, but only somewhat", "agree, if it is safe"."""
    for sentence in said:
        answered = False
        for clause in sentence:
            if clause.is_qualification:
                return True
            if answered and not clause.words.isdisjoint(lexicon.CONDITION):
                return True
            answered = answered or clause.is_answer
    return False


def _label_in_sentence(said: list[list[Clause]]) -> float | None:
    """The label of a reply that is one short sentence: "I often help my friends"."""
    if len(said) != 1:
        return None
    tokens = [token for clause in said[0] for token in clause.tokens]
    words = {token.text for token in tokens if token.kind == "word"}
    mentions = [token for token in tokens if token.kind != "word" and token.kind != "mark"]
    speaking = [clause for clause in said[0] if clause.predicated and not clause.asked]
    if len(mentions) != 1 or len(speaking) != 1 or len(tokens) > LONGEST_SENTENCE:
        return None
    if not words.isdisjoint(
        lexicon.NEGATION | lexicon.DEGREE | lexicon.RESERVATION | lexicon.ABOUT_ANSWERING
    ):
        return None
    return mentions[0].value if _is_followed_well(tokens, mentions[0]) else None


def _is_followed_well(tokens: list[Token], label: Token) -> bool:
    """Whether what follows "agree" is what is agreed with: "I agree to go" answers nothing."""
    following = tokens[tokens.index(label) + 1 :]
    if not label.text.endswith("agree") or not following:
        return True
    return following[0].text in _AFTER_AGREEMENT or following[0].kind == "mark"
