"""The one value that a reply states, if nothing in it speaks against that."""

from __future__ import annotations

import re

from vaar.coding.text import lexicon
from vaar.coding.text.contradiction import contradicts, is_said_of_oneself
from vaar.coding.text.evidence import Evidence, Stated, gather
from vaar.coding.text.forms import CONDITION, DENYING_GLOSS, QUALIFIER, SUPPOSITION
from vaar.coding.text.numbers import Span
from vaar.coding.text.sentences import Sentence, sentences
from vaar.coding.text.tokens import Token

LONGEST_SENTENCE = 25
"""Words of a reply whose only evidence is a label inside its one sentence."""

_ANSWERING = re.compile(
    r"\b(?:answer|rating|response|score|choice|selection|reply|option|say|choose|pick|select|rate"
    r"|go|mark|put)\b"
)
_AGREED_WITH = re.compile(r"\A(?:that|because|since|[^\w\s]) |\A\Z")
_SHORT_ECHO = re.compile(
    r"\A(?:(?:yes|no) )?(?:i|it|that) (?:do|does|did|would|have|am|is)(?: not)? \Z"
    r"|\A(?:thank you|thanks)(?: for asking)? \Z"
)
_GROUND = re.compile(r"\A(?:because|since|as) ")


def stated_number(tokens: list[Token], span: Span, declines: bool) -> float | None:
    """The one number that a reply states.

    Parameters
    ----------
    tokens : list of Token
        Without echoes of the scale.
    span : Span
        The numbers of the scale.
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
    return _weighed(gather(said), said, span, declines)


def _weighed(evidence: Evidence, said: list[Sentence], span: Span, declines: bool) -> float | None:
    stated = [one for one in evidence.stated if not (declines and _only_describes(one))]
    if not evidence.stated and not declines:
        return _label_in_sentence(evidence, said)
    values = {one.value.value for one in stated}
    if len(values) != 1 or evidence.withdrawn:
        return None
    (value,) = values
    numbered = any(one.value.kind == "number" for one in stated)
    if any(token.value == value for token in evidence.denied):
        return None
    if any(contradicts(mention, value, numbered, span) for mention in evidence.unclear):
        return None
    if _is_conditional(stated, evidence):
        return None
    if span.first < 0 and any(lexicon.NEGATIVE.search(one.text) for one in said):
        return None
    if numbered:
        return None if _has_fraction(said) or _is_explained_away(evidence) else value
    return value if _label_stands(stated, evidence, said) else None


def _is_conditional(stated: list[Stated], evidence: Evidence) -> bool:
    """Whether the answer is given for some cases, as an example, or for somebody else."""
    at = {one.sentence for one in stated}
    near = [remark for remark in evidence.remarks if remark.sentence in at]
    return any(
        CONDITION.match(one.clause) or (not one.after and SUPPOSITION.search(one.clause))
        for one in near
    )


def _is_explained_away(evidence: Evidence) -> bool:
    """Whether a gloss behind a number may say another answer: "4 = no agreement"."""
    return any(one.after and DENYING_GLOSS.match(one.clause) for one in evidence.remarks)


def _only_describes(one: Stated) -> bool:
    """Whether it is a label said of the speaker, without a word for answering."""
    if one.value.kind == "number" or one.form.strip() == "@":
        return False
    return _ANSWERING.search(one.form) is None


def _has_fraction(said: list[Sentence]) -> bool:
    return any(not lexicon.FRACTIONS.isdisjoint(one.text.split()) for one in said if not one.aside)


def _label_stands(stated: list[Stated], evidence: Evidence, said: list[Sentence]) -> bool:
    """Whether an answer that is a label alone is finished, whole, and no way of opening a reply."""
    if any(said[one.sentence].end.startswith("..") for one in stated):
        return False
    if any(said[one.sentence].text.endswith((": ", ", ", "= ")) for one in stated):
        return False
    if _is_qualified(stated, evidence):
        return False
    if not all(set(one.value.text.split()) <= lexicon.ACKNOWLEDGEMENT for one in stated):
        return True
    return _is_no_acknowledgement(stated, evidence, said)


def _is_qualified(stated: list[Stated], evidence: Evidence) -> bool:
    """Whether a label is taken back in part: "agree, but only somewhat", "agree, if it is safe"."""
    at = {one.sentence for one in stated}
    for remark in evidence.remarks:
        words = {word for word in remark.clause.split() if word[0].isalpha()}
        hedges = lexicon.DEGREE | lexicon.CONDITION
        known = hedges | lexicon.FILLER | lexicon.RESERVATION
        if not words.isdisjoint(hedges) and words <= known:
            return True
        if remark.sentence not in at:
            continue
        if not words.isdisjoint(lexicon.CONDITION):
            return True
        if remark.after and QUALIFIER.match(remark.clause):
            return True
    return False


def _is_no_acknowledgement(stated: list[Stated], evidence: Evidence, said: list[Sentence]) -> bool:
    """Whether "good", "yes" or "sure" is the answer, and not the opening of another one."""
    if any(_ANSWERING.search(one.form) for one in stated):
        return True
    if any(one.form.startswith(("it ", "this ", "that ", "here ")) for one in stated):
        return False
    clauses = [remark.clause for remark in evidence.remarks]
    if any(not _GROUND.match(c) and not _SHORT_ECHO.match(c) for c in clauses):
        return False
    if len(stated) > 1 and all(one.value.kind == "label" for one in stated):
        return False  # "Well, well."
    exclaimed = any(said[one.sentence].end == "!" for one in stated)
    return not exclaimed or all(one.value.text in ("yes", "no") for one in stated)


def _label_in_sentence(evidence: Evidence, said: list[Sentence]) -> float | None:
    """The label of a reply that is one short sentence: "I often help my friends"."""
    if len(said) != 1 or said[0].end == "?" or len(said[0].values) != 1:
        return None
    if len(evidence.unclear) != 1 or not is_said_of_oneself(evidence.unclear[0]):
        return None
    label, text = said[0].values[0], said[0].text
    words = text.split()
    if label.kind != "label" or len(words) > LONGEST_SENTENCE:
        return None
    if not lexicon.NO_ANSWER_IN_SENTENCE.isdisjoint(words):
        return None
    if not set(label.text.split()).isdisjoint(lexicon.ACKNOWLEDGEMENT):
        return None
    after = text.partition("@ ")[2]
    return label.value if not label.text.endswith("agree") or _AGREED_WITH.match(after) else None
