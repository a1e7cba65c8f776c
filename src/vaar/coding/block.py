"""Code the reply to a block of items: one answer for each item code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from vaar.coding.answer import Answer, Reason
from vaar.coding.clean import clean, without_reasoning
from vaar.coding.refusal import is_refusal
from vaar.coding.reply import LONGEST, code_reply, code_value, is_cut, stopped
from vaar.coding.structured import Entry, entries, finished_entries
from vaar.study.model import ResponseScale

_LONGEST_PER_ITEM = 2_000

Said = dict[str, list[Answer]]


def code_block(
    text: str, items: Sequence[str], scale: ResponseScale, finish_reason: str = "stop"
) -> dict[str, Answer]:
    """Code one reply to several items.

    Parameters
    ----------
    text : str
        The raw reply: a JSON object from item code to answer, an array of objects with a code and
        an answer, or lines that begin with an item code. Prose and code fences around are ignored.
    items : sequence of str
        Codes of the items that were asked.
    scale : ResponseScale
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
    if stop := stopped(finish_reason):
        return dict.fromkeys(items, Answer(reason=stop))
    cut = is_cut(finish_reason)
    rest = without_reasoning(text)
    if rest is None or len(rest) > max(LONGEST, _LONGEST_PER_ITEM * len(items)):
        lost = Reason.TRUNCATED if cut or rest is None else Reason.UNPARSEABLE
        return dict.fromkeys(items, Answer(reason=lost))
    said = (
        _from_entries(entries(rest), items, scale)
        or _from_entries(finished_entries(rest), items, scale)
        or _from_lines(rest, items, scale, cut)
    )
    absent = Answer(reason=_absence(rest, cut))
    return {code: _one(said.get(code, [absent])) for code in items}


def _absence(text: str, cut: bool) -> Reason:
    if cut:
        return Reason.TRUNCATED
    return Reason.REFUSED if is_refusal(clean(text)) else Reason.UNPARSEABLE


def _one(answers: list[Answer]) -> Answer:
    if len(set(answers)) == 1:
        return answers[0]
    return Answer(reason=Reason.UNPARSEABLE)


def _from_entries(found: list[Entry], items: Sequence[str], scale: ResponseScale) -> Said:
    asked = {code.lower(): code for code in items}
    said: Said = defaultdict(list)
    for key, value in found:
        if key in asked:
            said[asked[key]].append(code_value(value, scale))
    return said


def _from_lines(text: str, items: Sequence[str], scale: ResponseScale, cut: bool) -> Said:
    """Lines such as "psa_01: 4"; the last line of a cut reply may be half a line: left out."""
    asked = {code.lower(): code for code in items}
    code = "|".join(sorted(map(re.escape, asked), key=len, reverse=True))
    line = re.compile(rf"[\W_]*({code})(?!\w)[^\w+-]*(.*)", re.IGNORECASE)
    lines = text.splitlines()
    said: Said = defaultdict(list)
    for match in map(line.match, lines[:-1] if cut else lines):
        if match:
            said[asked[match[1].lower()]].append(code_reply(match[2], scale))
    return said
