"""Code a raw reply into an answer: a value only where the reply says exactly one."""

from __future__ import annotations

from vaar.coding.answer import Answer, Reason
from vaar.coding.clean import clean, without_reasoning
from vaar.coding.echoes import without_echoes
from vaar.coding.evidence import stated_number
from vaar.coding.refusal import is_refusal
from vaar.coding.structured import answer_of, entries_of_whole
from vaar.coding.tokens import Token, tokenize
from vaar.study.model import ResponseScale

LONGEST = 20_000
"""Characters, after the reasoning: what is longer is no answer to an item."""

_CUT = frozenset({"length", "max_tokens", "model_length"})
_FILTERED = frozenset(
    {"content_filter", "content-filter", "safety", "refusal", "recitation", "prohibited_content"}
)


def code_reply(text: str, scale: ResponseScale, finish_reason: str = "stop") -> Answer:
    """Code one reply to one item.

    Parameters
    ----------
    text : str
        The raw reply.
    scale : ResponseScale
    finish_reason : str
        As the server names it. A reply that was cut counts only where it had already said its
        answer; one that a filter stopped is a refusal.

    Returns
    -------
    Answer
        A value where the reply says exactly one value of the scale, else the reason why not.

    Notes
    -----
    A pure function that raises on no text. Its work grows linearly with the text.
    """
    if stop := stopped(finish_reason):
        return Answer(reason=stop)
    rest = without_reasoning(text)
    cut = is_cut(finish_reason)
    if rest is None:
        return Answer(reason=Reason.TRUNCATED)
    if len(rest) > LONGEST:
        return Answer(reason=Reason.TRUNCATED if cut else Reason.UNPARSEABLE)
    return _read_cut(rest, scale) if cut else _read(rest, scale)


def stopped(finish_reason: str) -> Reason | None:
    """The reason that a finish reason gives by itself, whatever the text."""
    name = finish_reason.lower()
    if name in _FILTERED:
        return Reason.REFUSED
    return Reason.PROVIDER_ERROR if name == "error" else None


def is_cut(finish_reason: str) -> bool:
    """Whether the reply ended at its token ceiling."""
    return finish_reason.lower() in _CUT


def code_value(value: object, scale: ResponseScale) -> Answer:
    """Code one value of a structured reply: a number, or text as in a plain reply."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Answer(reason=Reason.UNPARSEABLE)
    return _read_text(value, scale) if isinstance(value, str) else _on_scale(value, scale)


def _read(text: str, scale: ResponseScale) -> Answer:
    found = entries_of_whole(text)
    return code_value(answer_of(found), scale) if found else _read_text(text, scale)


def _read_cut(text: str, scale: ResponseScale) -> Answer:
    """Trust a cut reply only where its finished sentences already say what the whole says."""
    plain = clean(text)
    declines, tokens = is_refusal(plain), _tokens(plain, scale)
    whole = stated_number(tokens, scale, declines)
    ends = [n for n, token in enumerate(tokens[:-1]) if token.text in ("\n", ".", "!")]
    finished = stated_number(tokens[: ends[-1]], scale, declines) if ends else None
    if whole is not None and (whole == finished or _is_whole_number(tokens, scale)):
        return _on_scale(whole, scale)
    return Answer(reason=Reason.TRUNCATED)


def _is_whole_number(tokens: list[Token], scale: ResponseScale) -> bool:
    """Whether the text is one number, and no longer number of the scale begins with it."""
    if len(tokens) != 1 or tokens[0].kind != "number":
        return False
    digits = tokens[0].text
    return not any(str(v).startswith(digits) and str(v) != digits for v in scale.values)


def _read_text(text: str, scale: ResponseScale) -> Answer:
    plain = clean(text)
    declines = is_refusal(plain)
    value = stated_number(_tokens(plain, scale), scale, declines)
    if value is not None:
        return _on_scale(value, scale)
    return Answer(reason=Reason.REFUSED if declines else Reason.UNPARSEABLE)


def _tokens(plain: str, scale: ResponseScale) -> list[Token]:
    return without_echoes(tokenize(plain, scale), scale)


def _on_scale(value: float, scale: ResponseScale) -> Answer:
    if value in scale.values:
        return Answer(value=int(value))
    return Answer(reason=Reason.OUT_OF_RANGE)
