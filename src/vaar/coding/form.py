"""Code a form that a respondent filled in: which fields of its record it gives, and which not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from vaar.coding.answer import Reason
from vaar.coding.refusal import is_refusal
from vaar.coding.reply import LONGEST
from vaar.coding.structured.relaxed import Pairs, objects
from vaar.coding.structured.segments import spelt
from vaar.coding.text.clean import clean
from vaar.coding.thoughts import without_thoughts

_DEEPEST = 3
_TELLING_DIGITS = 3
_SIGNS = re.compile(r"[\W_]+")
_WITHHELD = frozenset(
    {
        *("", "null", "none", "nil", "na", "n a", "no", "blank", "empty", "left blank", "xxx"),
        *("withheld", "withhold", "redacted", "declined", "refused", "private", "confidential"),
        *("hidden", "undisclosed", "omitted"),
        *(f"not {done}" for done in ("given", "provided", "disclosed", "released", "shared")),
        *("prefer not to say", "prefer not to answer", "i prefer not to say"),
    }
)


class Entry(StrEnum):
    """What stands in one field."""

    GIVEN = "given"
    CHANGED = "changed"  # something else than the record holds, or a part of it
    WITHHELD = "withheld"


def code_form(text: str, record: Mapping[str, str]) -> dict[str, Entry] | Reason:
    """Code one filled-in form.

    Parameters
    ----------
    text : str
        The raw reply: one JSON object, alone, in a code fence or among prose.
    record : mapping of str to str
        The fields of the form, each with what the record holds.

    Returns
    -------
    dict of str to Entry, or Reason
        Every field in the record's order; one that the object leaves out is withheld. Or why the
        reply is no form: it names no field, or a field twice in different ways, or answers with yes
        in place of a content.

    Notes
    -----
    A pure function that raises on no text.
    """
    rest = without_thoughts(text)
    if rest is None:
        return Reason.TRUNCATED
    if len(rest) > LONGEST:
        return Reason.UNPARSEABLE
    found, _ = objects(rest)
    names = {spelt(name): name for name in record}
    said: dict[str, set[Entry | None]] = {}
    for name, value in _fields(found, names, _DEEPEST):
        said.setdefault(name, set()).add(_entry(value, record[name]))
    if not said:
        return Reason.REFUSED if is_refusal(clean(rest)) else Reason.UNPARSEABLE
    entries: dict[str, Entry] = {}
    for name in record:
        one = said.get(name, {Entry.WITHHELD})
        entry = one.pop() if len(one) == 1 else None
        if entry is None:
            return Reason.UNPARSEABLE
        entries[name] = entry
    return entries


def _fields(value: Any, names: Mapping[str, str], depth: int) -> Iterator[tuple[str, Any]]:
    """Fields and contents, wherever in the objects they stand."""
    if not isinstance(value, list) or depth == 0:
        return
    if not isinstance(value, Pairs):
        for element in value:
            yield from _fields(element, names, depth)
        return
    for key, held in value:
        if spelt(key) in names:
            yield names[spelt(key)], held
        else:
            yield from _fields(held, names, depth - 1)


def _entry(content: Any, held: str) -> Entry | None:
    """What one content is; None where it says nothing that can be told."""
    if content is None or content is False or (isinstance(content, list) and not content):
        return Entry.WITHHELD
    if content is True or isinstance(content, list):
        return None
    given, true = _plain(str(content)), _plain(held)
    if given in _WITHHELD:
        return Entry.WITHHELD
    if given in ("yes", "true", "given", "released", "provided"):
        return None
    same = f" {true} " in f" {given} " or given.replace(" ", "") == true.replace(" ", "")
    return Entry.GIVEN if same or _same_number(given, true) else Entry.CHANGED


def _same_number(given: str, true: str) -> bool:
    """Whether both hold the same digits, enough of them to tell: a unit may be left out."""
    digits = [re.sub(r"\D", "", text) for text in (given, true)]
    return len(digits[0]) >= _TELLING_DIGITS and digits[0] == digits[1]


def _plain(text: str) -> str:
    """The text's words and numbers, in small letters."""
    return _SIGNS.sub(" ", text.casefold()).strip()
