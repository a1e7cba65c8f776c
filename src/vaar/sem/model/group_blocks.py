"""Reading a model with a block for each group, ``group: 1``, ``group: 2``, as one model.

What a block does not write and would not have by default is fixed at 0 in its group.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from vaar.errors import ModelSyntaxError
from vaar.sem.model.syntax import Modifier, Syntax, Term, parse

_HEADER = re.compile(r"^\s*group\s*:\s*([^\s#!;]*)\s*;?\s*(?:[#!].*)?$", re.IGNORECASE)
_Key = tuple[str, str, str]
_Entry = TypeVar("_Entry", float, str)


def has_blocks(model: object) -> bool:
    """Whether a model text has ``group:`` blocks."""
    return isinstance(model, str) and any(map(_HEADER.match, model.split("\n")))


def read_blocks(model: str, keys_of: Callable[[Syntax], set[_Key]]) -> Syntax:
    """Read the blocks of a model, and join them.

    Parameters
    ----------
    keys_of : callable
        All parameters of a block, those by default included.

    Raises
    ------
    ModelSyntaxError
        Blocks that are not numbered in their order, lines before the first one, blocks with other
        variables or other first indicators, an entry for each group by ``c(…)`` within a block.
    """
    parts = [parse(text) for text in _split(model)]
    _check_alike(parts)
    defaults = [_free_by_default(part, keys_of(part)) for part in parts]
    terms: dict[_Key, list[Term | None]] = {}
    for place, part in enumerate(parts):
        for term in part.terms:
            key = _key(term)
            if key not in terms and _turned(key) in terms:
                key = _turned(key)
            terms.setdefault(key, [None] * len(parts))[place] = term
    first, *others = (_joined(key, found, defaults) for key, found in terms.items())
    if not first.modifier.labels:  # so that the number of blocks is held against that of groups
        first = replace(first, modifier=replace(first.modifier, labels=(None,) * len(parts)))
    joined = (first, *others)
    kinds = ("defined", "equalities", "repeated", "inequalities")
    rest = {kind: tuple(line for part in parts for line in getattr(part, kind)) for kind in kinds}
    return Syntax(joined, **rest)


def _split(model: str) -> list[str]:
    """The text of each block, all other lines empty so that those left keep their numbers."""
    lines = model.split("\n")
    found: list[list[str]] = []
    for at, line in enumerate(lines):
        header = _HEADER.match(line)
        if header:
            found.append([""] * len(lines))
            if header.group(1) != str(len(found)):
                _fail(
                    at,
                    f"got group {header.group(1)!r}; blocks are numbered in the order of the "
                    f"groups: write 'group: {len(found)}'",
                    line,
                )
        elif found:
            found[-1][at] = line
        elif line.split("#")[0].split("!")[0].strip():
            _fail(at, "this stands before the first 'group:': move it into a block", line)
    return ["\n".join(part) for part in found]


def _fail(at: int, message: str, line: str) -> NoReturn:
    raise ModelSyntaxError(f"line {at + 1}, column 1: {message}\n  {line}")


def _check_alike(parts: list[Syntax]) -> None:
    first = None
    for number, part in enumerate(parts, start=1):
        for term in part.terms:
            written = term.modifier
            entries = (
                written.values,
                written.labels,
                written.starts,
                written.lower,
                written.upper,
            )
            if max(map(len, entries)) > 1:
                raise ModelSyntaxError(
                    f"line {term.line}, column {term.column}: c(…) has an entry for each group, "
                    "and this block is of one: write one entry"
                )
        variables = {name for term in part.terms for name in (term.lhs, term.rhs)} - {"1"}
        markers: dict[str, str] = {}
        for term in part.terms:
            if term.op == "=~":
                markers.setdefault(term.lhs, term.rhs)
        first = first or (variables, markers)
        for what, one, other in zip(
            ("variables", "first indicators"), first, (variables, markers), strict=True
        ):
            if one != other:
                raise ModelSyntaxError(
                    f"group {number} has other {what} than group 1: give all blocks the same, and "
                    "fix at 0 what is not in a group, as in 'f =~ 0*x4'"
                )


def _key(term: Term) -> _Key:
    return term.lhs, term.op, term.rhs


def _turned(key: _Key) -> _Key:
    return (key[2], key[1], key[0]) if key[1] == "~~" else key


def _free_by_default(part: Syntax, keys: set[_Key]) -> set[_Key]:
    """All but means of latent variables, and residuals of their only indicators."""
    loadings = [term for term in part.terms if term.op == "=~"]
    count = Counter(term.lhs for term in loadings)
    held = {(name, "~1", "1") for name in count}
    held |= {(term.rhs, "~~", term.rhs) for term in loadings if count[term.lhs] == 1}
    free = keys - held
    return free | {_turned(key) for key in free}


def _joined(key: _Key, found: list[Term | None], defaults: list[set[_Key]]) -> Term:
    """One term with an entry for each group."""
    first = next(term for term in found if term is not None)
    values: list[float | None] = []
    for term, known in zip(found, defaults, strict=True):
        if term is None:
            values.append(None if key in known else 0.0)
        else:
            values.append(_single(term.modifier.values))
    modifiers = [term.modifier if term else Modifier() for term in found]
    modifier = Modifier(
        _each(values),
        _each([_single(one.labels) for one in modifiers]),
        _each([_single(one.starts) for one in modifiers]),
        _each([_single(one.lower) for one in modifiers]),
        _each([_single(one.upper) for one in modifiers]),
    )
    return replace(first, modifier=modifier)


def _each(entries: list[_Entry | None]) -> tuple[_Entry | None, ...]:
    """An entry for each group, or nothing where none has one."""
    return tuple(entries) if any(entry is not None for entry in entries) else ()


def _single(entries: tuple[_Entry | None, ...]) -> _Entry | None:
    return entries[0] if entries else None
