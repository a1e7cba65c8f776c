"""Reading covariance or correlation matrices in place of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.frame import LARGEST, SINGLE, Table
from vaar.sem.data.moment_sample import MomentSample, moment_sample
from vaar.sem.data.sample import Moments
from vaar.sem.data.screening import Finding, Screened

if TYPE_CHECKING:
    import pandas as pd

    Matrices = pd.DataFrame | Mapping[Any, pd.DataFrame] | Sequence[pd.DataFrame]
    Means = Mapping[Any, Any] | Sequence[Any] | pd.Series[float]
    Counts = int | Mapping[Any, int] | Sequence[int]

_UNEQUAL = 1e-6  # share of the scale by which two halves of a matrix may differ by rounding
_MOST_ROWS = 1e15  # beyond, whole numbers are no longer told apart
SINGULAR = 1e-10  # smallest eigenvalue of the correlations that counts as positive


@dataclass(frozen=True)
class Summary:
    """Moments of the variables of a model in several groups.

    Attributes
    ----------
    names : tuple of str
        The groups.
    n : (G,) array
        Rows that the moments were taken from.
    cov : (G, p, p) array
        Covariances with divisor n.
    mean : (G, p) array
        Means; 0 where none are given.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    n: Ints
    cov: Floats
    mean: Floats
    findings: tuple[Finding, ...]

    @property
    def table(self) -> Table:
        """A table of these groups without rows."""
        none, rows = np.empty(0, dtype=np.int64), np.empty((0, len(self.columns)))
        return Table(self.columns, rows, none, self.names, none, self.findings)

    def screened(self) -> Screened:
        """The groups with more rows than variables."""
        p, every = len(self.columns), range(len(self.names))
        values, rows = np.empty((0, p)), np.empty(0, dtype=bool)
        present = np.ones((len(self.names), p), dtype=bool)
        whole = Screened(values, rows, tuple(every), present, {}, ())
        for n in sorted(set(self.n[self.n <= p].tolist())):
            reason = f"n below p: {n} rows for {p} variables"
            good = self.n[list(whole.kept)] != n
            whole = whole.without(good, self.table, "n below p", reason)
        return whole

    def sample(self, screened: Screened) -> tuple[MomentSample, Ints]:
        """The moments of the kept groups; there are no rows to put in order."""
        at, groups = list(screened.kept), np.arange(len(screened.kept))
        seen = np.ones((len(at), len(self.columns)), dtype=bool)
        n = self.n[at].astype(float)
        moments = Moments(n, self.mean[at], self.cov[at], seen, groups, len(at))
        return moment_sample(moments), np.empty(0, dtype=np.int64)


def count_groups(sample_cov: Any) -> int:
    """Groups of a ``sample_cov`` that is rightly given; 0 without any."""
    if sample_cov is None:
        return 0
    return 1 if _is_frame(sample_cov) else len(sample_cov) if hasattr(sample_cov, "__len__") else 1


def check_summary(sample_cov: Any, others: Mapping[str, Any], estimator: str, missing: str) -> None:
    """Refuse no data at all, and with covariances, what needs rows.

    Raises
    ------
    DataError
        Either.
    """
    if sample_cov is None and others["data"] is None:
        raise DataError("there is nothing to fit to: give data, or sample_cov with nobs")
    given = [name for name, value in others.items() if value is not None and value is not False]
    if "group" in given:
        raise DataError(
            "group= names a column of data; with sample_cov the groups are the keys of a mapping "
            "from each group to its matrix: give that, and leave group= out"
        )
    if str(estimator).upper() != "ML":
        raise DataError(
            f"estimator {estimator!r} needs the rows of the data, and only covariances are given "
            "(sample_cov): use ML, or fit the data themselves"
        )
    if str(missing).lower() != "listwise":
        raise DataError(
            f"missing={missing!r} needs the rows of the data, and only covariances are given "
            "(sample_cov): leave it out, or fit the data themselves"
        )
    if given:
        raise DataError(
            f"sample_cov is given, and so is {given[0]}, which needs rows: give the data alone, or "
            f"leave {given[0]} out"
        )


def read_summary(
    columns: Sequence[str], sample_cov: Any, sample_mean: Any, nobs: Any, means: bool
) -> Summary:
    """Read the moments of a model's variables.

    Parameters
    ----------
    sample_cov, sample_mean, nobs
        As in :func:`vaar.sem.fit`.
    means : bool
        Whether the model has means.

    Raises
    ------
    DataError
        A matrix without names, or not symmetric, or not positive definite; variables, groups or
        numbers of rows that are missing; means that are missing where they are modelled.
    """
    names, matrices = _by_group(sample_cov)
    if nobs is None:
        raise DataError(
            "sample_cov is given without nobs: give the number of rows the covariances were taken "
            "from, for each group"
        )
    if means and sample_mean is None:
        raise DataError(
            "the model has means, and sample_mean is not given: give the means of the variables, "
            "or leave intercepts and equalities of them out"
        )
    n = np.array([_count(one, name) for name, one in _matched(nobs, names, "nobs")])
    cov = np.array([_matrix(one, columns, name) for name, one in zip(names, matrices, strict=True)])
    mean = np.zeros((len(names), len(columns)))
    if sample_mean is not None:
        given = _matched(sample_mean, names, "sample_mean")
        mean = np.array([_means(one, columns, name) for name, one in given])
    findings = tuple(_correlations(names, cov)) if len(columns) > 1 else ()
    scaled = cov * ((n - 1) / n)[:, None, None]
    return Summary(tuple(columns), names, n, scaled, mean, findings)


