"""Validated entries to frozen records, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from vaar.study.checks import split_path
from vaar.study.model import (
    Condition,
    Evidence,
    Hypothesis,
    Instrument,
    Item,
    Limits,
    Persona,
    ResponseScale,
    Study,
    Subscale,
    Variation,
)
from vaar.study.personas import to_csv
from vaar.study.schema import (
    ConditionEntry,
    HypothesisEntry,
    InstrumentFile,
    ItemEntry,
    StudyFile,
    VariationEntry,
)


def freeze_study(
    entry: StudyFile, instruments: Sequence[InstrumentFile], personas: Sequence[Persona] = ()
) -> Study:
    """Return the record of a checked study file.

    Parameters
    ----------
    entry : StudyFile
        The study file; its own list of instruments is not read.
    instruments : sequence of InstrumentFile
        Its instruments in order.
    personas : sequence of Persona
        Its table of personas.
    """
    codes = tuple(instrument.instrument for instrument in instruments)
    return Study(
        name=entry.study,
        title=entry.title,
        description=entry.description,
        instruments=tuple(_instrument(instrument) for instrument in instruments),
        conditions=tuple(_condition(condition, codes) for condition in entry.conditions),
        structural_model=entry.model,
        hypotheses=tuple(_hypothesis(hypothesis) for hypothesis in entry.hypotheses),
        limits=Limits(**entry.limits.model_dump()),
        temperature=entry.sampling.temperature,
        variation=_variation(entry.variation),
        personas=tuple(personas),
    )


def _instrument(entry: InstrumentFile) -> Instrument:
    return Instrument(
        code=entry.instrument,
        title=entry.title,
        construct=entry.construct_,
        instructions=entry.instructions,
        wording=entry.wording,
        source=entry.source,
        scale=ResponseScale(tuple(entry.scale.labels), entry.scale.first),
        items=tuple(_item(item) for item in entry.items),
        subscales=tuple(
            Subscale(subscale.code, subscale.title, tuple(subscale.items))
            for subscale in entry.subscales
        ),
    )


def _item(entry: ItemEntry) -> Item:
    keying: Literal[-1, 1] = 1 if entry.keying == "+" else -1
    return Item(entry.code, entry.text, keying, tuple(entry.paraphrases.items()))


def _variation(entry: VariationEntry) -> Variation:
    return Variation(
        order=entry.order,
        items=entry.items,
        options=entry.options,
        wordings=tuple(entry.wordings),
        persona_text=entry.persona_text or "",
    )


def _condition(entry: ConditionEntry, codes: tuple[str, ...]) -> Condition:
    order = codes if entry.order is None else tuple(entry.order)
    return Condition(entry.name, entry.history, entry.presentation, order, entry.framing)


def _hypothesis(entry: HypothesisEntry) -> Hypothesis:
    outcome, predictor = split_path(entry.path)
    return Hypothesis(
        outcome=outcome,
        predictor=predictor,
        sign=1 if entry.sign == "+" else -1,
        evidence=tuple(Evidence(found.source, found.finding) for found in entry.evidence),
        weight=entry.weight,
    )


def thaw_study(study: Study) -> dict[str, Any]:
    """Return the plain data of one self-contained study file, keys in the order of `StudyFile`.

    What a study does not vary is left out, so that studies without variation keep their hash.
    """
    return {
        "study": study.name,
        "title": study.title,
        "description": study.description,
        "instruments": [_instrument_data(instrument) for instrument in study.instruments],
        "conditions": [_condition_data(condition) for condition in study.conditions],
        **_variation_data(study),
        "model": study.structural_model,
        "hypotheses": [_hypothesis_data(hypothesis) for hypothesis in study.hypotheses],
        "limits": dict(vars(study.limits)),
        "sampling": {"temperature": float(study.temperature)},
    }


def _instrument_data(instrument: Instrument) -> dict[str, Any]:
    return {
        "instrument": instrument.code,
        "title": instrument.title,
        "construct": instrument.construct,
        "wording": instrument.wording,
        "source": instrument.source,
        "instructions": instrument.instructions,
        "scale": {"first": instrument.scale.first, "labels": list(instrument.scale.labels)},
        "items": [
            {
                "code": item.code,
                "text": item.text,
                "keying": _sign(item.keying),
                **({"paraphrases": dict(item.paraphrases)} if item.paraphrases else {}),
            }
            for item in instrument.items
        ],
        "subscales": [
            {"code": subscale.code, "title": subscale.title, "items": list(subscale.items)}
            for subscale in instrument.subscales
        ],
    }


def _condition_data(condition: Condition) -> dict[str, Any]:
    return {
        "name": condition.name,
        "history": condition.history,
        "presentation": condition.presentation,
        "order": list(condition.order),
        "framing": condition.framing,
    }


def _variation_data(study: Study) -> dict[str, Any]:
    variation, usual = study.variation, Variation()
    said: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(variation).items()
        if value != getattr(usual, name)
    }
    if study.personas:
        said["personas"] = to_csv(study.personas)
    return {"variation": said} if said else {}


def _hypothesis_data(hypothesis: Hypothesis) -> dict[str, Any]:
    return {
        "path": hypothesis.path,
        "sign": _sign(hypothesis.sign),
        "weight": float(hypothesis.weight),
        "evidence": [dict(vars(evidence)) for evidence in hypothesis.evidence],
    }


def _sign(value: int) -> str:
    return "+" if value > 0 else "-"
