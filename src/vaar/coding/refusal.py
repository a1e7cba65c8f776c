"""Recognise a reply that declines to answer."""

from __future__ import annotations

import re

_REFUSAL = re.compile(
    r"\bas an? (?:\w+ ){0,3}(?:ai|language model|llm|assistant|chatbot|machine)\b"
    r"|\bi(?:'m| am) (?:just |only |merely )?an? (?:\w+ ){0,3}(?:ai|language model|llm|chatbot)\b"
    r"|\b(?:i|we) (?:\w+ ){0,2}(?:can't|cannot|can not|cant|couldn't|won't|will not|refuse|decline"
    r"|must decline|prefer not|would rather not|do not wish|don't wish)\b"
    r"|\bi(?:'d| would) (?:rather|prefer) not\b"
    r"|\b(?:i(?:'m| am)|it(?:'s| is)) (?:\w+ ){0,2}(?:unable|not able|not comfortable|not going to"
    r"|not appropriate|inappropriate|uncomfortable)\b"
    r"|\b(?:do not|don't|dont|without|no) (?:actually |really )?"
    r"(?:have |hold |possess |experience )?(?:any |a |the )?"
    r"(?:personal|feelings?|emotions?|beliefs?|consciousness|subjective|human"
    r"|opinions?|experiences?|ability|capacity|capability)\b"
    r"|\bno (?:comment|answer)\b|\b(?:decline|refuse) to (?:answer|respond|rate|say)\b"
)


def is_refusal(text: str) -> bool:
    """Whether a cleaned text declines to answer or says that it cannot have an answer."""
    return _REFUSAL.search(" ".join(text.split())) is not None
