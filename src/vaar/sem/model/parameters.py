"""From the terms a user wrote to the full list of parameters, with lavaan's ``sem()`` defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from vaar.errors import ModelSyntaxError
from vaar.sem.model.group_blocks import has_blocks, read_blocks
from vaar.sem.model.labels import check_labels
from vaar.sem.model.syntax import Definition, Modifier, Syntax, Term, parse

KINDS = (
    "loadings",
    "intercepts",
    "means",
    "regressions",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
    "thresholds",
    "scalings",
)


_PLAIN = Modifier()


@dataclass(frozen=True)
class Row:
    """One parameter of every group: ``lhs op rhs``.

    Attributes
    ----------
    kind : str
        What it is, in the words of ``group_equal``.
    modifier : Modifier
        What the user wrote before it.
    written : bool
        Whether the user wrote it, or it follows from the defaults.
    exogenous : bool
        Whether it is a moment of observed predictors, which no equality across groups touches.
    from_data : bool
        Whether it is such a moment, and held at its sample value.
    """

    lhs: str
    op: str
    rhs: str
    kind: str
    modifier: Modifier = _PLAIN
    written: bool = False
    exogenous: bool = False
    from_data: bool = False

    @property
    def name(self) -> str:
        """The parameter as it is written, without blanks: ``f=~x1``, ``x1~1``."""
        return f"{self.lhs}{self.op}{'' if self.op == '~1' else self.rhs}"


@dataclass(frozen=True)
class ModelSpec:
    """A model, not yet joined to data or groups.

    Attributes
    ----------
    observed, latents : tuple of str
        Variables in the order they appear.
    structural : tuple of str
        Observed variables with a place in the structural part: outcomes and predictors of ``~``.
    exogenous : tuple of str
        Observed predictors that nothing in the model explains. They all covary.
    rows : tuple of Row
        The parameters of one group.
    fixed_x : bool
        Whether their moments are held at their sample values.
    ordered : tuple of str
        Ordinal items.
    parameterization : {'', 'delta', 'theta'}
        Which of scalings and residual variances of ordinal items are parameters; empty without
        such items.
    inequalities : tuple of Definition
        The ``>`` and ``<`` lines.
    bounds : str
        The keyword by which variances are bounded at 0, empty without one.
    orthogonal : bool
        Whether latent variables have no covariances but those written.
    """

    text: str
    observed: tuple[str, ...]
    latents: tuple[str, ...]
    structural: tuple[str, ...]
    exogenous: tuple[str, ...]
    rows: tuple[Row, ...]
    defined: tuple[Definition, ...]
    equalities: tuple[Definition, ...]
    mean_structure: bool
    fixed_x: bool = True
    ordered: tuple[str, ...] = ()
    parameterization: str = ""
    inequalities: tuple[Definition, ...] = ()
    bounds: str = ""
    orthogonal: bool = False

    @property
    def held(self) -> tuple[str, ...]:
        """Observed predictors whose moments are held at their sample values."""
        return self.exogenous if self.fixed_x else ()

    @cached_property
    def indicators(self) -> dict[str, tuple[str, ...]]:
        """The right-hand sides of ``=~``, by latent variable."""
        return {
            latent: tuple(row.rhs for row in self.rows if row.op == "=~" and row.lhs == latent)
            for latent in self.latents
        }

    @cached_property
    def is_bounded(self) -> bool:
        """Whether there are inequalities, or bounds of parameters."""
        bounded = any(row.modifier.lower or row.modifier.upper for row in self.rows)
        return bounded or bool(self.inequalities)

    @cached_property
    def names_groups(self) -> bool:
        """Whether values or labels are written for each group, by ``c(…)``."""
        modifiers = [row.modifier for row in self.rows]
        return any(len(each.values) > 1 or len(each.labels) > 1 for each in modifiers)

    @cached_property
    def scale(self) -> frozenset[str]:
        """Observed variables that indicate a latent one."""
        return frozenset(
            name for names in self.indicators.values() for name in names if name in self.observed
        )


def specify(
    model: str, *, mean_structure: bool = True, fixed_x: bool = True, orthogonal: bool = False
) -> ModelSpec:
    """Read a model and complete it as lavaan's ``sem()`` does.

    Parameters
    ----------
    model : str
        lavaan syntax.
    mean_structure : bool
        Whether intercepts and latent means are parameters.
    fixed_x : bool
        Whether moments of exogenous observed variables are held at their sample values.
    orthogonal : bool
        Whether latent variables have no covariances but those that are written.
    """

    def complete(syntax: Syntax) -> ModelSpec:
        return completed(syntax, model, mean_structure, fixed_x, orthogonal)

    def keys_of(syntax: Syntax) -> set[tuple[str, str, str]]:
        return {(row.lhs, row.op, row.rhs) for row in complete(syntax).rows}

    syntax = read_blocks(model, keys_of) if has_blocks(model) else parse(model)
    check_labels(syntax)
    return complete(syntax)


def completed(
    syntax: Syntax, text: str, mean_structure: bool, fixed_x: bool, orthogonal: bool = False
) -> ModelSpec:
    """Complete the terms of a model that was read, and whose labels are known to be there."""
    roles = _Roles.of(syntax)
    rows = [_written_row(term, roles) for term in syntax.terms]
    known = {(row.lhs, row.op, row.rhs) for row in rows}
    known |= {(rhs, op, lhs) for lhs, op, rhs in known if op == "~~"}
    for row in _default_rows(roles, mean_structure, fixed_x):
        dropped = orthogonal and row.lhs != row.rhs and {row.lhs, row.rhs} <= {*roles.latents}
        if (row.lhs, row.op, row.rhs) not in known and not dropped:
            rows.append(row)
    if not mean_structure and any(row.op == "~1" for row in rows):
        return completed(syntax, text, True, fixed_x, orthogonal)
    return ModelSpec(
        text,
        roles.observed,
        roles.latents,
        roles.structural,
        roles.exogenous,
        tuple(rows),
        syntax.defined,
        syntax.equalities,
        mean_structure,
        fixed_x,
        inequalities=syntax.inequalities,
        orthogonal=orthogonal,
    )


@dataclass(frozen=True)
class _Roles:
    """Which part each variable plays."""

    observed: tuple[str, ...]
    latents: tuple[str, ...]
    structural: tuple[str, ...]
    exogenous: tuple[str, ...]
    outcomes: tuple[str, ...]
    free_latents: tuple[str, ...]

    @staticmethod
    def of(syntax: Syntax) -> _Roles:
        terms = syntax.terms
        latents = _unique(term.lhs for term in terms if term.op == "=~")
        indicated = _unique(term.rhs for term in terms if term.op == "=~")
        dependent = _unique(term.lhs for term in terms if term.op == "~")
        predictors = _unique(term.rhs for term in terms if term.op == "~")
        observed = tuple(name for name in _unique(_mentioned(terms)) if name not in latents)
        _check_latents(terms, latents)
        moments = {n for t in terms if t.op in ("~~", "~1") for n in (t.lhs, t.rhs)}
        exogenous = tuple(
            name
            for name in predictors
            if name in observed and name not in (*dependent, *indicated, *moments)
        )
        return _Roles(
            observed,
            latents,
            _structural(terms, observed, latents, (*dependent, *predictors)),
            exogenous,
            tuple(name for name in dependent if name not in (*predictors, *indicated)),
            tuple(name for name in latents if name not in (*dependent, *indicated)),
        )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _mentioned(terms: tuple[Term, ...]) -> Iterator[str]:
    """Variable names, those of the measurement part first."""
    for term in terms:
        if term.op == "=~":
            yield term.rhs
    for term in terms:
        if term.op in ("~", "~~"):
            yield from (term.lhs, term.rhs)
        elif term.op != "=~":
            yield term.lhs


def _check_latents(terms: tuple[Term, ...], latents: tuple[str, ...]) -> None:
    for term in terms:
        if term.op in ("|", "~*~") and term.lhs in latents:
            raise ModelSyntaxError(
                f"line {term.line}, column {term.column}: {term.lhs!r} is latent; only observed "
                f"variables have {term.op!r}"
            )


def _structural(
    terms: tuple[Term, ...],
    observed: tuple[str, ...],
    latents: tuple[str, ...],
    related: tuple[str, ...],
) -> tuple[str, ...]:
    """Observed variables that take part in ``~``, or covary with a variable that does."""
    inside = {name for name in related if name in observed} | set(latents)
    pairs = [{t.lhs, t.rhs} for t in terms if t.op == "~~"]
    while grown := {name for pair in pairs if pair & inside for name in pair} - inside:
        inside |= grown
    return tuple(name for name in observed if name in inside)


def kind_of(op: str, lhs: str, rhs: str, latents: tuple[str, ...]) -> str:
    latent = lhs in latents
    if op == "~~" and lhs == rhs:
        return "lv.variances" if latent else "residuals"
    if op == "~~":
        return "lv.covariances" if latent or rhs in latents else "residual.covariances"
    if op == "~1":
        return "means" if latent else "intercepts"
    return {"=~": "loadings", "~": "regressions", "|": "thresholds", "~*~": "scalings"}[op]


def _written_row(term: Term, roles: _Roles) -> Row:
    kind = kind_of(term.op, term.lhs, term.rhs, roles.latents)
    return Row(term.lhs, term.op, term.rhs, kind, term.modifier, written=True)


def _default_rows(roles: _Roles, mean_structure: bool, fixed_x: bool) -> Iterator[Row]:
    """Variances, covariances and intercepts that stand in the model unless the user writes them."""

    def row(lhs: str, op: str, rhs: str) -> Row:
        kind, exogenous = kind_of(op, lhs, rhs, roles.latents), lhs in roles.exogenous
        held = exogenous and fixed_x
        return Row(lhs, op, rhs, kind, exogenous=exogenous, from_data=held)

    endogenous = tuple(name for name in roles.observed if name not in roles.exogenous)
    for name in (*endogenous, *roles.latents, *roles.exogenous):
        yield row(name, "~~", name)
    for group in (roles.free_latents, roles.outcomes, roles.exogenous):
        for one, other in combinations(group, 2):
            yield row(one, "~~", other)
    if mean_structure:
        for name in (*roles.observed, *roles.latents):
            yield row(name, "~1", "1")
