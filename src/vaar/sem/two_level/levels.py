"""Reading a model of two levels, ``level: 1`` and ``level: 2``, as one model.

A variable at both levels has two parts, y = w + b: how a row differs from its cluster, and the
random intercept of the cluster. They are two variables of the joined model. Names of level 2 carry
a mark there, y1@2, and no parameter leads from one level to the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vaar.errors import ModelSyntaxError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.model.group_blocks import has_blocks
from vaar.sem.model.labels import check_labels
from vaar.sem.model.parameters import ModelSpec, Row, completed
from vaar.sem.model.syntax import Definition, Modifier, Syntax, Term, parse

MARK = "@2"
WORDS = {"1": 1, "within": 1, "2": 2, "between": 2}
_HEADER = re.compile(r"^\s*level\s*:\s*([^\s#!;]*)\s*;?\s*(?:[#!].*)?$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Levels:
    """A model of two levels.

    Attributes
    ----------
    spec : ModelSpec
        The joined model: variables of level 1, then those of level 2 with their mark.
    variables : tuple of str
        The q columns of the data.
    """

    spec: ModelSpec
    variables: tuple[str, ...]

    @cached_property
    def between(self) -> Bools:
        """(p,) which variables of the joined model are of level 2."""
        return np.array([is_between(name) for name in self.spec.observed], dtype=bool)

    @cached_property
    def column(self) -> Ints:
        """(p,) the column of the data of each variable of the joined model."""
        place = {name: i for i, name in enumerate(self.variables)}
        return np.array([place[unmarked(name)] for name in self.spec.observed], dtype=np.int64)

    @cached_property
    def parts(self) -> Floats:
        """(q, p) which variables of the joined model are parts of a column."""
        return np.asarray(self.column == np.arange(len(self.variables))[:, None], dtype=float)

    @cached_property
    def level_parts(self) -> tuple[Floats, Floats]:
        """The same of variables of level 1, and of level 2."""
        return self.parts * ~self.between, self.parts * self.between

    @cached_property
    def within_columns(self) -> Ints:
        """Columns with a part at level 1."""
        return self.column[~self.between]

    @cached_property
    def between_columns(self) -> Ints:
        """Columns with a part at level 2."""
        return self.column[self.between]

    @property
    def holds_both(self) -> bool:
        """Whether a predictor of both levels is held at its moments."""
        named = zip(self.spec.observed, self.both, strict=True)
        return any(twofold and name in self.spec.held for name, twofold in named)

    @cached_property
    def both(self) -> Bools:
        """(p,) which variables of the joined model are parts of a column at both levels."""
        count = np.bincount(self.column, minlength=len(self.variables))
        return np.asarray(count[self.column] > 1)


def has_levels(model: object) -> bool:
    """Whether a model text has ``level:`` blocks."""
    return isinstance(model, str) and any(map(_HEADER.match, model.split("\n")))


def is_between(name: str) -> bool:
    return name.endswith(MARK)


def marked(name: str) -> str:
    return name + MARK


def unmarked(name: str) -> str:
    """A name of the joined model as the user writes it."""
    return name.removesuffix(MARK)


def read_levels(model: str, fixed_x: bool = True, orthogonal: bool = False) -> Levels:
    """Read the blocks of a model, and join them.

    Raises
    ------
    ModelSyntaxError
        Levels other than 1 and 2 (or within and between), a level that is not there, parameters
        outside both, thresholds.
    """
    if has_blocks(model):
        raise ModelSyntaxError(
            "the model has blocks of groups and of levels: write the levels once for all groups, "
            "and what differs between groups by c(…)"
        )
    texts = _split(model)
    parts = [parse(_present(text, level)) for level, text in texts.items()]
    terms = tuple(term for part in parts for term in part.terms)
    defined, equalities, inequalities = (
        tuple(sorted((line for part in parts for line in getattr(part, kind)), key=_line_of))
        for kind in ("defined", "equalities", "inequalities")
    )
    check_labels(Syntax(terms, defined, equalities, inequalities=inequalities))
    for term in terms:
        if term.op in ("|", "~*~"):
            raise ModelSyntaxError(
                f"line {term.line}, column {term.column}: {term.op!r} belongs to ordinal items, "
                "which models of two levels do not have: take the line out"
            )
    marked_part = replace(parts[1], terms=tuple(map(_marked_term, parts[1].terms)))
    within, between = (
        completed(part, model, True, fixed_x, orthogonal) for part in (parts[0], marked_part)
    )
    outer = tuple(map(unmarked, between.observed))
    twofold = frozenset(within.observed).intersection(outer)
    rows = [_without_level(row, within, twofold) for row in within.rows]
    spec = ModelSpec(
        model,
        within.observed + between.observed,
        within.latents + between.latents,
        within.structural + between.structural,
        within.exogenous + between.exogenous,
        (*rows, *between.rows),
        defined,
        equalities,
        True,
        fixed_x,
        inequalities=inequalities,
        orthogonal=orthogonal,
    )
    return Levels(spec, tuple(dict.fromkeys((*within.observed, *outer))))


def _line_of(line: Definition) -> int:
    return line.line


def _split(model: str) -> dict[int, str]:
    """The text of each level, all other lines empty so that those left keep their numbers."""
    lines = model.split("\n")
    level, found = 0, {1: [""] * len(lines), 2: [""] * len(lines)}
    for at, line in enumerate(lines):
        header = _HEADER.match(line)
        if header:
            level = WORDS.get(header.group(1).lower(), 0)
            if not level:
                raise ModelSyntaxError(
                    f"line {at + 1}, column 1: got level {header.group(1)!r}; there are two, "
                    f"'level: 1' (within) and 'level: 2' (between)\n  {line}"
                )
        elif level:
            found[level][at] = line
        elif line.split("#")[0].split("!")[0].strip():
            raise ModelSyntaxError(
                f"line {at + 1}, column 1: this stands before the first 'level:': move it into a "
                f"level\n  {line}"
            )
    return {number: "\n".join(part) for number, part in found.items()}


def _present(text: str, level: int) -> str:
    if not text.strip():
        raise ModelSyntaxError(
            f"the model has no level {level}: write 'level: {level}' and what holds there, at "
            "least variances and covariances, as in 'y1 ~~ y2'"
        )
    return text


def _without_level(row: Row, within: ModelSpec, twofold: frozenset[str]) -> Row:
    """A parameter of level 1: what has a mean at level 2 has none here, and latent variables have
    none unless one is written."""
    is_mean = row.op == "~1" and not row.written
    if is_mean and (row.lhs in twofold or row.lhs in within.latents) and not row.from_data:
        return replace(row, modifier=Modifier(values=(0.0,)))
    return row


def _marked_term(term: Term) -> Term:
    rhs = term.rhs if term.op == "~1" else marked(term.rhs)
    return replace(term, lhs=marked(term.lhs), rhs=rhs)


def matching(names: Sequence[str], spec: ModelSpec) -> list[str]:
    """Names of parameters as the user writes them, as those of the joined model; where both levels
    have one of that name, both."""
    out: list[str] = []
    for name in names:
        bare = "".join(str(name).split())
        found = []
        for row in spec.rows:
            lhs, rhs = unmarked(row.lhs), unmarked(row.rhs)
            written = {f"{lhs}{row.op}{'' if row.op == '~1' else rhs}"}
            written |= {f"{rhs}~~{lhs}"} if row.op == "~~" else set()
            written |= {f"{lhs}~1"} if row.op == "~1" else set()
            if bare in written:
                found.append(row.name)
        out += found or [str(name)]
    return out
