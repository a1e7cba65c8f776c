"""What a study's files must agree on among themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from vaar.errors import StudyError
from vaar.study.checking.fact_checks import wrong_facts
from vaar.study.checking.model_checks import model_of, wrong_model
from vaar.study.checking.people_checks import wrong_people
from vaar.study.checking.scale_checks import wrong_scales
from vaar.study.checking.variation_checks import wrong_paraphrases, wrong_personas, wrong_variation
from vaar.study.conditions import Persona
from vaar.study.schema.condition_entries import ConditionEntry
from vaar.study.schema.instrument_file import InstrumentFile, items_of
from vaar.study.schema.study_file import StudyFile
from vaar.study.source.issues import listed, repeated, suggestion
from vaar.study.source.located import LocatedInstrument
from vaar.study.source.yaml_lines import Document, Place
from vaar.study.structural_model import read_structure, unreadable


def check_study(
    study: StudyFile,
    document: Document,
    instruments: Sequence[LocatedInstrument],
    personas: Sequence[Persona] = (),
    *,
    asked: bool = False,
) -> list[StudyError]:
    """Return what is wrong between the entries of well-formed files.

    Parameters
    ----------
    asked : bool
        Whether the study has been asked already: then its model may be one that cannot be fitted.
    """
    entries = [located.entry for located in instruments]
    taken = {code for entry in entries for code, _ in _places(entry)} | _latents(study)
    return [
        *_codes(instruments),
        *(problem for located in instruments for problem in _subscales(located)),
        *(problem for located in instruments for problem in wrong_scales(located)),
        *_conditions(study, document, entries),
        *wrong_model(study, document, entries, judged=not asked),
        *wrong_people(study, document),
        *(problem for located in instruments for problem in wrong_paraphrases(located)),
        *wrong_variation(study, document, entries),
        *wrong_personas(study, document, personas, taken),
        *wrong_facts(study, document, instruments, personas, taken),
    ]


def _latents(study: StudyFile) -> set[str]:
    model, _, _ = model_of(study)
    return set() if unreadable(model) else set(read_structure(model).indicators)


def _codes(instruments: Sequence[LocatedInstrument]) -> Iterator[StudyError]:
    first: dict[str, str] = {}
    for located in instruments:
        for code, place in _places(located.entry):
            found = located.problem("", *place)
            if code in first:
                yield located.problem(
                    f'the code "{code}" is taken ({first[code]}); give every instrument, item and '
                    "subscale of a study a code of its own",
                    *place,
                )
            first.setdefault(code, f"{found.file}, line {found.line}")


def _places(instrument: InstrumentFile) -> Iterator[tuple[str, Place]]:
    yield instrument.instrument, ("instrument",)
    for i, item in enumerate(items_of(instrument)):
        yield item.code, ("items", i, "code")
    for i, subscale in enumerate(instrument.subscales):
        yield subscale.code, ("subscales", i, "code")


def _subscales(located: LocatedInstrument) -> Iterator[StudyError]:
    codes = dict.fromkeys(item.code for item in items_of(located.entry))
    for i, subscale in enumerate(located.entry.subscales):
        for j, code in enumerate(subscale.items):
            if code not in codes:
                yield located.problem(
                    f'subscale "{subscale.code}" names "{code}"{suggestion(code, [*codes])}, which '
                    f"is no item of this instrument; its items are {listed([*codes])}",
                    *("subscales", i, "items", j),
                )
        for j in repeated(subscale.items):
            yield located.problem(
                f'subscale "{subscale.code}" names "{subscale.items[j]}" twice; name it once',
                *("subscales", i, "items", j),
            )


def _conditions(
    study: StudyFile, document: Document, instruments: Sequence[InstrumentFile]
) -> Iterator[StudyError]:
    codes = [instrument.instrument for instrument in instruments]
    n_items = {instrument.instrument: len(instrument.items) for instrument in instruments}
    names = [condition.name for condition in study.conditions]
    for i in repeated(names):
        message = f'two conditions are named "{names[i]}"; rename one'
        yield document.problem(message, "conditions", i, "name")
    for i, condition in enumerate(study.conditions):
        yield from _omitted(condition, i, document, codes)
        asked = [code for code in codes if code not in condition.omit]
        yield from _order(condition, i, document, asked)
        yield from _block(condition, i, document, [e for e in instruments if e.instrument in asked])
        by_item = condition.presentation == "item"
        needed = sum(n_items[code] for code in asked) if by_item else len(asked)
        if study.limits.turns < needed:
            yield document.problem(
                f'limits allow {study.limits.turns} turns, but condition "{condition.name}" asks '
                f"{needed} questions; allow at least {needed}",
                *("limits", "turns"),
            )


def _omitted(
    condition: ConditionEntry, i: int, document: Document, codes: Sequence[str]
) -> Iterator[StudyError]:
    for k, code in enumerate(condition.omit):
        if code not in codes:
            yield document.problem(
                f'"{code}"{suggestion(code, codes)} is no instrument of this study; its '
                f"instruments are {listed(codes)}",
                *("conditions", i, "omit", k),
            )
    if set(codes) <= set(condition.omit):
        yield document.problem(
            f'condition "{condition.name}" omits every instrument; leave one in',
            *("conditions", i, "omit"),
        )


def _block(
    condition: ConditionEntry, i: int, document: Document, asked: Sequence[InstrumentFile]
) -> Iterator[StudyError]:
    if condition.presentation == "item":
        return
    place = ("conditions", i, "presentation")
    for entry in asked:
        apart = [item.code for item in items_of(entry) if item.scale or item.kind == "text"]
        if apart:
            yield document.problem(
                f'condition "{condition.name}" asks instruments in blocks, in which items share a '
                f"scale; {listed(apart)} of {entry.instrument} do not: ask item by item",
                *place,
            )
    if condition.response != "text":
        yield document.problem(
            f'condition "{condition.name}" asks instruments in blocks, whose replies are texts; '
            f'"response: {condition.response}" goes with "presentation: item"',
            *("conditions", i, "response"),
        )


def _order(
    condition: ConditionEntry, i: int, document: Document, codes: Sequence[str]
) -> Iterator[StudyError]:
    if condition.order is None:
        return
    unknown = [code for code in condition.order if code not in codes]
    for code in unknown:
        yield document.problem(
            f'"{code}"{suggestion(code, codes)} is no instrument of this study that the condition '
            f"asks; it asks {listed(codes)}",
            *("conditions", i, "order", condition.order.index(code)),
        )
    counts = Counter(condition.order)
    uneven = [code for code in codes if counts[code] != 1]
    if uneven and not unknown:
        yield document.problem(
            f'the order of condition "{condition.name}" names {listed(uneven)} '
            "not at all or twice; name every instrument once, or leave the key out",
            *("conditions", i, "order"),
        )