def _by_group(given: Any) -> tuple[tuple[str, ...], list[Any]]:
    """Names of the groups, and a matrix for each."""
    if _is_frame(given):
        return (SINGLE,), [given]
    if isinstance(given, Mapping) and given:
        return tuple(str(name) for name in given), list(given.values())
    if isinstance(given, list | tuple) and given and all(map(_is_frame, given)):
        return tuple(str(i + 1) for i in range(len(given))), list(given)
    raise DataError(
        f"sample_cov got {type(given).__name__}; it takes a DataFrame whose rows and columns are "
        "named by the variables (sem.get_cov makes one), or a mapping or list of one for each group"
    )


def _is_frame(given: Any) -> bool:
    return hasattr(given, "columns") and hasattr(given, "iloc")


def _matched(given: Any, names: tuple[str, ...], role: str) -> list[tuple[str, Any]]:
    """What is given for each group, by name, by position, or for the only one."""
    if isinstance(given, Mapping) and {str(key) for key in given} == set(names):
        known = {str(key): value for key, value in given.items()}
        return [(name, known[name]) for name in names]
    if isinstance(given, list | tuple | np.ndarray) and len(given) == len(names):
        return list(zip(names, given, strict=True))
    alone = np.ndim(given) == 0 and not isinstance(given, Mapping)
    if len(names) == 1 and (role == "sample_mean" or alone):
        return [(names[0], given)]
    raise DataError(
        f"{role} does not match the groups of sample_cov, {', '.join(names)}: give one entry for "
        "each, under the same names or in the same order"
    )


def _count(given: Any, group: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int | float | np.number):
        raise DataError(f"nobs of {group} got {given!r}; give a whole number of rows, at least 2")
    if not (2 <= given <= _MOST_ROWS and float(given).is_integer()):
        raise DataError(f"nobs of {group} got {given}; give a whole number of rows, at least 2")
    return int(given)


def _matrix(given: Any, columns: Sequence[str], group: str) -> Floats:
    """(p, p) covariances of the variables, in their order."""
    if not _is_frame(given):
        raise DataError(
            f"sample_cov of {group} got {type(given).__name__}; give a DataFrame whose rows and "
            "columns are named by the variables (sem.get_cov makes one)"
        )
    frame = _named(given, columns, group)
    values = _numbers(frame, f"sample_cov of {group}")
    values = np.where(np.isnan(values), values.T, values)  # one triangle is enough
    if not np.isfinite(values).all():
        i, j = np.argwhere(~np.isfinite(values))[0]
        raise DataError(
            f"sample_cov of {group} has {values[i, j]} between {columns[i]!r} and {columns[j]!r}: "
            "give all covariances of the model's variables, in one triangle or both"
        )
    _check_sizes(np.diagonal(values), group)
    scale = np.sqrt(np.outer(np.abs(np.diagonal(values)), np.abs(np.diagonal(values))))
    gap = np.abs(values - values.T) > _UNEQUAL * scale
    if gap.any():
        i, j = np.argwhere(gap)[0]
        raise DataError(
            f"sample_cov of {group} is not symmetric: {columns[i]!r} with {columns[j]!r} is "
            f"{values[i, j]:g} in one half and {values[j, i]:g} in the other: correct one"
        )
    _check_definite(values, group)
    return np.asarray((values + values.T) / 2)


def _named(given: pd.DataFrame, columns: Sequence[str], group: str) -> pd.DataFrame:
    """The rows and columns of the model's variables."""
    for side, labels in (("rows", given.index), ("columns", given.columns)):
        known = [str(label) for label in labels]
        wrong = [name for name in columns if known.count(name) != 1]
        if wrong:
            found = "twice" if wrong[0] in known else "not"
            raise DataError(
                f"sample_cov of {group}: {wrong[0]!r} is {found} among its {side}, "
                f"{', '.join(known[:30])}: name rows and columns by the variables"
            )
    rows = [list(map(str, given.index)).index(name) for name in columns]
    return given.iloc[rows, [list(map(str, given.columns)).index(name) for name in columns]]


