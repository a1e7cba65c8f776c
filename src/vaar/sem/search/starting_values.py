"""Where the search begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.group_rules import entry_of
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.search.latent_starts import latent_starts
from vaar.sem.search.mean_starts import mean_starts

_WEAKEST, _STRONGEST = 0.25, 0.95  # standardised loadings the search may begin from


def hold_exogenous(layout: Layout, spec: ModelSpec, cov: Floats, mean: Floats) -> Layout:
    """Fix the moments of exogenous observed variables at their sample values.

    Parameters
    ----------
    cov, mean : (G, p, p) and (G, p) arrays
    """
    held = [i for i, row in enumerate(spec.rows) if row.from_data]
    if not held:
        return layout
    value = layout.value.copy()
    for i in held:
        row = spec.rows[i]
        one = spec.observed.index(row.lhs)
        value[:, i] = mean[:, one] if row.op == "~1" else cov[:, one, spec.observed.index(row.rhs)]
    return replace(layout, value=value)


def starting_values(
    layout: Layout,
    spec: ModelSpec,
    structure: Structure,
    cov: Floats,
    mean: Floats,
    present: Bools,
) -> Floats:
    """(n_free,) starting values from the sample moments of each group.

    Loadings begin at the first principal axis of the pooled correlations of each latent variable's
    indicators, intercepts at the means, and latent moments and residual variances at what follows
    in closed form; where it does not, variances begin at what the loadings leave, all else at 0.
    """
    scale = np.sqrt(np.where(present, np.einsum("gpp->gp", cov), 1.0))
    axis, shared = _axes(spec, cov, present)
    theta = np.zeros(layout.index.shape)
    place = {name: i for i, name in enumerate(spec.observed)}
    rows = {row.name: i for i, row in enumerate(spec.rows)}
    standard = {key: size * scale[:, place[key[1]]] for key, size in axis.items()}
    size = {name: _latent_scale(spec, layout, name, rows, standard) for name in spec.latents}
    for i, row in enumerate(spec.rows):
        if row.exogenous and row.op == "~~":
            theta[:, i] = cov[:, place[row.lhs], place[row.rhs]]
        elif row.kind == "loadings" and row.rhs in place:
            theta[:, i] = standard.get((row.lhs, row.rhs), 0.0) / size[row.lhs]
        elif row.kind == "loadings":
            theta[:, i] = size[row.rhs] / size[row.lhs]
        elif row.kind == "residuals":
            j = place[row.lhs]
            theta[:, i] = scale[:, j] ** 2 * (1 - shared.get(row.lhs, 0.2))
        elif row.kind == "lv.variances":
            theta[:, i] = size[row.lhs] ** 2
        elif row.kind == "intercepts":
            theta[:, i] = mean[:, place[row.lhs]]
    if layout.constraints:
        _share_means(theta, spec, mean, present)
    theta = layout.spread(layout.collect(theta))
    theta = latent_starts(theta, structure, cov, present)
    if spec.mean_structure and not layout.constraints:
        theta = mean_starts(theta, structure, layout, mean, present)
    return layout.collect(theta)


def _share_means(theta: Floats, spec: ModelSpec, mean: Floats, present: Bools) -> None:
    """Give latent variables the average of their indicators' means."""
    rows = {row.name: i for i, row in enumerate(spec.rows)}
    for latent in spec.latents:
        names = [name for name in spec.indicators[latent] if name in spec.observed]
        at = [spec.observed.index(name) for name in names]
        if not at or f"{latent}~1" not in rows:
            continue
        level = np.average(mean[:, at], axis=1, weights=np.maximum(present[:, at], 1e-9))
        theta[:, rows[f"{latent}~1"]] = level
        for name in names:
            loading = theta[:, rows[f"{latent}=~{name}"]]
            theta[:, rows[f"{name}~1"]] -= loading * level


