"""The structural model of a specification: on items, with factors of facets, with yes-saying."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vaar.analyses.alignment.items import indicators, on_items
from vaar.analyses.specifications.declared import PREDICTORS, Specification
from vaar.errors import DataError
from vaar.scoring.scales import scales
from vaar.scoring.yes_saying import FEWEST_PAIRS, YES_SAYING, balanced_pairs
from vaar.study.model import Study
from vaar.study.structural_model import read_structure

METHOD = "yes_saying.factor"
"""Name of the method factor; no code of a study has a full stop."""

FEWEST_FACETS = 3
"""Fewer factors do not identify one above them."""


def model_of(specification: Specification, study: Study) -> str:
    """The model in lavaan syntax.

    Raises
    ------
    DataError
        The study's model or items do not allow it.
    """
    if not specification.on_items:
        return study.structural_model
    facets = _facets(specification.names("higher_order"), study)
    kept = [facet for own in facets.values() for facet in own]
    model = on_items(study.structural_model, study, kept)
    items_of = {scale.code: scale.items for scale in scales(study)}
    model += "".join(_facet(facet, items_of[facet]) for facet in kept)
    if specification.changes.get("method") == "keys":
        model += _method_factor(model, study)
    return model


def not_possible(specification: Specification, study: Study) -> str:
    """Why a study like this cannot have a specification, whatever its data; empty where it can."""
    if YES_SAYING in specification.names("covariates") and len(pairs := balanced_pairs(study)) < (
        FEWEST_PAIRS
    ):
        return (
            f"an index of yes-saying takes {FEWEST_PAIRS} pairs of items of opposite keys, and the "
            f"study has {len(pairs)}"
        )
    try:
        model_of(specification, study)
    except DataError as error:
        return str(error)
    return ""


def _facets(latents: Collection[str], study: Study) -> dict[str, tuple[str, ...]]:
    """The parcels of these latent variables, each to be a factor of its items."""
    measured = read_structure(study.structural_model).indicators
    if tuple(latents) == (PREDICTORS,):
        latents = [name for name in measured if name in {h.predictor for h in study.hypotheses}]
    parcels = {scale.code: scale.items for scale in scales(study)}
    found = {}
    for name in latents:
        if name not in measured:
            raise DataError(f"{name!r} is no latent variable; there are {', '.join(measured)}")
        own = measured[name]
        if len(own) < FEWEST_FACETS or any(len(parcels.get(one, ())) < 2 for one in own):
            raise DataError(
                f"{name} has not {FEWEST_FACETS} parcels of two items or more, so it cannot be a "
                "factor of facets"
            )
        found[name] = own
    return found


def _facet(name: str, items: Sequence[str]) -> str:
    """A factor of the first order, in the units of its first item.

    With its own part scaled to 1, as ``std_lv`` would have it, a facet without any part of its own
    would need an infinite loading on the factor above it.
    """
    return f"\n{name} =~ 1*{' + '.join(items)}\n{name} ~~ NA*{name}"


def _method_factor(model: str, study: Study) -> str:
    """A factor of yes-saying: it lifts every answer alike, whatever the item's key.

    Loadings are fixed: 1 times the width of the response scale, −1 times it for a reversed item,
    whose keyed score falls when the answer rises (Maydeu-Olivares & Coffman 2006). It covaries
    with no content.
    """
    widths: dict[str, tuple[int, int]] = {}
    for part in study.instruments:
        for item in part.coded_items:
            low, high = part.scale_of(item).range
            widths[item.code] = (item.keying, high - low)
    items = [name for name in indicators(model) if name in widths]
    if {widths[name][0] for name in items} != {1, -1}:
        raise DataError(
            "all items point the same way, so that yes-saying cannot be told from their content"
        )
    unit = max(width for _, width in widths.values())
    terms = " + ".join(f"{widths[i][0] * widths[i][1] / unit:g}*{i}" for i in items)
    apart = "".join(f"\n{METHOD} ~~ 0*{name}" for name in _content(model))
    return f"\n{METHOD} =~ {terms}\n{METHOD} ~~ NA*{METHOD}{apart}"


def _content(model: str) -> list[str]:
    """Latent variables that no other one explains as an indicator."""
    measured = read_structure(model).indicators
    below = {name for own in measured.values() for name in own}
    return [name for name in measured if name not in below]
