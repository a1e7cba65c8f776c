"""What a reply says once its thoughts are taken out, whatever marks them."""

from __future__ import annotations

import re
from collections.abc import Collection

from vaar.coding.marks import ASIDE, ASIDE_END, CLOSE, OPEN, ROLE, SPEAKER, TURN_END, marked

_BARE_OPENING = re.compile(
    r"\A\s*(?:analysis|commentary|thought|thoughts|thinking)(?=[A-Z]|[ \t]*\n)"
    r"|\A\s*Thinking ?(?:\.\.\.|…)"
)
_BARE_CLOSING = re.compile(
    r"assistant\s?final(?:<\|message\|>)?|(?:\.\.\.|…) ?done thinking\.?", re.IGNORECASE
)
_THOUGHT_FOR = re.compile(r"\A\s*Thought for [\w ,.]{1,40}\n", re.IGNORECASE)
_ALOUD = re.compile(
    r"\bthe user(?:'s| is| has| was)? (?:ask|want|say|said|provid|gave|giv|need|request|message"
    r"|question|would like|expect)\w*"
    r"|\bwe (?:need|have|ought) to (?:answer|respond|reply|rate|output|provide|produce|return"
    r"|follow|pick|choose|decide)\b"
    r"|\bi (?:need|have|ought) to (?:answer|respond|reply|rate|output|produce|return)\b"
    r"|\b(?:we|i) should (?:answer|respond|reply|output|produce|return)\b"
    r"|\b(?:we are|i am|i'm|we're) (?:being )?asked to\b",
    re.IGNORECASE,
)
_LAST_PARAGRAPH = re.compile(r"\n[ \t]*\n[ \t]*(?P<last>[^\n]+)\Z")
_STILL_THINKING = re.compile(
    r"\b(?:i|we|i'd|i'll|let|maybe|perhaps|hmm+|so|should|could|might|wait|but)\b", re.IGNORECASE
)
_MARKS = re.compile(f"[{OPEN}{CLOSE}{ASIDE}{ASIDE_END}{TURN_END}{ROLE}{SPEAKER}]")


def without_thoughts(text: str, known: Collection[str] = ()) -> str | None:
    """The part of a reply that is its text.

    Parameters
    ----------
    text : str
        The raw reply.
    known : collection of str
        Names of further tags that hold text, in lower case.

    Returns
    -------
    str or None
        Without thoughts, whether they are in marks of any kind, in marks of which the opening one
        stood in the prompt, or bare; empty where there is nothing else. ``None`` where a thought
        never ends.
    """
    text = _bare(marked(text, known))
    return _outside(text) if _MARKS.search(text) else text


def said_aloud(text: str) -> str:
    """What a reply says without its thoughts, as the conversation goes on with it.

    Returns
    -------
    str
        The reply as it was written where it has no marks of thoughts; empty where a thought never
        ends.
    """
    plain = _bare(marked(text))
    return (_outside(plain) or "").strip() if _MARKS.search(plain) else text


def after_thinking_aloud(text: str) -> str:
    """Of prose that thinks aloud about its task, the answer that stands alone at its end.

    A model whose thoughts come without marks speaks of "the user" and of what it needs to answer.
    Any other prose is given back whole.
    """
    if not _ALOUD.search(text):
        return text
    last = _LAST_PARAGRAPH.search(text.strip())
    return "" if last is None or _STILL_THINKING.search(last["last"]) else last["last"]


def _bare(text: str) -> str:
    """Mark thoughts of which a server has dropped the marks themselves."""
    text = _THOUGHT_FOR.sub(CLOSE, text)
    opening = _BARE_OPENING.match(text)
    closings = list(_BARE_CLOSING.finditer(text))
    if closings:
        return CLOSE + text[closings[-1].end() :]
    return OPEN + text[opening.end() :] if opening else text


def _outside(text: str) -> str | None:
    text = text[text.rfind(CLOSE) + 1 :]
    if OPEN in text:
        return None
    if ASIDE_END in text:
        start, end = text.find(ASIDE), text.rfind(ASIDE_END)
        text = (text[:start] if 0 <= start < end else "") + "\n" + text[end + 1 :]
    return None if ASIDE in text else _own_turn(text)


def _own_turn(text: str) -> str:
    """What the assistant says in its first turn of a reply that has the marks of a template."""
    for turn in text.split(TURN_END):
        said = turn.split(ROLE)[0].replace(SPEAKER, "\n")
        if said.strip():
            return said
    return ""
