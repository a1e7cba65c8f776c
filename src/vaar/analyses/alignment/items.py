"""The study's structural model on single items in place of parcels."""

from __future__ import annotations

import re
from collections.abc import Collection

from vaar.errors import DataError
from vaar.scoring.scales import scales
from vaar.sem.model.syntax import Modifier, parse
from vaar.study.model import Study


def on_items(model: str, study: Study, keep: Collection[str] = ()) -> str:
    """Replace every parcel among the indicators of a model by its items.

    Parameters
    ----------
    keep : collection of str
        Parcels that stay as they are.

    Raises
    ------
    DataError
        A parcel that has a modifier or stands elsewhere than after ``=~``; an item that would
        indicate several latent variables.
    """
    parcels = {scale.code: scale.items for scale in scales(study)}
    terms = parse(model).terms
    latents = {term.lhs for term in terms if term.op == "=~"}
    used = {term.rhs for term in terms if term.op == "=~" and term.rhs in parcels}
    used -= latents | set(keep)
    for term in terms:
        free = term.op == "=~" and term.modifier == Modifier()
        for name in {term.lhs, term.rhs} & used:
            if not free:
                raise DataError(
                    f"the items of {name!r} are put in its place, and the structural model has "
                    f"more to say of it (line {term.line}): name the items there, or use MLR"
                )
    items = [item for name in sorted(used) for item in parcels[name]]
    if twice := [item for item in items if items.count(item) > 1]:
        raise DataError(
            f"items are put in the place of parcels, and {twice[0]!r} is in several of them: "
            "name the items in the structural model, or use MLR"
        )
    for name in used:
        place = rf"(?<![\w.]){re.escape(name)}(?![\w.])"
        model = re.sub(place, " + ".join(parcels[name]), model)
    return model


def indicators(model: str) -> list[str]:
    """The observed variables after ``=~``."""
    terms = parse(model).terms
    latents = {term.lhs for term in terms if term.op == "=~"}
    return [term.rhs for term in terms if term.op == "=~" and term.rhs not in latents]
