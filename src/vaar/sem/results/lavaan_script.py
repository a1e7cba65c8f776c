"""The R script that has lavaan fit the same model."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.results.fit import Fit

_IDENTIFY = {
    "marker": (),
    "std_lv": ("std.lv = TRUE",),
    "effects": ('effect.coding = c("loadings", "intercepts")',),
}


@checks_arguments
def to_lavaan(fit: Fit, data_file: str | PathLike[str] = "data.csv") -> str:
    """Write an R script that reproduces a fit with lavaan.

    What screening did is written down too: dropped groups are taken out of the data; masked items
    and values read as missing, which lavaan has no equivalent for, are named in comments.

    Parameters
    ----------
    data_file : str or path
        The CSV file, with the columns of the data frame, that the script is to read.

    Raises
    ------
    DataError
        Something else than the name of a file.
    """
    if not isinstance(data_file, (str, PathLike)):
        raise DataError(
            f"data_file got {type(data_file).__name__}; it is the name of the file that the script "
            "reads: give that"
        )
    lines = ["# Reproduces a fit of vaar.sem with lavaan.", *_exclusions(fit), "library(lavaan)"]
    estimator = f"estimator = {_quoted(fit.estimator.name)}"
    if fit.sample.has_rows:
        lines.append(f"data <- read.csv({_quoted(fspath(data_file))}, check.names = FALSE)")
        arguments = ["model", "data", estimator]
    else:
        lines += _moments(fit)
        arguments = ["model", "sample.cov = cov", "sample.nobs = n", estimator]
        arguments += ["sample.mean = mean"] * fit.spec.mean_structure
    if fit.group_column is not None:
        column = _quoted(fit.group_column)
        lines.append(f"data <- data[data[[{column}]] %in% {_vector(fit.groups)}, ]")
        arguments.append(f"group = {column}")
        arguments.append(f"group.label = {_vector(fit.groups)}")
    lines.append(f"model <- {_quoted(fit.model_for_lavaan.strip())}")
    arguments += _options(fit)
    lines.append(f"fit <- sem({', '.join(arguments)})")
    lines.append("summary(fit, fit.measures = TRUE, standardized = TRUE)")
    return "\n".join(lines) + "\n"


def _options(fit: Fit) -> list[str]:
    equality = fit.equality
    out = [f"missing = {_quoted(_missing(fit))}"]
    if fit.spec.ordered:
        out.append(f"ordered = {_vector(fit.spec.ordered)}")
        out.append(f"parameterization = {_quoted(fit.spec.parameterization)}")
        out.append("conditional.x = FALSE")
    if fit.cluster_column is not None:
        out.append(f"cluster = {_quoted(fit.cluster_column)}")
    if fit.weight_column is not None:
        out.append(f"sampling.weights = {_quoted(fit.weight_column)}")
    if equality.kinds:
        out.append(f"group.equal = {_vector(equality.kinds)}")
    if equality.partial:
        out.append(f"group.partial = {_vector(equality.partial)}")
    if fit.spec.bounds:
        out.append(f"bounds = {_quoted(fit.spec.bounds)}")
    if fit.spec.orthogonal:
        out.append("orthogonal = TRUE")
    out += _IDENTIFY[equality.identify]
    out.append(f"meanstructure = {'TRUE' if fit.spec.mean_structure else 'FALSE'}")
    out.append(f"fixed.x = {'TRUE' if fit.spec.fixed_x else 'FALSE'}")
    return out


def _missing(fit: Fit) -> str:
    if not fit.estimator.fiml:
        return "listwise"
    return "pairwise" if fit.spec.ordered else "fiml"


def _moments(fit: Fit) -> list[str]:
    """The moments of each group, covariances with divisor n − 1."""
    moments, names = fit.sample.moments, fit.spec.observed
    cov, mean = [], []
    for g, n in enumerate(moments.n):
        entries = ", ".join(f"{value:.15g}" for value in (moments.cov[g] * n / (n - 1)).ravel())
        cov.append(f"matrix(c({entries}), {len(names)}, dimnames = list(v, v))")
        values = ", ".join(f"{value:.15g}" for value in moments.mean[g])
        mean.append(f"setNames(c({values}), v)")
    labels = [_quoted(name) for name in fit.groups]

    def each(values: Sequence[str]) -> str:
        if len(labels) == 1:
            return values[0]
        return f"list({', '.join(f'{k} = {v}' for k, v in zip(labels, values, strict=True))})"

    lines = [f"v <- {_vector(names)}", f"cov <- {each(cov)}"]
    lines.append(f"n <- {each([f'{n:.0f}' for n in moments.n])}")
    return [*lines, f"mean <- {each(mean)}"] if fit.spec.mean_structure else lines


def _exclusions(fit: Fit) -> list[str]:
    lines = [f"group {group} is left out: {reason}" for group, reason in fit.dropped.items()]
    lines += [
        f"{finding.item} in group {finding.group or 'all'}: {finding.finding}, {finding.action}"
        for finding in fit.screened.findings
        if finding.action in ("item masked", "read as missing")
    ]
    return ["# " + " ".join(line.split()) for line in lines]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _vector(words: Sequence[str]) -> str:
    return f"c({', '.join(map(_quoted, words))})"