def _numbers(given: Any, what: str) -> Floats:
    try:
        found = np.array(given)
        if np.iscomplexobj(found):
            raise TypeError
        return found.astype(float)
    except (TypeError, ValueError) as error:
        raise DataError(f"{what} holds something that is no number: give numbers") from error


def _check_sizes(variance: Floats, group: str) -> None:
    size = np.abs(variance[variance != 0])
    if ((size > LARGEST**2) | (size < LARGEST**-2)).any():
        raise DataError(
            f"sample_cov of {group} has variances from {variance.min():g} to {variance.max():g}, "
            "too large or too small to compute with: give it in other units"
        )


def _check_definite(values: Floats, group: str) -> None:
    variance = np.diagonal(values)
    if (variance > 0).all():
        scale = np.sqrt(variance)
        smallest = float(np.linalg.eigvalsh(values / np.outer(scale, scale))[0])
        if smallest > SINGULAR:
            return
        told = f"the smallest eigenvalue of its correlations is {smallest:.2g}"
    else:
        told = f"it has the variance {variance.min():g}"
    raise DataError(
        f"sample_cov of {group} is not positive definite, {told}: see that all entries are from "
        "the same rows and rightly copied, or leave a variable out that follows from others"
    )


def _means(given: Any, columns: Sequence[str], group: str) -> Floats:
    """(p,) means of the variables, in their order."""
    known: Mapping[str, Any] | None = None
    if isinstance(given, Mapping) or hasattr(given, "items"):
        known = {str(name): value for name, value in given.items()}
    elif len(np.atleast_1d(given)) == len(columns):
        known = dict(zip(columns, np.atleast_1d(given), strict=True))
    missing = [name for name in columns if known is None or name not in known]
    if known is None or missing:
        raise DataError(
            f"sample_mean of {group} has no mean of {missing[0]!r}: give a mapping from every "
            "variable of the model to its mean"
        )
    values = _numbers([known[name] for name in columns], f"sample_mean of {group}")
    if not np.isfinite(values).all():
        wrong = columns[int(np.argmin(np.isfinite(values)))]
        raise DataError(f"sample_mean of {group} has no finite mean of {wrong!r}: give one")
    return values


def _correlations(names: Sequence[str], cov: Floats) -> list[Finding]:
    """Matrices whose variances are all 1."""
    detail = (
        "variances are all 1, so that estimates are in standard deviations of the sample: of "
        "standardised coefficients std_all_se is the standard error, and raw values cannot be "
        "compared across groups"
    )
    variances = np.einsum("gpp->gp", cov)
    return [
        Finding(name, "", "correlations", "kept", detail)
        for name, row in zip(names, variances, strict=True)
        if np.all(np.abs(row - 1) < 1e-12)
    ]


@checks_arguments
def get_cov(
    lower: str,
    names: Iterable[str],
    sds: Sequence[float] | None = None,
    diagonal: bool = True,
) -> pd.DataFrame:
    """A covariance matrix from its lower triangle, as it stands in print.

    Parameters
    ----------
    lower : str
        The triangle, row by row: numbers separated by blanks, commas or line ends.
    names : iterable of str
        The variables, in the order of the rows.
    sds : sequence of float, optional
        Standard deviations, where the triangle has correlations and covariances are wanted.
    diagonal : bool
        Whether the triangle has its diagonal; without, it is 1.

    Raises
    ------
    DataError
        Another number of entries than the variables need, or an entry that is no number.

    Examples
    --------
    >>> get_cov("1  .62 1", ["risk", "concern"])
             risk  concern
    risk     1.00     0.62
    concern  0.62     1.00
    """
    import pandas as pd

    if not isinstance(lower, str) or isinstance(names, str) or not isinstance(names, Iterable):
        raise DataError(
            f"get_cov got {type(lower).__name__} and {type(names).__name__}; it takes the triangle "
            "as text, and the names of its variables in a list"
        )
    entries = _numbers(lower.replace(",", " ").replace(";", " ").split(), "the triangle")
    names = list(names)
    p = len(names)
    at = np.tril_indices(p, 0 if diagonal else -1)
    if len(entries) != len(at[0]) or len(set(map(str, names))) < p:
        raise DataError(
            f"get_cov got {len(entries)} numbers for the variables {', '.join(map(str, names))}; a "
            f"triangle {'with' if diagonal else 'without'} its diagonal has {len(at[0])}: give "
            "each row up to the diagonal, and every variable once"
        )
    matrix = np.eye(p)
    matrix[at] = entries
    matrix = np.tril(matrix) + np.tril(matrix, -1).T
    if sds is not None:
        scale = np.atleast_1d(_numbers(sds, "sds"))
        if scale.shape != (p,) or not (scale > 0).all():
            raise DataError(
                f"get_cov got {scale.size} standard deviations for {p} variables; give a number "
                "above 0 for each"
            )
        matrix = matrix * np.outer(scale, scale)
    return pd.DataFrame(matrix, index=names, columns=names)
