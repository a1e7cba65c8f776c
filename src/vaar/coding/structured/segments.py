"""Cut a reply to a block into what it says of each item: lines, tables, tags, lists on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

_SEPARATOR = r"[ _.-]?"
_ELEMENT = r"<{code}\b[^<>]*>\s*(?P<held>[^<]*)</{code}\s*>"
_ATTRIBUTE = re.compile(
    r"<\w+\b[^<>]*?=\s*[\"'](?P<code>[^\"'<>]+)[\"'](?P<rest>[^<>]*)>(?:(?P<held>[^<]*)</\w+\s*>)?"
)
_VALUE_ATTRIBUTE = re.compile(r"\w+\s*=\s*[\"'](?P<value>[^\"']*)[\"']")
_ONLY_JOINED = re.compile(
    r"(?:[\s,;&/|–—-]|\b(?:and|to|through|thru|or|bis|until)\b)*\Z", re.IGNORECASE
)
_LEADING = re.compile(r"\A(?:[\s)\]}>:=.,;|\"'*`~→]|=>|->)+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_PIECES = re.compile(r"\s*[|:→=\t]\s*|\s+[–—-]\s+")


class Segment(NamedTuple):
    """What stands after one mention of an item's code, up to the next."""

    code: str
    text: str


@dataclass(frozen=True)
class Segments:
    """A reply cut at its item codes.

    Attributes
    ----------
    segments : list of Segment
    joined : frozenset of str
        Codes that stand in a list or range of codes, as in "psa_1-psa_10: 4".
    prose : str
        What stands before the first code and after the paragraph of the last.
    """

    segments: list[Segment]
    joined: frozenset[str]
    prose: str


def spelt(code: str) -> str:
    """An item code as it is compared: case and the kind of separator do not matter."""
    return re.sub(r"[ _.-]+", "_", code.strip().lower())


def cut_at_codes(text: str, codes: Mapping[str, str], cut: bool) -> Segments:
    """Cut a text at the codes of its items.

    Parameters
    ----------
    codes : mapping of str to str
        The asked codes by their spelling.
    cut : bool
        Whether the reply was cut; then its last line may be half a line, and is left out.
    """
    text = _with_tags_as_lines(text, codes)
    pattern = "|".join(sorted(map(_flexible, codes), key=len, reverse=True))
    found = list(re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE)) if codes else []
    if not found:
        return Segments([], frozenset(), text)
    segments, joined = [], set()
    for here, after in zip(found, [*found[1:], None], strict=True):
        code = codes[spelt(here[0])]
        between = text[here.end() : after.start() if after else None]
        if after and _ONLY_JOINED.match(between):
            joined |= {code, codes[spelt(after[0])]}
        own = _own_part(between, after is not None, cut)
        if own or after or not cut:
            segments.append(Segment(code, own))
    rest = _PARAGRAPH.split(text[found[-1].end() :].lstrip(), maxsplit=1)[1:]
    return Segments(segments, frozenset(joined), "\n".join([text[: found[0].start()], *rest]))


def _own_part(between: str, followed: bool, cut: bool) -> str:
    """Without what the next code's line begins with, and without later paragraphs."""
    if followed and "\n" in between:
        between = between[: between.rindex("\n")]
    elif not followed and cut:
        between = between[: between.rindex("\n")] if "\n" in between else ""
    between = _LEADING.sub("", between)
    return _PARAGRAPH.split(between, maxsplit=1)[0]


def _flexible(code: str) -> str:
    return _SEPARATOR.join(map(re.escape, code.split("_")))


def _with_tags_as_lines(text: str, codes: Mapping[str, str]) -> str:
    if "<" not in text:
        return text
    for code in codes.values():
        element = re.compile(_ELEMENT.format(code=re.escape(code)), re.IGNORECASE)
        text = element.sub(rf"\n{code}: \g<held>\n", text)
    return _ATTRIBUTE.sub(lambda tag: _attribute(tag, codes), text)


def _attribute(tag: re.Match[str], codes: Mapping[str, str]) -> str:
    code = codes.get(spelt(tag["code"]))
    if code is None:
        return tag[0]
    value = _VALUE_ATTRIBUTE.search(tag["rest"])
    return f"\n{code}: {(tag['held'] or '').strip() or (value['value'] if value else '')}\n"


def pieces(text: str) -> list[str]:
    """The cells of a table's row, or the parts of a line around its colons and dashes."""
    return [piece for piece in _PIECES.split(text.strip().split("\n")[0]) if piece.strip()]
