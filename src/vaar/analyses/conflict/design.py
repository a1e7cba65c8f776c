"""Which facts make the cells of a study, and what is compared over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.analyses.release.analysis import released_share
from vaar.analyses.release.filled_forms import filled_forms
from vaar.scoring.scales import scales
from vaar.study.conditions import Fact
from vaar.study.model import Study
from vaar.study.release_form import release_forms, wrong_forms
from vaar.study.structural_model import read_structure

RELEASED = "released"
TWO = 2


def facts_of(study: Study, names: tuple[str, ...]) -> tuple[Fact, ...]:
    """The facts of a study that are named, in its order."""
    return tuple(fact for fact in study.variation.facts if fact.name in names)


def wrong_facts(study: Study, names: tuple[str, ...]) -> str:
    """Why facts make no cells; empty where they do."""
    known = {fact.name: fact for fact in study.variation.facts}
    for name in names:
        if name not in known:
            return f"the study has no fact {name!r}; it has {', '.join(known) or 'none'}"
        if len(known[name].levels) != TWO:
            return f"the fact {name!r} has {len(known[name].levels)} levels, and not two"
    return ""


def signs(factors: pd.DataFrame, facts: tuple[Fact, ...]) -> NDArray[np.float64]:
    """1 where a session drew the first level of a fact, −1 for the second, NaN for neither."""
    columns = [
        factors[fact.name].map({fact.levels[0]: 1.0, fact.levels[1]: -1.0}).to_numpy(float)
        for fact in facts
    ]
    return np.column_stack(columns)


def cell_names(facts: tuple[Fact, ...]) -> list[str]:
    """Names of the cells, in the order of :func:`vaar.analyses.conflict.contrasts.cells_of`."""
    named = [[f"{fact.name} {level}" for level in fact.levels] for fact in facts]
    return [", ".join(cell) for cell in product(*named)]


def outcomes(
    scores: pd.DataFrame, responses: pd.DataFrame, study: Study
) -> Iterator[tuple[str, pd.Series]]:
    """What is compared: questionnaires that measure an outcome, and what was released."""
    for code in instruments_of(study, [h.outcome for h in study.hypotheses]):
        yield code, scores[code]
    if any(release_forms(study)) and not wrong_forms(study):
        yield RELEASED, released_share(filled_forms(responses, study)[1], scores)


def instruments_of(study: Study, names: Iterable[str]) -> list[str]:
    """Scored questionnaires whose scales or items measure these variables of the model."""
    indicators = read_structure(study.structural_model).indicators
    owner = {scale.code: scale.instrument for scale in scales(study)}
    owner |= {item.code: part.code for part in study.instruments for item in part.coded_items}
    named = (code for latent in names for code in indicators.get(latent, (latent,)))
    scored = {scale.code for scale in scales(study)}
    return [code for code in dict.fromkeys(owner[n] for n in named) if code in scored]
