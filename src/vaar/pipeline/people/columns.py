"""Which column of a table is which item of the study: by name, and by what was asked."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from vaar.pipeline.people.source import Source
from vaar.study.model import Item, Study

LEAST_ALIKE = 0.6
"""A column whose text is less like an item's is not proposed for it (difflib's ratio)."""

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_LEAST_CONTAINED = 4  # words: shorter item texts must be all that a column asks


@dataclass(frozen=True)
class Proposal:
    """The column of one item.

    Attributes
    ----------
    certain : bool
        Whether the name or the whole text is the item's; else the text is only like it.
    alike : float
        How alike the texts are, 0 to 1.
    """

    column: str
    certain: bool
    alike: float = 1.0


@dataclass(frozen=True)
class Proposals:
    """The columns found for the items of a study, and what does not fit together."""

    found: Mapping[str, Proposal]
    conflicts: tuple[str, ...]


def propose_columns(source: Source, study: Study) -> Proposals:
    """Propose a column for each item.

    A column is an item's where its name is the item's code (capitals, signs and leading zeros
    aside) or its text is, or holds, the item's text in any wording. Columns left over are proposed,
    to be confirmed, for the item whose text theirs is most like. A name and a text that point to
    different items, and two columns for one item, are conflicts.
    """
    items = {item.code: item for part in study.instruments for item in part.coded_items}
    named, asked = _by_name(source, items), _by_text(source, items)
    conflicts: list[str] = []
    found: dict[str, Proposal] = {}
    for code in items:
        columns = list(dict.fromkeys([*named.get(code, ()), *asked.get(code, ())]))
        if len(columns) > 1:
            told = " and ".join(map(repr, columns[:3]))
            conflicts.append(f"{told} all look like the item {code}: keep one in the map")
        elif columns:
            found[code] = Proposal(columns[0], True)
    conflicts += _crossed(named, asked)
    taken = {one.column for one in found.values()}
    for code, column, alike in _alike(source, items, set(items) - set(found), taken):
        found[code] = Proposal(column, False, alike)
    return Proposals({code: found[code] for code in items if code in found}, tuple(conflicts))


def _by_name(source: Source, items: Mapping[str, Item]) -> dict[str, list[str]]:
    codes = {key: code for code in items for key in _name_keys(code)}
    found: dict[str, list[str]] = defaultdict(list)
    for name in source.names:
        inner = re.findall(r"\[([^\]]*)\]", name)
        keys = [key for part in (name, *inner[-1:]) for key in _name_keys(part)]
        if hit := next((codes[key] for key in keys if key in codes), None):
            found[hit].append(name)
    return found


def _name_keys(name: str) -> Iterator[str]:
    """The name without signs, as it stands and without leading zeros of its numbers."""
    plain = name.casefold()
    yield "".join(_WORD.findall(plain)).replace("_", "")
    yield ".".join(part.lstrip("0") or part for part in _PARTS.findall(plain))


def _by_text(source: Source, items: Mapping[str, Item]) -> dict[str, list[str]]:
    texts = {_plain(text): code for code, item in items.items() for text in item.texts}
    long = [own for own in texts if len(own.split()) >= _LEAST_CONTAINED]
    found: dict[str, list[str]] = defaultdict(list)
    for name, text in zip(source.names, source.texts, strict=True):
        asked = _plain(text)
        inside = [own for own in long if f" {own} " in f" {asked} "]
        if hit := texts.get(asked) or (texts[max(inside, key=len)] if inside else None):
            found[hit].append(name)
    return found


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(_TAG.sub(" ", html.unescape(text)).casefold()))


def _crossed(named: Mapping[str, list[str]], asked: Mapping[str, list[str]]) -> list[str]:
    by_name = {column: code for code, columns in named.items() for column in columns}
    by_text = {column: code for code, columns in asked.items() for column in columns}
    return [
        f"{column!r} is named as the item {code} and asks {by_text[column]}: say in the map which "
        "it is"
        for column, code in by_name.items()
        if by_text.get(column, code) != code
    ]


def _alike(
    source: Source, items: Mapping[str, Item], open_items: set[str], taken: set[str]
) -> Iterator[tuple[str, str, float]]:
    """Items and columns that are left, the most alike first, each once."""
    scores = []
    for name, text in zip(source.names, source.texts, strict=True):
        asked = _plain(text)
        if name in taken or not asked:
            continue
        for code in open_items:
            alike = max(_ratio(_plain(own), asked) for own in items[code].texts)
            if alike >= LEAST_ALIKE:
                scores.append((alike, code, name))
    used: set[str] = set()
    for alike, code, name in sorted(scores, key=lambda one: (-one[0], one[1], one[2])):
        if code not in used and name not in used:
            used |= {code, name}
            yield code, name, alike


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < LEAST_ALIKE or matcher.quick_ratio() < LEAST_ALIKE:
        return 0.0
    return matcher.ratio()
