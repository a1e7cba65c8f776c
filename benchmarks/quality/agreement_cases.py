"""Random data sets and models to fit by two programs.

Everything is drawn from the seed: the same seed gives the same data and the same cases. All data
are simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

LEVELS = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
ORDINAL_LEVELS = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "thresholds"),
}
SHAPES = ("normal", "skewed", "likert", "ceiling")
IDENTIFICATIONS = ("marker", "marker", "std_lv", "effects")


@dataclass(frozen=True)
class Population:
    """A data set and the model for it.

    Attributes
    ----------
    ordinal : bool
        Every variable has few whole values.
    gaps : bool
        Some answers are missing.
    structural : bool
        The model has regressions between factors.
    """

    name: str
    data: pd.DataFrame
    model: str
    ordinal: bool
    gaps: bool
    structural: bool
    identification: str

    @property
    def kind(self) -> str:
        """How large the model is."""
        factors = self.model.count("=~")
        return "drawn, 2 or 3 factors" if factors < 4 else "drawn, 4 to 6 factors"


@dataclass(frozen=True)
class Case:
    """One fit.

    Attributes
    ----------
    kind : str
        What the fit is an example of.
    equal, partial, ordered : str
        Words separated by ``|``; ``ordered`` may be "all".
    group, meanstructure, previous : str
        May be empty: no groups, the default, no case to be tested against.
    cluster, weight, bounds : str
        Columns, and the kind of bounds; may be empty.
    moments : {'', 'cov', 'cor'}
        In place of rows, their covariances or correlations, and means where groups are compared.
    """

    name: str
    kind: str
    data: str
    model: str
    estimator: str = "ML"
    missing: str = "listwise"
    equal: str = ""
    partial: str = ""
    identification: str = "marker"
    parameterization: str = "delta"
    group: str = "school"
    ordered: str = ""
    meanstructure: str = ""
    fixed_x: bool = True
    previous: str = ""
    cluster: str = ""
    weight: str = ""
    bounds: str = ""
    moments: str = ""


def population(seed: int) -> Population:
    """The data set of a seed."""
    rng = np.random.default_rng(seed)
    gaps = bool(rng.random() < 0.5)
    factors = rng.integers(2, 4) if gaps else rng.integers(2, 7)
    counts = rng.integers(3, 5 if gaps or factors > 3 else 6, size=factors)
    shape = SHAPES[rng.integers(len(SHAPES))]
    structural = bool(rng.random() < 0.6)
    names = [[f"y{k}{chr(97 + i)}" for i in range(count)] for k, count in enumerate(counts)]
    lines = [f"f{k} =~ " + " + ".join(items) for k, items in enumerate(names)]
    if structural:
        last = len(counts) - 1
        lines.append(f"f{last} ~ " + " + ".join(f"f{k}" for k in range(last)))
    if rng.random() < 0.3:
        lines.append(f"{names[0][0]} ~~ {names[1][1]}")
    loadings = [rng.uniform(0.5, 1.0, size=count) for count in counts]
    level = rng.normal(0, 0.3, size=int(counts.sum()))
    parts = []
    for number in range(2 if gaps else rng.integers(2, 4)):
        rows = int(rng.integers(25, 60) * np.sqrt(counts.sum()))
        values = _answers(rng, loadings, rows, shape, level)
        part = pd.DataFrame(values, columns=[name for items in names for name in items])
        part.insert(0, "school", f"s{number}")
        parts.append(part)
    data = pd.concat(parts, ignore_index=True)
    if gaps:
        data = _with_gaps(rng, data)
    identification = IDENTIFICATIONS[rng.integers(len(IDENTIFICATIONS))]
    ordinal = shape in ("likert", "ceiling")
    name = f"seed{seed}"
    return Population(name, data, "\n".join(lines), ordinal, gaps, structural, identification)


def _answers(
    rng: np.random.Generator, loadings: list[np.ndarray], rows: int, shape: str, level: np.ndarray
) -> np.ndarray:
    k = len(loadings)
    mixing = np.eye(k) + rng.uniform(-0.1, 0.4, size=(k, k))
    factors = rng.standard_normal((rows, k)) @ mixing + rng.normal(0, 0.2, size=k)
    signal = np.hstack([factors[:, [i]] * own for i, own in enumerate(loadings)])
    if shape == "skewed":
        return np.round(signal + level + rng.exponential(0.8, size=signal.shape), 4)
    latent = signal + level + rng.normal(0, 0.7, size=signal.shape)
    if shape == "normal":
        return np.round(latent, 4)
    shift = 1.0 if shape == "ceiling" else 0.0
    return 1.0 + np.searchsorted(np.array([-1.6, -0.6, 0.4, 1.4]) - shift, latent)


def _with_gaps(rng: np.random.Generator, data: pd.DataFrame) -> pd.DataFrame:
    out = data.copy()
    share = rng.uniform(0.02, 0.08)
    for column in data.columns[2:]:
        out.loc[rng.random(len(data)) < share, column] = np.nan
    return out


def cases_of(source: Population, estimators: tuple[str, ...]) -> Iterator[Case]:
    """Every fit of a data set: estimators, each with its ladder and equal regressions."""
    for estimator in estimators:
        if estimator == "FIML":
            if source.gaps:
                yield from _ladder(source, "ML", "fiml")
                yield from _ladder(source, "MLR", "fiml")
        elif estimator == "WLSMV":
            if source.ordinal:
                yield from _ladder(source, "WLSMV", "listwise", ORDINAL_LEVELS)
        else:
            yield from _ladder(source, estimator, "listwise")


def _ladder(
    source: Population,
    estimator: str,
    missing: str,
    levels: dict[str, tuple[str, ...]] = LEVELS,
) -> Iterator[Case]:
    previous = ""
    identification = source.identification
    if estimator == "WLSMV" and identification == "effects":
        identification = "marker"
    stem = f"{source.name}_{estimator}_{missing}"
    for level, equal in levels.items():
        case = Case(
            f"{stem}_{level}",
            f"{source.kind}: {'FIML' if missing == 'fiml' else estimator}",
            source.name,
            source.model,
            estimator,
            missing,
            "|".join(equal),
            identification=identification,
            ordered="all" if estimator == "WLSMV" else "",
            previous=previous,
        )
        yield case
        previous = case.name
        if level == "metric" and source.structural:
            more = "|".join((*equal, "regressions"))
            yield replace(case, name=f"{stem}_paths", equal=more, previous=case.name)
