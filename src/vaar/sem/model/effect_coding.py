"""Effects coding: the scale of a latent variable is the average one of its indicators.

Little, Slegers & Card (2006), Structural Equation Modeling 13, 59–72.
"""

from __future__ import annotations

from collections.abc import Iterator

from vaar.sem.model.linear_equations import Linear
from vaar.sem.model.parameter_map import Equation, Layout
from vaar.sem.model.parameters import ModelSpec


def effect_equations(spec: ModelSpec, layout: Layout) -> Iterator[Equation]:
    """Loadings of a latent variable average 1, its indicators' intercepts 0.

    Intercepts of indicators that are themselves latent are their means. Where one is fixed, nothing
    is to be set.
    """
    shared = set(layout.shared.tolist())
    for latent in spec.latents:
        for of_loadings in (True, False):
            for group in range(layout.n_groups):
                ids = _scale_parameters(spec, layout, latent, of_loadings, group)
                if not ids:
                    continue
                own = [i for i in ids if i not in shared]
                target = _last_unmet(own or ids, spec, layout, latent, of_loadings, group)
                weights = {i: float(ids.count(i)) for i in ids}
                total = float(len(ids)) if of_loadings else 0.0
                yield Equation(Linear(weights, -total), target)
                if not own:
                    break


def _last_unmet(
    ids: list[int], spec: ModelSpec, layout: Layout, latent: str, of_loadings: bool, group: int
) -> int:
    """The last that no other latent variable's average takes in."""
    others = {
        i
        for other in spec.latents
        if other != latent
        for i in _scale_parameters(spec, layout, other, of_loadings, group)
    }
    return next((i for i in reversed(ids) if i not in others), ids[-1])


def _scale_parameters(
    spec: ModelSpec, layout: Layout, latent: str, of_loadings: bool, group: int
) -> list[int]:
    """Free loadings of a latent variable in a group, or free intercepts of its indicators."""
    indicators = spec.indicators[latent]
    rows = [
        i
        for i, row in enumerate(spec.rows)
        if (
            row.kind == "loadings" and row.lhs == latent
            if of_loadings
            else row.op == "~1" and row.lhs in indicators
        )
    ]
    ids = [int(layout.index[group, i]) for i in rows if layout.active[group, i]]
    return [] if any(i < 0 for i in ids) else ids
