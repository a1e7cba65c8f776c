"""Which items of a study measure a trait, and which traits lead to which."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from vaar.errors import StudyError
from vaar.study.model import Study
from vaar.study.structural_model import read_structure


@dataclass(frozen=True)
class Traits:
    """Traits, their items and their regressions.

    Attributes
    ----------
    indicators : dict
        Trait → the item codes of each of its indicators. Exogenous traits come first, then every
        outcome after its predictors. An observed scale in a regression is a trait with itself as
        its one indicator.
    regressions : dict
        Outcome → its predictors.
    """

    indicators: dict[str, tuple[tuple[str, ...], ...]]
    regressions: dict[str, tuple[str, ...]]

    @property
    def exogenous(self) -> list[str]:
        return [trait for trait in self.indicators if trait not in self.regressions]

    def items(self, trait: str) -> list[str]:
        """Item codes of a trait, indicator by indicator."""
        return [code for indicator in self.indicators[trait] for code in indicator]


def read_traits(study: Study) -> Traits:
    """Read the structural model of a study.

    Raises
    ------
    StudyError
        A variable of the model is no item and no scale of the study, its regressions form a
        circle, or a hypothesis is about a path that it does not have.
    """
    structure = read_structure(study.structural_model)
    measured = structure.indicators
    regressions: dict[str, tuple[str, ...]] = {}
    for outcome, predictor in structure.regressions:
        regressions[outcome] = (*regressions.get(outcome, ()), predictor)
    _require_paths(study, regressions)
    scales = _scales(study)
    indicators = {
        trait: tuple(_items_of(name, trait, scales) for name in measured.get(trait, [trait]))
        for trait in _causes_first(measured, regressions)
    }
    return Traits(indicators, regressions)


def _require_paths(study: Study, regressions: dict[str, tuple[str, ...]]) -> None:
    for hypothesis in study.hypotheses:
        if hypothesis.predictor not in regressions.get(hypothesis.outcome, ()):
            raise StudyError(
                f"the hypothesis {hypothesis.path!r} is about a path that the structural model "
                f"does not have; add the line {hypothesis.path!r} to the model"
            )


def _scales(study: Study) -> dict[str, tuple[str, ...]]:
    scales: dict[str, tuple[str, ...]] = {}
    for instrument in study.instruments:
        scales |= {item.code: (item.code,) for item in instrument.items}
        scales |= {subscale.code: subscale.items for subscale in instrument.subscales}
        scales[instrument.code] = tuple(item.code for item in instrument.items)
    return scales


def _items_of(name: str, trait: str, scales: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if name in scales:
        return scales[name]
    raise StudyError(
        f"the structural model measures {trait!r} by {name!r}, which is no item and no scale of "
        f"this study; simulated respondents need one of: {', '.join(scales)}"
    )


def _causes_first(
    measured: dict[str, tuple[str, ...]], regressions: dict[str, tuple[str, ...]]
) -> list[str]:
    graph = {name: set(regressions.get(name, ())) for name in [*measured, *regressions]}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise StudyError(
            f"the regressions {' ~ '.join(error.args[1])} form a circle; simulated respondents "
            "need a recursive model: no trait may be among its own causes"
        ) from error
    return [name for name in order if name not in regressions] + [
        name for name in order if name in regressions
    ]
