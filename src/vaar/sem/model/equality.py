"""How groups are tied together: the arguments ``group_equal`` and ``group_partial``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vaar.errors import DataError
from vaar.sem.model.parameters import KINDS, ModelSpec
from vaar.sem.names import listed

_LEVELS = frozenset(("intercepts", "thresholds"))  # with ordinal items, either word means both


@dataclass(frozen=True)
class Equality:
    """How groups are tied together, and how the scale of latent variables is set.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of parameters equal across groups, in lavaan's words.
    partial : tuple of str
        Parameters excepted, written ``f=~x1`` or ``x1~1``.
    identify : {'marker', 'std_lv', 'effects'}
    apart : bool
        Nothing ties groups together, labels neither: each is as if it were the only one.
    """

    kinds: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    identify: str = "marker"
    apart: bool = False


def equality_of(
    spec: ModelSpec, kinds: Sequence[str], partial: Sequence[str], identify: str
) -> Equality:
    """Check and normalise ``group_equal`` and ``group_partial``.

    Raises
    ------
    DataError
        A word that is not a kind of parameter, a kind that this model cannot hold equal, or a
        parameter that is not in the model.
    """
    kinds, partial = listed("group_equal", kinds), listed("group_partial", partial)
    words = tuple(str(word).replace("_", ".") for word in kinds)
    unknown = [word for word in words if word not in KINDS[:-1]]
    if unknown:
        raise DataError(
            f"group_equal got {unknown[0]!r}; allowed are {', '.join(KINDS[:-1])}: correct the word"
        )
    _check_possible(spec, words)
    if spec.ordered and not _LEVELS.isdisjoint(words):
        words = tuple(dict.fromkeys((*words, *sorted(_LEVELS))))
    names = tuple(_canonical(str(name), spec) for name in partial)
    return Equality(words, names, identify)


def _check_possible(spec: ModelSpec, words: Sequence[str]) -> None:
    """Refuse what would be asked for and not be applied."""
    means = [word for word in words if word in ("intercepts", "means")]
    if means and not spec.mean_structure:
        raise DataError(
            f"group_equal got {means[0]!r}, and means are not modelled: leave meanstructure=False "
            "out, or take the word out"
        )
    if "thresholds" in words and not spec.ordered:
        raise DataError(
            "group_equal got 'thresholds', and the fit has no ordinal items: use estimator='WLSMV' "
            "with ordered=, or name 'intercepts'"
        )
    continuous = any(row.kind == "residuals" and row.lhs not in spec.ordered for row in spec.rows)
    if "residuals" in words and spec.parameterization == "delta" and not continuous:
        raise DataError(
            "group_equal got 'residuals', and under parameterization='delta' residual variances of "
            "ordinal items are no parameters: use parameterization='theta'"
        )


def _canonical(name: str, spec: ModelSpec) -> str:
    bare = "".join(name.split())
    for row in spec.rows:
        swapped = f"{row.rhs}{row.op}{row.lhs}" if row.op == "~~" else row.name
        if bare in (row.name, swapped):
            return row.name
    raise DataError(
        f"group_partial got {name!r}, which is no parameter of the model; write it as in "
        f"{spec.rows[0].name!r}"
    )
