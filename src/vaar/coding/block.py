"""Code the reply to a block of items: one answer for each item code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from vaar.coding.answer import Answer, Reason
from vaar.coding.finish import Ending, ending
from vaar.coding.refusal import is_refusal
from vaar.coding.reply import LONGEST, code_text, code_value, stopped
from vaar.coding.structured.answers import answers_by_code, stands_beside
from vaar.coding.structured.relaxed import objects
from vaar.coding.structured.segments import Segment, cut_at_codes, pieces, spelt
from vaar.coding.text.clean import clean
from vaar.coding.text.forms import REVISION
from vaar.coding.text.labels import labels_of
from vaar.coding.text.read import tokens_of
from vaar.coding.thoughts import after_thinking_aloud, without_thoughts
from vaar.study.model import ResponseScale
from vaar.vocabulary import KEY_MARK

LONGEST_PER_ITEM = 2_000
"""Characters an item; a block's reply may be so long where that is more than an item's may."""

Said = dict[str, list[Answer]]

_UNCLEAR = Answer(reason=Reason.UNPARSEABLE)
_DIGIT = re.compile(r"\d")


def code_block(
    text: str,
    items: Sequence[str],
    scale: ResponseScale | Mapping[str, ResponseScale],
    finish_reason: str = "stop",
) -> dict[str, Answer]:
    """Code one reply to several items.

    Parameters
    ----------
    text : str
        The raw reply: a JSON object from item code to answer, an array of objects with a code and
        an answer, lines or table rows that begin with an item code, or tags named by the codes.
        Prose and code fences around are ignored.
    items : sequence of str
        Codes of the items that were asked.
    scale : ResponseScale or mapping of str to ResponseScale
        The scale of all items, or of each by its code.
    finish_reason : str
        As the server names it.

    Returns
    -------
    dict of str to Answer
        Every asked code, in the order asked. An item answered twice in different ways is
        unparseable; an item without an entry takes the reply's own reason: refused, truncated, or
        unparseable.

    Notes
    -----
    A pure function that raises on no text.
    """
    if KEY_MARK in text:
        return dict.fromkeys(items, Answer(reason=Reason.WITHHELD))
    if stop := stopped(finish_reason):
        return dict.fromkeys(items, Answer(reason=stop))
    cut = ending(finish_reason) is Ending.CUT
    rest = without_thoughts(text, frozenset(item.lower() for item in items))
    if rest is None or len(rest) > max(LONGEST, LONGEST_PER_ITEM * len(items)):
        lost = Reason.TRUNCATED if cut or rest is None else Reason.UNPARSEABLE
        return dict.fromkeys(items, Answer(reason=lost))
    return _Block(items, scale).code(rest, cut)


class _Block:
    """The items of one block, with the labels of their scales."""

    def __init__(
        self, items: Sequence[str], scale: ResponseScale | Mapping[str, ResponseScale]
    ) -> None:
        each = dict.fromkeys(items, scale) if isinstance(scale, ResponseScale) else scale
        self._items = items
        self._labels = {code: labels_of(each[code]) for code in items}
        self._codes = {spelt(code): code for code in items}

    def code(self, text: str, cut: bool) -> dict[str, Answer]:
        """The answer of every item."""
        found, around = objects(text)
        said = self._from_objects(found)
        self._add_segments(said, around if said else text, cut)
        absent = Answer(reason=_absence(text, cut))
        return {code: _one(said.get(code, [absent])) for code in self._items}

    def _from_objects(self, found: list[object]) -> Said:
        said: Said = defaultdict(list)
        for code, value in answers_by_code(found, self._codes):
            said[code].append(code_value(value, self._labels[code]))
        return said

    def _add_segments(self, said: Said, text: str, cut: bool) -> None:
        """Add what is said outside of JSON; beside JSON, only what has a number."""
        structured = frozenset(said)
        cuts = cut_at_codes(text if structured else after_thinking_aloud(text), self._codes, cut)
        for segment in cuts.segments:
            answer = self._of_segment(segment)
            if segment.code in cuts.joined and not structured:
                said[segment.code].append(_UNCLEAR)
            elif answer.value is not None or not structured:
                if segment.text or not structured:
                    said[segment.code].append(answer)
            elif self._differs(segment, said):
                said[segment.code].append(_UNCLEAR)
        if _DIGIT.search(cuts.prose) and REVISION.search(clean(cuts.prose)):
            for code in said:
                said[code].append(_UNCLEAR)

    def _of_segment(self, segment: Segment) -> Answer:
        labels = self._labels[segment.code]
        whole = code_text(segment.text, labels)
        if whole.reason is not Reason.UNPARSEABLE:
            return whole
        values, beside = set(), False
        for piece in pieces(segment.text):
            answer = code_text(piece, labels)
            if answer.value is not None and not beside:
                values.add(answer)
            beside = stands_beside(piece)
        return values.pop() if len(values) == 1 else whole

    def _differs(self, segment: Segment, said: Said) -> bool:
        """Whether a segment without an answer names another number than the item's answer."""
        tokens = tokens_of(clean(segment.text), self._labels[segment.code])
        values = {answer.value for answer in said[segment.code]}
        span = self._labels[segment.code].span
        return any(
            token.kind == "number" and span.holds(token.value) and token.value not in values
            for token in tokens
        )


def _absence(text: str, cut: bool) -> Reason:
    if cut:
        return Reason.TRUNCATED
    return Reason.REFUSED if is_refusal(clean(text)) else Reason.UNPARSEABLE


def _one(answers: list[Answer]) -> Answer:
    return answers[0] if len(set(answers)) == 1 else _UNCLEAR
