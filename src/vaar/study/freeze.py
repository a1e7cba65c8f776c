"""Validated entries to frozen records, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vaar.study.checking.model_checks import model_of, split_path
from vaar.study.model import (
    Condition,
    Evidence,
    Fact,
    Hypothesis,
    Instrument,
    Item,
    Limits,
    PeoplePath,
    PeopleSummary,
    Persona,
    ResponseScale,
    Study,
    Subscale,
    Variation,
)
from vaar.study.personas import to_csv
from vaar.study.schema.condition_entries import ConditionEntry, VariationEntry
from vaar.study.schema.hypothesis_entries import EvidenceEntry, HypothesisEntry, PeopleEntry
from vaar.study.schema.instrument_file import InstrumentFile, ItemEntry, ScaleEntry, items_of
from vaar.study.schema.study_file import StudyFile


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
    model, hypotheses, _ = model_of(entry)
    return Study(
        name=entry.study,
        title=entry.title,
        description=entry.description,
        instruments=tuple(_instrument(instrument) for instrument in instruments),
        conditions=tuple(_condition(condition, codes) for condition in entry.conditions),
        structural_model=model,
        hypotheses=tuple(_hypothesis(hypothesis) for hypothesis in hypotheses),
        limits=Limits(**entry.limits.model_dump()),
        temperature=entry.sampling.temperature,
        sessions=entry.sampling.sessions,
        variation=_variation(entry.variation),
        personas=tuple(personas),
        analyses=_analyses(entry),
        people=_people(entry.people),
    )


def _analyses(entry: StudyFile) -> dict[str, dict[str, Any]]:
    """Options by analysis; model and hypotheses are kept apart."""
    given = entry.analyses.model_dump(exclude_unset=True, exclude_none=True)
    alignment = given.get("alignment", {})
    for key in ("model", "hypotheses"):
        alignment.pop(key, None)
    return {name: options for name, options in given.items() if options}


def _instrument(entry: InstrumentFile) -> Instrument:
    return Instrument(
        code=entry.instrument,
        title=entry.title,
        construct=entry.construct_,
        instructions=entry.instructions,
        wording=entry.wording,
        source=entry.source,
        scale=_scale(entry.scale),
        items=tuple(_item(item) for item in items_of(entry)),
        subscales=tuple(
            Subscale(subscale.code, subscale.title, tuple(subscale.items))
            for subscale in entry.subscales
        ),
    )


def _scale(entry: ScaleEntry | None) -> ResponseScale | None:
    if entry is None:
        return None
    if entry.last is None:
        return ResponseScale(tuple(entry.labels or ()), entry.first, entry.numbering)
    low, high = entry.ends or ("", "")
    between = [""] * (entry.last - entry.first - 1)
    return ResponseScale((low, *between, high), entry.first, entry.numbering)


def _item(entry: ItemEntry) -> Item:
    return Item(
        code=entry.code,
        text=entry.text,
        keying=1 if entry.keying == "+" else -1,
        paraphrases=tuple(entry.paraphrases.items()),
        scale=_scale(entry.scale),
        kind=entry.kind,
        facts=tuple(entry.facts.items()),
        reply_tokens=entry.reply_tokens,
    )


def _variation(entry: VariationEntry) -> Variation:
    facts = (
        Fact(fact.fact, tuple(fact.levels), tuple((n, tuple(t)) for n, t in fact.texts.items()))
        for fact in entry.facts
    )
    return Variation(
        order=entry.order,
        items=entry.items,
        options=entry.options,
        wordings=tuple(entry.wordings),
        persona_text=entry.persona_text or "",
        facts=tuple(facts),
    )


def _condition(entry: ConditionEntry, codes: tuple[str, ...]) -> Condition:
    asked = tuple(code for code in codes if code not in entry.omit)
    return Condition(
        name=entry.name,
        history=entry.history,
        presentation=entry.presentation,
        order=asked if entry.order is None else tuple(entry.order),
        framing=entry.framing or "",
        system=entry.system or "",
        response=entry.response,
        shift=None if entry.shift is None else entry.shift.as_shift(),
    )


def _hypothesis(entry: HypothesisEntry) -> Hypothesis:
    outcome, predictor = split_path(entry.path)
    return Hypothesis(
        outcome=outcome,
        predictor=predictor,
        sign=1 if entry.sign == "+" else -1,
        evidence=tuple(map(_evidence, entry.evidence)),
        weight=entry.weight,
        words=entry.words or "",
    )


def _people(entry: PeopleEntry | None) -> PeopleSummary | None:
    if entry is None:
        return None
    return PeopleSummary(
        source=entry.source,
        between_studies=entry.between_studies,
        paths=tuple(
            PeoplePath(*split_path(one.path), one.value, *one.interval) for one in entry.paths
        ),
        correlations=tuple(
            (one, other, r) for one, own in entry.correlations.items() for other, r in own.items()
        ),
        n=entry.n,
    )


def _evidence(entry: EvidenceEntry) -> Evidence:
    lower, upper = entry.interval or (None, None)
    return Evidence(
        source=entry.source,
        finding=entry.finding,
        specification=entry.specification or "",
        value=entry.value,
        lower=lower,
        upper=upper,
        adjusted_for=entry.adjusted_for or "",
    )


def thaw_study(study: Study) -> dict[str, Any]:
    """Return the plain data of one self-contained study file, keys in the order of `StudyFile`.

    What is as usual is left out, so that a study keeps its hash when study files can say more.
    """
    return {
        "study": study.name,
        "title": study.title,
        "description": study.description,
        "instruments": [_instrument_data(instrument) for instrument in study.instruments],
        "conditions": [_condition_data(condition, study) for condition in study.conditions],
        **_variation_data(study),
        **_model_data(study),
        **({"analyses": _plain(study.analyses)} if study.analyses else {}),
        "limits": dict(vars(study.limits)),
        "sampling": {
            "temperature": float(study.temperature),
            **({"sessions": study.sessions} if study.sessions else {}),
        },
    }


def _instrument_data(instrument: Instrument) -> dict[str, Any]:
    return {
        "instrument": instrument.code,
        "title": instrument.title,
        "construct": instrument.construct,
        "wording": instrument.wording,
        "source": instrument.source,
        "instructions": instrument.instructions,
        **({} if instrument.scale is None else {"scale": _scale_data(instrument.scale)}),
        "items": [_item_data(item) for item in instrument.items],
        "subscales": [
            {"code": subscale.code, "title": subscale.title, "items": list(subscale.items)}
            for subscale in instrument.subscales
        ],
    }


def _scale_data(scale: ResponseScale) -> dict[str, Any]:
    apart = {} if scale.numbering == "points" else {"numbering": scale.numbering}
    if all(scale.labels):
        return {"first": scale.first, "labels": list(scale.labels), **apart}
    ends = [scale.labels[0], scale.labels[-1]]
    labelled = {"ends": ends} if all(ends) else {}
    return {"first": scale.first, "last": scale.last, **labelled, **apart}


def _item_data(item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {"code": item.code, "text": item.text, "keying": _sign(item.keying)}
    if item.paraphrases:
        said["paraphrases"] = dict(item.paraphrases)
    if item.kind != "scale":
        said["kind"] = item.kind
    if item.scale is not None:
        said["scale"] = _scale_data(item.scale)
    if item.facts:
        said["facts"] = dict(item.facts)
    if item.reply_tokens is not None:
        said["reply_tokens"] = item.reply_tokens
    return said


def _condition_data(condition: Condition, study: Study) -> dict[str, Any]:
    system = {"system": condition.system} if condition.system else {}
    omitted = [code for code in study.instrument if code not in condition.order]
    return {
        "name": condition.name,
        "history": condition.history,
        "presentation": condition.presentation,
        "order": list(condition.order),
        **(system or {"framing": condition.framing or None}),
        **({"omit": omitted} if omitted else {}),
        **({} if condition.response == "text" else {"response": condition.response}),
        **({"shift": dict(vars(condition.shift))} if condition.shift else {}),
    }


def _variation_data(study: Study) -> dict[str, Any]:
    variation, usual = study.variation, Variation()
    said: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(variation).items()
        if value != getattr(usual, name) and name != "facts"
    }
    if study.personas:
        said["personas"] = to_csv(study.personas)
    if variation.facts:
        said["facts"] = [_fact_data(fact) for fact in variation.facts]
    return {"variation": said} if said else {}


def _fact_data(fact: Fact) -> dict[str, Any]:
    texts = {name: list(texts) for name, texts in fact.texts}
    return {"fact": fact.name, "levels": list(fact.levels), **({"texts": texts} if texts else {})}


def _model_data(study: Study) -> dict[str, Any]:
    hypotheses = [_hypothesis_data(hypothesis) for hypothesis in study.hypotheses]
    return {
        **({"model": study.structural_model} if study.structural_model else {}),
        **({"hypotheses": hypotheses} if hypotheses else {}),
        **({"people": _people_data(study.people)} if study.people else {}),
    }


def _plain(options: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: dict(own) for name, own in options.items()}


def _hypothesis_data(hypothesis: Hypothesis) -> dict[str, Any]:
    return {
        "path": hypothesis.path,
        "sign": _sign(hypothesis.sign),
        "weight": float(hypothesis.weight),
        **({"words": hypothesis.words} if hypothesis.words else {}),
        "evidence": [_evidence_data(evidence) for evidence in hypothesis.evidence],
    }


def _people_data(people: PeopleSummary) -> dict[str, Any]:
    correlations: dict[str, dict[str, float]] = {}
    for one, other, r in people.correlations:
        correlations.setdefault(one, {})[other] = r
    paths = [
        {
            "path": f"{path.outcome} ~ {path.predictor}",
            "value": path.value,
            "interval": [path.lower, path.upper],
        }
        for path in people.paths
    ]
    return {
        "source": people.source,
        "between_studies": float(people.between_studies),
        **({"paths": paths} if paths else {"correlations": correlations, "n": people.n}),
    }


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    data: dict[str, Any] = {"source": evidence.source, "finding": evidence.finding}
    if evidence.specification:
        data |= {"specification": evidence.specification, "value": evidence.value}
    if evidence.lower is not None:
        data["interval"] = [evidence.lower, evidence.upper]
    if evidence.adjusted_for:
        data["adjusted_for"] = evidence.adjusted_for
    return data


def _sign(value: int) -> str:
    return "+" if value > 0 else "-"
