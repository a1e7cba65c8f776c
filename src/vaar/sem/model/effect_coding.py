"""Effects coding: the scale of a latent variable is the average one of its indicators.

Little, Slegers & Card (2006), Structural Equation Modeling 13, 59–72.
"""

from __future__ import annotations

from vaar.sem.model.parameter_map import Constraint, Layout
from vaar.sem.model.parameters import ModelSpec


def effect_constraints(spec: ModelSpec, layout: Layout) -> tuple[Constraint, ...]:
    """Loadings of a latent variable average 1, its indicators' intercepts 0."""
    shared = set(layout.shared.tolist())
    made: dict[int, Constraint] = {}
    for latent in spec.latents:
        for kind, total in (("loadings", 1.0), ("intercepts", 0.0)):
            for group in range(layout.n_groups):
                ids = _scale_parameters(spec, layout, latent, kind, group)
                if not ids or set(ids) & set(made):
                    continue
                own = [i for i in ids if i not in shared]
                target = _last_unmet(own or ids, spec, layout, latent, kind, group)
                others = tuple(i for i in ids if i != target)
                made[target] = Constraint(target, others, total * len(ids))
                if not own:
                    break
    return tuple(made.values())


def _last_unmet(
    ids: list[int], spec: ModelSpec, layout: Layout, latent: str, kind: str, group: int
) -> int:
    """The last that no other latent variable's average takes in."""
    others = {
        i
        for other in spec.latents
        if other != latent
        for i in _scale_parameters(spec, layout, other, kind, group)
    }
    return next((i for i in reversed(ids) if i not in others), ids[-1])


def _scale_parameters(
    spec: ModelSpec, layout: Layout, latent: str, kind: str, group: int
) -> list[int]:
    """Free loadings of a latent variable in a group, or free intercepts of its indicators."""
    indicators = spec.indicators[latent]
    rows = [
        i
        for i, row in enumerate(spec.rows)
        if row.kind == kind and (row.lhs == latent if kind == "loadings" else row.lhs in indicators)
    ]
    ids = [int(layout.index[group, i]) for i in rows if layout.active[group, i]]
    return [] if any(i < 0 for i in ids) else ids
