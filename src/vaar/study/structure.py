"""A light reading of a structural model: enough to check names, none of its algebra."""

from __future__ import annotations

import re
from dataclasses import dataclass

STATEMENT = re.compile(r"(?P<left>[^~=<>:|]+)(?P<operator>=~|~~|~)(?P<right>[^~=<>:|]*)")
OPERATOR = re.compile(r"=~|~|:=|==|<|>|\|")
NAME = re.compile(r"[A-Za-z._][\w.]*")


@dataclass(frozen=True)
class Structure:
    """The names a structural model uses.

    Attributes
    ----------
    indicators : dict
        Latent variable → its indicators, in order.
    regressions : tuple of (outcome, predictor)
        Every pair related by ``~``.
    lines : dict
        Every variable with the line of the model, counted from 0, on which it first stands.
    """

    indicators: dict[str, tuple[str, ...]]
    regressions: tuple[tuple[str, str], ...]
    lines: dict[str, int]


def read_structure(model: str) -> Structure:
    """Read the variables and regressions of a model in lavaan syntax; skip what is unclear."""
    indicators: dict[str, tuple[str, ...]] = {}
    regressions: list[tuple[str, str]] = []
    lines: dict[str, int] = {}
    for line, statement in _statements(model):
        if not (match := STATEMENT.fullmatch(statement)):
            continue
        left, right = _variables(match["left"]), _variables(match["right"])
        for name in left + right:
            lines.setdefault(name, line)
        if match["operator"] == "=~":
            indicators |= {name: indicators.get(name, ()) + tuple(right) for name in left}
        if match["operator"] == "~":
            regressions += [(outcome, predictor) for outcome in left for predictor in right]
    return Structure(indicators, tuple(regressions), lines)


def _statements(model: str) -> list[tuple[int, str]]:
    """Return each formula with its first line; a line without an operator continues the last."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(model.split("\n")):
        for part in re.sub(r"[#!].*", "", line).split(";"):
            text = part.strip()
            if not text:
                continue
            continues = found and (found[-1][1].endswith(("+", "~")) or not OPERATOR.search(text))
            if continues:
                found[-1] = (found[-1][0], f"{found[-1][1]} {text}")
            else:
                found.append((number, text))
    return found


def _variables(side: str) -> list[str]:
    terms = (term.split("*")[-1].strip() for term in side.split("+"))
    return [term for term in terms if NAME.fullmatch(term)]
