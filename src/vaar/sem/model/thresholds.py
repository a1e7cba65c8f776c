"""Thresholds and scalings of ordinal items, as parameters of a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.arrays import Floats
from vaar.sem.model.parameters import ModelSpec, Row
from vaar.sem.model.syntax import Modifier
from vaar.sem.names import listed

PARAMETERIZATIONS = ("delta", "theta")


def with_thresholds(
    spec: ModelSpec, categories: Mapping[str, Floats], parameterization: str
) -> ModelSpec:
    """Complete a model of ordinal items.

    Threshold ``t1`` of an item stands between its two lowest categories, counting those that
    anyone in any group chose.

    Parameters
    ----------
    categories : mapping
        The used categories of each ordinal item, ascending.
    parameterization : {'delta', 'theta'}

    Raises
    ------
    ModelSyntaxError
        The model names a threshold that an item does not have, or has an ordinal variable in a
        role that ordinal variables cannot have.
    """
    _check_thresholds(spec, categories)
    _check_roles(spec, categories, parameterization)
    _check_derived(spec, categories, parameterization)
    written = {row.name for row in spec.rows}
    rows = list(spec.rows)
    for item, used in categories.items():
        made = [Row(item, "|", f"t{k}", "thresholds") for k in range(1, len(used))]
        made.append(Row(item, "~*~", item, "scalings"))
        rows += [row for row in made if row.name not in written]
    return replace(
        spec, rows=tuple(rows), ordered=tuple(categories), parameterization=parameterization
    )


def refuse_thresholds(spec: ModelSpec) -> None:
    """Refuse lines on ordinal items where all variables are continuous.

    Raises
    ------
    ModelSyntaxError
        A threshold or a scaling.
    """
    for row in spec.rows:
        if row.op in ("|", "~*~"):
            raise ModelSyntaxError(
                f"{row.name}: only ordinal items have thresholds ('|') and scalings ('~*~'), and "
                "the estimator takes answers as continuous: name the items in ordered= with "
                "estimator='WLSMV', or take the line out"
            )


def ordered_columns(
    ordered: bool | str | Sequence[str], spec: ModelSpec, columns: Collection[str]
) -> tuple[str, ...]:
    """The ordinal items of a model, from the argument ``ordered``; it may name other columns too.

    Raises
    ------
    DataError
        A name that is no column.
    """
    if isinstance(ordered, bool):
        names = tuple(name for name in spec.observed if ordered and name not in spec.exogenous)
    else:
        names = listed("ordered", ordered)
    unknown = [name for name in names if name not in columns]
    if unknown:
        raise DataError(
            f"ordered names {unknown[0]!r}, which is no column of the data; the model has "
            f"{', '.join(spec.observed)}: correct the name"
        )
    return tuple(name for name in spec.observed if name in names)


def _check_thresholds(spec: ModelSpec, categories: Mapping[str, Floats]) -> None:
    for row in spec.rows:
        if row.op not in ("|", "~*~"):
            continue
        if row.lhs not in categories:
            raise ModelSyntaxError(
                f"{row.name}: {row.lhs!r} is not an ordinal item; only those have {row.op!r}: name "
                "it in ordered=, or leave this line out"
            )
        allowed = [f"t{k}" for k in range(1, len(categories[row.lhs]))]
        if row.op == "|" and row.rhs not in allowed:
            raise ModelSyntaxError(
                f"{row.name}: {row.lhs!r} has {len(allowed) + 1} categories, so its thresholds are "
                f"{', '.join(allowed)}: correct the name"
            )
        if row.op == "~*~" and row.lhs != row.rhs:
            raise ModelSyntaxError(
                f"{row.name}: a scaling has the same item on both sides: write "
                f"{row.lhs} ~*~ {row.lhs}"
            )


def _check_derived(
    spec: ModelSpec, categories: Mapping[str, Floats], parameterization: str
) -> None:
    """Refuse what is asked of parameters that follow from others, and would not be applied."""
    op, other = ("~~", "theta") if parameterization == "delta" else ("~*~", "delta")
    for row in spec.rows:
        plain = op == "~~" and row.modifier == Modifier()
        if row.op == op and row.lhs == row.rhs in categories and row.written and not plain:
            what = "residual variances" if op == "~~" else "scalings"
            raise ModelSyntaxError(
                f"{row.name}: under parameterization={parameterization!r} {what} of ordinal items "
                f"follow from the other parameters: leave this out, or use {other!r}"
            )


def _check_roles(spec: ModelSpec, categories: Mapping[str, Floats], parameterization: str) -> None:
    if spec.held:
        raise ModelSyntaxError(
            f"the observed predictor {spec.held[0]!r} is held at its sample moments, which "
            "the estimators for ordinal items cannot do: use fixed_x=False, or make it the only "
            "indicator of a factor"
        )
    if parameterization == "theta":
        return
    predictors = {row.rhs for row in spec.rows if row.op == "~"}
    for item in categories:
        if item in predictors:
            raise ModelSyntaxError(
                f"the ordinal item {item!r} predicts another variable, so its residual variance "
                "must be a parameter: use parameterization='theta'"
            )