def _axes(
    spec: ModelSpec, cov: Floats, present: Bools
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Standardised loadings by (latent, indicator), and each indicator's communality."""
    pooled = _pooled_correlation(cov, present)
    place = {name: i for i, name in enumerate(spec.observed)}
    anywhere = np.asarray(present.any(axis=0))
    axis: dict[tuple[str, str], float] = {}
    for latent, names in spec.indicators.items():
        inside = [name for name in names if name in place and anywhere[place[name]]]
        at = [place[name] for name in inside]
        if not at:
            continue
        values, vectors = np.linalg.eigh(pooled[np.ix_(at, at)])
        first = vectors[:, -1] * np.sqrt(values[-1])
        first *= 1.0 if first[0] >= 0 else -1.0
        if len(at) == 1:
            first = np.array([_STRONGEST])
        size = np.clip(np.abs(first), _WEAKEST, _STRONGEST)
        for name, loading in zip(inside, np.where(first < 0, -size, size), strict=True):
            axis[latent, name] = float(loading)
    factors = {n: sum(1 for _, other in axis if other == n) for n in place}
    axis = {key: value / np.sqrt(factors[key[1]]) for key, value in axis.items()}
    shared: dict[str, float] = {}
    for (_, name), loading in axis.items():
        shared[name] = shared.get(name, 0.0) + loading**2
    return axis, shared


def _pooled_correlation(cov: Floats, present: Bools) -> Floats:
    scale = np.sqrt(np.where(present, np.einsum("gpp->gp", cov), 1.0))
    both = present[:, :, None] * present[:, None, :]
    correlation = cov / (scale[:, :, None] * scale[:, None, :]) * both
    pooled: Floats = correlation.sum(axis=0) / np.maximum(both.sum(axis=0), 1)
    np.fill_diagonal(pooled, 1.0)
    return pooled


def _latent_scale(
    spec: ModelSpec,
    layout: Layout,
    latent: str,
    rows: Mapping[str, int],
    standard: Mapping[tuple[str, str], Floats],
) -> Floats:
    """(G,) scale a latent variable starts with, as its identification sets it: its standard
    deviation, negative where a marker points against the others.

    ``standard`` has loadings by (latent, indicator) that a latent variable of unit variance has.
    """
    variance = rows[f"{latent}~~{latent}"]
    fixed, value = layout.index[:, variance] < 0, layout.value[:, variance]
    out = np.where(fixed & (value > 0), np.sqrt(np.maximum(value, 0)), np.nan)
    own = [name for name in spec.indicators[latent] if (latent, name) in standard]
    for name in own:
        if not np.isnan(out).any():
            break
        loading = rows[f"{latent}=~{name}"]
        weight = layout.value[:, loading]
        held = (layout.index[:, loading] < 0) & layout.active[:, loading] & (weight != 0)
        if held.any():
            usable = held & np.isnan(out)
            out = np.where(usable, standard[latent, name] / np.where(held, weight, 1), out)
    known = out[~np.isnan(out)]
    if known.size:
        return np.where(np.isnan(out), np.exp(np.mean(np.log(np.abs(known)))), out)
    if not own:
        return np.ones(layout.n_groups)
    average = np.mean([standard[latent, name] for name in own], axis=0)
    return np.asarray(np.maximum(np.abs(average), 1e-3))


def with_written_starts(x: Floats, layout: Layout, spec: ModelSpec, names: Sequence[str]) -> Floats:
    """(n_free,) starting values, those in their places that the text gives by ``start(…)``.

    Parameters
    ----------
    names : sequence of str
        All groups of the data: entries of ``start(…)`` count these.
    """
    out = x.copy()
    for i, row in enumerate(spec.rows):
        for group, name in enumerate(layout.groups):
            start = entry_of(row, row.modifier.starts, names.index(name), len(names))
            if start is not None and layout.index[group, i] >= 0:
                out[layout.index[group, i]] = start
    return out
