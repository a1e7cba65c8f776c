"""lavaan's model syntax, read into terms that remember where they stood in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isnan
from typing import NamedTuple, NoReturn

from vaar.errors import ModelSyntaxError

OPERATORS = ("=~", "~~", "~*~", "~", ":=", "==", ">", "<", "|")
_TOKEN = re.compile(
    r"""(?P<comment>[#!][^\n]*)
      | (?P<newline>[\n;])
      | (?P<space>[^\S\n]+)
      | (?P<op>=~|<~|~\*~|~~|~|:=|==|>=?|<=?|\|)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>\.?[^\W\d][\w.\u0300-\u036f]*)
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<mark>[-+*/^(),])""",
    re.VERBOSE,
)

_LARGEST = 1e60  # number that a parameter can be fixed at or bounded by
_LARGEST_START = 1e300  # a search that cannot begin there begins elsewhere
_NO_LABELS = ("Inf", "NaN", "TRUE", "FALSE", "NULL")
"""Words that R keeps; in quotation marks they are labels."""


@dataclass(frozen=True)
class Modifier:
    """What stands before ``*``: one entry for all groups, or one for each group.

    Attributes
    ----------
    values : tuple of float or None
        Values the parameter is fixed at; NaN (written ``NA``) frees it.
    labels : tuple of str or None
        Equal labels mean equal parameters.
    starts : tuple of float or None
        Where the search begins; None where that is not said.
    lower, upper : tuple of float or None
        Bounds of the estimate; None where there is none.
    """

    values: tuple[float | None, ...] = ()
    labels: tuple[str | None, ...] = ()
    starts: tuple[float | None, ...] = ()
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()

    def joined(self, other: Modifier) -> Modifier:
        """The two modifiers of one parameter together; of starts and bounds the later one wins."""
        return Modifier(
            other.values or self.values,
            other.labels or self.labels,
            other.starts or self.starts,
            other.lower or self.lower,
            other.upper or self.upper,
        )


@dataclass(frozen=True)
class Term:
    """One parameter as written: ``lhs op modifier*rhs``. ``rhs`` is ``"1"`` for an intercept."""

    lhs: str
    op: str
    rhs: str
    modifier: Modifier
    line: int
    column: int


@dataclass(frozen=True)
class Definition:
    """``name := expression``, or the two sides of ``==``, or of ``>``, the larger one first."""

    name: str
    expression: str
    line: int
    column: int
    op: str = "=="


@dataclass(frozen=True)
class Syntax:
    """A whole model text.

    Attributes
    ----------
    terms : tuple of Term
        Parameters in the order they were written, each once.
    defined : tuple of Definition
        The ``:=`` lines.
    equalities : tuple of Definition
        The ``==`` lines.
    inequalities : tuple of Definition
        The ``>`` and ``<`` lines.
    repeated : tuple of Term
        Parameters as they were written again, with no modifier that would be a reason to.
    """

    terms: tuple[Term, ...]
    defined: tuple[Definition, ...]
    equalities: tuple[Definition, ...]
    repeated: tuple[Term, ...] = ()
    inequalities: tuple[Definition, ...] = ()


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


def parse(model: str) -> Syntax:
    """Read a model in lavaan syntax.

    Parameters
    ----------
    model : str
        Lines of ``=~``, ``~``, ``~~``, ``~ 1``, ``|``, ``~*~``, ``:=``, ``==``, ``>`` and ``<``;
        comments begin with ``#`` or ``!``; a line may be ended by ``;``.

    Raises
    ------
    ModelSyntaxError
        With line and column, what was found there and what is allowed.
    """
    if not isinstance(model, str):
        raise ModelSyntaxError(
            f"a model is text in lavaan syntax, got {type(model).__name__}: "
            "write for example 'f =~ x1 + x2 + x3'"
        )
    reader = _Reader(model)
    for statement in _statements(reader, _tokens(reader)):
        reader.read(statement)
    if not reader.terms:
        raise ModelSyntaxError(
            "the model text has no parameters: write for example 'f =~ x1 + x2 + x3'"
        )
    return Syntax(
        tuple(reader.terms.values()),
        tuple(reader.defined),
        tuple(reader.equalities),
        tuple(reader.repeated),
        tuple(reader.inequalities),
    )


def _tokens(reader: _Reader) -> Iterator[_Token]:
    text, position, line, start = reader.text, 0, 1, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        column = position - start + 1
        if match is None:
            reader.fail(line, column, f"got {text[position]!r}, which has no meaning in a model")
        kind = str(match.lastgroup)
        if kind not in ("space", "comment"):
            yield _Token(kind, match.group(), line, column)
        position = match.end()
        if match.group() == "\n":
            line, start = line + 1, position


def _statements(reader: _Reader, tokens: Iterator[_Token]) -> Iterator[list[_Token]]:
    """Split at line ends, except where a line plainly goes on."""
    current: list[_Token] = []
    depth = 0
    ended = False
    for token in tokens:
        if token.kind == "newline":
            goes_on = current and (current[-1].kind == "op" or current[-1].text in "+*,(-/^")
            ended = bool(current) and (token.text == ";" or (not goes_on and depth == 0))
            continue
        if ended and token.text not in ("+", "*"):
            yield current
            current = []
        ended = False
        depth += (token.text == "(") - (token.text == ")")
        current.append(token)
    if current:
        yield current


@dataclass
class _Reader:
    """Collects the terms of a model text, statement by statement."""

    text: str
    terms: dict[tuple[str, str, str], Term] = field(default_factory=dict)
    defined: list[Definition] = field(default_factory=list)
    equalities: list[Definition] = field(default_factory=list)
    repeated: list[Term] = field(default_factory=list)
    inequalities: list[Definition] = field(default_factory=list)

    def fail(self, line: int, column: int, message: str) -> NoReturn:
        written = self.text.split("\n")[line - 1]
        pointer = " " * (column - 1) + "^"
        raise ModelSyntaxError(f"line {line}, column {column}: {message}\n  {written}\n  {pointer}")

    def fail_at(self, token: _Token, message: str) -> NoReturn:
        self.fail(token.line, token.column, message)

    def read(self, tokens: list[_Token]) -> None:
        place = next((i for i, token in enumerate(tokens) if token.kind == "op"), None)
        if place is None:
            self.fail_at(tokens[0], f"no operator in this line; use one of {' '.join(OPERATORS)}")
        if place == 0:
            self.fail_at(tokens[0], "a variable name must stand before the operator")
        if place == len(tokens) - 1:
            self.fail_at(tokens[-1], f"nothing follows {tokens[-1].text!r}; name a variable")
        if tokens[place].text == "<~":
            self.fail_at(
                tokens[place],
                "composites ('<~') are not fitted: sum the variables in a column of the data, or "
                "write a latent variable with '=~'",
            )
        self._check_brackets(tokens)
        left, operator, right = tokens[:place], tokens[place], tokens[place + 1 :]
        if operator.text == ":=" or (operator.text[0] in "=<>" and operator.text != "=~"):
            self._read_definition(left, operator, right)
            return
        for name in self._names(left):
            for part in self._split(right, "+"):
                self._read_term(name, operator, part)

    def _check_brackets(self, tokens: list[_Token]) -> None:
        opened: list[_Token] = []
        for token in tokens:
            if token.text == "(":
                opened.append(token)
            elif token.text == ")" and not opened:
                self.fail_at(token, "this ')' closes nothing")
            elif token.text == ")":
                opened.pop()
        if opened:
            self.fail_at(opened[-1], "this '(' is not closed by ')'")

    def _read_definition(self, left: list[_Token], operator: _Token, right: list[_Token]) -> None:
        if operator.text == ":=" and (len(left) != 1 or left[0].kind != "name"):
            self.fail_at(left[0], "exactly one name may stand before ':='")
        kept = {":=": self.defined, "==": self.equalities}.get(operator.text, self.inequalities)
        if operator.text[0] == "<":
            left, right = right, left
        op = ">" if kept is self.inequalities else operator.text
        place = min(left[0], right[0], key=lambda token: (token.line, token.column))
        kept.append(Definition(_joined(left), _joined(right), place.line, place.column, op))

    def _names(self, tokens: list[_Token]) -> list[_Token]:
        parts = self._split(tokens, "+")
        for part in parts:
            if len(part) != 1 or part[0].kind != "name":
                self.fail_at(part[0], "only variable names, joined by '+', stand on the left")
        return [part[0] for part in parts]

    def _split(self, tokens: list[_Token], mark: str) -> list[list[_Token]]:
        parts: list[list[_Token]] = [[]]
        depth = 0
        for token in tokens:
            depth += (token.text == "(") - (token.text == ")")
            if token.text == mark and depth == 0:
                if not parts[-1]:
                    self.fail_at(token, f"nothing stands before this {mark!r}")
                parts.append([])
            else:
                parts[-1].append(token)
        if not parts[-1]:
            self.fail_at(tokens[-1], f"nothing follows this {mark!r}")
        return parts

    def _read_term(self, lhs: _Token, operator: _Token, tokens: list[_Token]) -> None:
        *modifiers, last = self._split(tokens, "*")
        if len(last) != 1 or last[0].kind not in ("name", "number"):
            self.fail_at(
                last[1] if len(last) > 1 else last[0],
                f"got {''.join(t.text for t in last)!r} where one variable name is allowed; "
                "join variables with '+', and a modifier to its variable with '*'",
            )
        variable = last[0]
        modifier = Modifier()
        for part in modifiers:
            modifier = self._joined(part[0], modifier, self._modifier(part))
        if variable.kind == "number":
            modifier = self._intercept(operator, variable, modifier)
        self._keep(lhs, operator, "1" if variable.kind == "number" else variable.text, modifier)

    def _intercept(self, operator: _Token, number: _Token, modifier: Modifier) -> Modifier:
        if operator.text != "~" or number.text not in ("0", "1"):
            self.fail_at(
                number,
                f"got the number {number.text} where a variable is allowed; only '~ 1' (an "
                "intercept) takes a number, and a fixed value is written as '0.5*x'",
            )
        return Modifier(values=(0.0,)) if number.text == "0" else modifier

    def _keep(self, lhs: _Token, operator: _Token, rhs: str, modifier: Modifier) -> None:
        op = "~1" if rhs == "1" and operator.text == "~" else operator.text
        key = (lhs.text, op, rhs)
        if op == "~~" and (rhs, op, lhs.text) in self.terms:
            key = (rhs, op, lhs.text)
        if op in ("~", "=~") and lhs.text == rhs:
            self.fail_at(lhs, f"{rhs!r} cannot stand on both sides of {op!r}")
        known = self.terms.get(key)
        joined = self._joined(lhs, known.modifier, modifier) if known else modifier
        if known and modifier == Modifier():
            self.repeated.append(Term(*key, modifier, lhs.line, lhs.column))
        self.terms[key] = Term(*key, joined, lhs.line, lhs.column)

    def _joined(self, at: _Token, one: Modifier, other: Modifier) -> Modifier:
        """Two modifiers of one parameter, which may say different things of it but not two."""
        for kind, first, second in (
            ("labels", one.labels, other.labels),
            ("values", one.values, other.values),
        ):
            if first and second and str(first) != str(second):
                self.fail_at(
                    at,
                    f"one parameter has two {kind}, {_listed(first)} and {_listed(second)}; keep "
                    "one of them, and write equal labels as in 'a == b'",
                )
        return one.joined(other)

    def _modifier(self, tokens: list[_Token]) -> Modifier:
        head = tokens[0]
        if len(tokens) > 1 and head.kind == "name" and tokens[1].text == "(":
            return self._called(head, tokens)
        entry = self._entry(tokens)
        if isinstance(entry, str):
            return Modifier(labels=(entry,))
        return Modifier(values=(entry,))

    def _called(self, head: _Token, tokens: list[_Token]) -> Modifier:
        if tokens[-1].text != ")":
            self.fail_at(tokens[-1], f"join {head.text}(…) to its variable with '*'")
        inner = tokens[2:-1] or [tokens[-1]]
        if head.text in ("lower", "upper"):
            return self._bounds(head, inner)
        if head.text == "start":
            inner = _unwrapped(inner)
        largest = _LARGEST_START if head.text == "start" else _LARGEST
        entries = [self._entry(part, largest) for part in self._split(inner, ",")]
        numbers = tuple(None if isinstance(entry, str) else entry for entry in entries)
        if head.text == "start" and all(entry is not None for entry in numbers):
            known = tuple(None if entry is None or isnan(entry) else entry for entry in numbers)
            return Modifier(starts=known)
        if head.text != "c":
            self.fail_at(
                head,
                f"got {head.text}(…); allowed are c(…) with an entry a group, start(…), lower(…) "
                "and upper(…)",
            )
        labels = tuple(entry if isinstance(entry, str) else None for entry in entries)
        return Modifier(
            values=numbers if any(value is not None for value in numbers) else (),
            labels=labels if any(label is not None for label in labels) else (),
        )

    def _bounds(self, head: _Token, inner: list[_Token]) -> Modifier:
        """``lower(0)``, ``lower(0, -1)`` or ``lower(c(0, -1))``; NA and infinity are no bound."""
        parts = self._split(_unwrapped(inner), ",")
        entries = tuple(self._bound(head, part) for part in parts)
        return Modifier(lower=entries) if head.text == "lower" else Modifier(upper=entries)

    def _bound(self, head: _Token, part: list[_Token]) -> float | None:
        endless = "-Inf" if head.text == "lower" else "Inf"
        if "".join(token.text for token in part) in (endless, "NA"):
            return None
        entry = self._entry(part)
        if isinstance(entry, str):
            self.fail_at(
                part[0], f"{head.text}(…) takes numbers, NA or {endless}: write the value itself"
            )
        return entry

    def _entry(self, tokens: list[_Token], largest: float = _LARGEST) -> str | float:
        signed = tokens[0].text == "-"
        rest = tokens[1:] if signed else tokens
        if len(rest) != 1 or rest[0].kind not in ("name", "number", "string"):
            self.fail_at(
                tokens[0],
                "a modifier is a number, NA, a label, c(…), start(…), lower(…) or upper(…)",
            )
        token = rest[0]
        if token.kind == "number" and float(token.text) > largest:
            self.fail_at(token, f"the number {token.text} is too large")
        if token.kind == "number":
            return -float(token.text) if signed else float(token.text)
        if signed:
            self.fail_at(tokens[0], "only a number can have a sign")
        if token.text == "NA":
            return float("nan")
        if token.text in _NO_LABELS:
            self.fail_at(
                token,
                f"got {token.text}, which is no label and no number that a parameter can have; "
                "write a number, NA or another label",
            )
        return token.text.strip("\"'")


def _unwrapped(tokens: list[_Token]) -> list[_Token]:
    """What stands between the brackets of ``c(…)``; other tokens as they are."""
    if [token.text for token in tokens[:2]] == ["c", "("] and tokens[-1].text == ")":
        return tokens[2:-1] or tokens[-1:]
    return tokens


def _listed(entries: tuple[float | None, ...] | tuple[str | None, ...]) -> str:
    """The entries of a modifier as they are written."""
    words = ["NA" if entry is None or entry != entry else str(entry) for entry in entries]
    return words[0] if len(words) == 1 else f"c({', '.join(words)})"


def _joined(tokens: list[_Token]) -> str:
    """The text of an expression, with blanks around its marks; two words stay two."""
    out, words = "", ("name", "number", "string")
    for token, before in zip(tokens, [None, *tokens[:-1]], strict=True):
        apart = before is not None and token.kind in words and before.kind in words
        out += " " * apart + (f" {token.text} " if token.text in "+-*/" else token.text)
    return " ".join(out.split())
