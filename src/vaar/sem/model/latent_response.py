"""The latent responses behind ordinal items: their scale, and the parameters that follow from it.

An item's answers cut a normal response y* at thresholds. Only y* on a unit scale is seen: with
δ = 1/sd(y*), the item's thresholds are δ (τ − μ) and its correlations δ_i δ_j σ*_ij. Under
*delta*, δ is a parameter (``~*~``) and the residual variance follows, θ = δ⁻² − λ'Φλ; under
*theta*, θ is a parameter and δ follows [1]_.

References
----------
.. [1] Muthén & Asparouhov (2002), Latent variable analysis with categorical outcomes:
   multiple-group and growth modeling in Mplus. Mplus Web Notes 4.
"""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.model.matrices import LATENT_COV, RESIDUAL_COV, SCALING, Implied, Structure, imply


def response_scale(implied: Implied, structure: Structure) -> Floats:
    """(G, p) factor that brings each variable to the scale of its statistics; 1 if continuous."""
    if structure.parameterization == "delta":
        return implied.matrices.scaling
    variance = np.einsum("gpp->gp", implied.cov)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(_ordered(structure), 1 / np.sqrt(variance), 1.0)


def completed(theta: Floats, structure: Structure) -> Floats:
    """(G, P) parameters, those that follow from the others filled in."""
    items, residual, scaling = derived_places(structure)
    out = theta.copy()
    if structure.parameterization == "theta":
        out[:, scaling] = response_scale(imply(out, structure), structure)[:, items]
        return out
    out[:, residual] = 0.0
    explained = np.einsum("gpp->gp", imply(out, structure).cov)[:, items]
    out[:, residual] = theta[:, scaling] ** -2 - explained
    return out


def with_derived(jacobian: Floats, theta: Floats, implied: Implied, structure: Structure) -> Floats:
    """(G, q, P) derivatives of functions by all parameters, to those by the free ones alone.

    ``theta`` must be :func:`completed`.
    """
    items, residual, scaling = derived_places(structure)
    delta, variance = theta[:, scaling], variance_slopes(implied, structure)[:, items]
    if structure.parameterization == "theta":
        place, change = scaling, -0.5 * delta[:, :, None] ** 3 * variance
    else:
        each = np.arange(len(items))
        place, change = residual, -variance
        change[:, each, residual] = 0.0
        change[:, each, scaling] -= 2 * delta**-3
    change[:, np.arange(len(items)), place] -= 1.0
    return jacobian + jacobian[:, :, place] @ change


def variance_slopes(implied: Implied, structure: Structure) -> Floats:
    """(G, p, P) derivatives of the variances of the variables by the parameters."""
    z = implied.z
    return np.asarray(2 * structure.c * z[:, :, structure.u] * z[:, :, structure.v])


def derived_places(structure: Structure) -> tuple[Ints, Ints, Ints]:
    """The ordinal items, and the places of their residual variances and scalings."""
    kind, diagonal = structure.matrix, structure.row == structure.col
    known: dict[tuple[bool, str], int] = {}
    for place in np.flatnonzero(diagonal & ((kind == LATENT_COV) | (kind == RESIDUAL_COV))):
        names = structure.factors if kind[place] == LATENT_COV else structure.names
        known[False, names[structure.row[place]]] = int(place)
    for place in np.flatnonzero(kind == SCALING):
        known[True, structure.names[structure.row[place]]] = int(place)
    items = np.flatnonzero(_ordered(structure))
    residual = [known[False, structure.names[item]] for item in items]
    scaling = [known[True, structure.names[item]] for item in items]
    return items, np.array(residual, dtype=np.int64), np.array(scaling, dtype=np.int64)


def _ordered(structure: Structure) -> Bools:
    return np.array(structure.ordered, dtype=bool)
