"""Results as data frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Finding
from vaar.sem.model.expressions import Expression
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.results.degrees_of_freedom import definition_df, place_df
from vaar.sem.results.label_functions import label_functions
from vaar.sem.solution.solve import Solution

if TYPE_CHECKING:
    import pandas as pd


def parameter_table(
    spec: ModelSpec, structure: Structure, layout: Layout, solution: Solution, sample: Sample
) -> pd.DataFrame:
    """One row for each parameter of each group, then the defined parameters."""
    import pandas as pd

    return pd.DataFrame(parameter_columns(spec, structure, layout, solution, sample))


def parameter_columns(
    spec: ModelSpec, structure: Structure, layout: Layout, solution: Solution, sample: Sample
) -> dict[str, Any]:
    """The columns of that table."""
    rows, groups = spec.rows, layout.groups
    names: dict[str, list[str]] = {
        "lhs": [row.lhs for row in rows] * len(groups),
        "op": [row.op for row in rows] * len(groups),
        "rhs": ["" if row.op == "~1" else row.rhs for row in rows] * len(groups),
        "group": [group for group in groups for _ in rows],
        "label": [label for labels in layout.label for label in labels],
    }
    est, se, std_all, std_se = (
        part.ravel() for part in (solution.theta, solution.se, solution.std, solution.std_se)
    )
    places = place_df(sample, layout)
    df = places.ravel()
    if spec.defined:
        made = definitions_of(spec)
        raw = label_functions(made, solution, layout, structure)
        standard = label_functions(made, solution, layout, structure, standard=True)
        for name, words in _defined(spec).items():
            names[name] = names[name] + words
        est, se = np.concatenate([est, raw.value]), np.concatenate([se, raw.se])
        std_all = np.concatenate([std_all, standard.value])
        std_se = np.concatenate([std_se, standard.se])
        df = np.concatenate([df, definition_df(places, layout, made)])
    numbers = {"est": est, "se": se} | _intervals(est, se, df)
    if sample.design.cluster is None:
        del numbers["df"]
    return names | numbers | {"std_all": std_all, "std_all_se": std_se}


def definitions_of(spec: ModelSpec) -> list[tuple[str, Expression]]:
    """The ``:=`` lines of a model."""
    return [(line.name, Expression(line.expression)) for line in spec.defined]


def _defined(spec: ModelSpec) -> dict[str, list[str]]:
    """What stands in the columns of words of defined parameters."""
    return {
        "lhs": [line.name for line in spec.defined],
        "op": [":="] * len(spec.defined),
        "rhs": ["".join(line.expression.split()) for line in spec.defined],
        "group": [""] * len(spec.defined),
        "label": [line.name for line in spec.defined],
    }


def _intervals(est: Floats, se: Floats, df: Floats) -> dict[str, Floats]:
    """Tests and intervals by t with some degrees of freedom, infinite for the normal."""
    reach = scipy.special.stdtrit(df, 0.975) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(se > 0, est / np.where(se > 0, se, 1.0), np.nan)
    return {
        "z": z,
        "pvalue": 2 * scipy.special.stdtr(df, -np.abs(z)),
        "df": np.where(se > 0, df, np.nan),
        "ci_lower": est - reach,
        "ci_upper": est + reach,
    }


def screening_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Findings, a row each."""
    import pandas as pd

    columns = ["group", "item", "finding", "action", "detail"]
    return pd.DataFrame(
        [[getattr(finding, name) for name in columns] for finding in findings], columns=columns
    )


def implied_table(
    groups: Sequence[str], names: Sequence[str], cov: Floats
) -> dict[str, pd.DataFrame]:
    """A square table of the variables for each group."""
    import pandas as pd

    return {
        group: pd.DataFrame(cov[g], index=list(names), columns=list(names))
        for g, group in enumerate(groups)
    }


def residual_table(
    groups: Sequence[str], names: Sequence[str], sample: Floats, implied: Floats, present: Bools
) -> dict[str, pd.DataFrame]:
    """Sample less implied correlations, NaN where a variable is masked."""
    both = present[:, :, None] & present[:, None, :]
    gap = _correlations(sample) - _correlations(implied)
    return implied_table(groups, names, np.where(both, gap, np.nan))


def _correlations(cov: Floats) -> Floats:
    variance = np.einsum("gii->gi", cov)
    scale = np.sqrt(np.where(variance > 0, variance, np.nan))
    return np.asarray(cov / (scale[:, :, None] * scale[:, None, :]))
