"""What the facts of a study, and the texts that name them, must agree with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from vaar.errors import StudyError
from vaar.study.conditions import Persona
from vaar.study.personas import FACTORS
from vaar.study.schema.condition_entries import ConditionEntry, FactEntry
from vaar.study.schema.instrument_file import items_of
from vaar.study.schema.study_file import StudyFile
from vaar.study.source.issues import repeated
from vaar.study.source.located import LocatedInstrument
from vaar.study.source.yaml_lines import Document
from vaar.study.templates import wrong_template

_WHAT = "fact of this study"


def wrong_facts(
    study: StudyFile,
    document: Document,
    instruments: Sequence[LocatedInstrument],
    personas: Sequence[Persona],
    taken: Collection[str],
) -> Iterator[StudyError]:
    """Names that are taken, levels without a text, and texts that name what is no fact."""
    facts = study.variation.facts
    attributes = {name for persona in personas[:1] for name, _ in persona.attributes}
    for i, fact in enumerate(facts):
        yield from _wrong_fact(fact, i, document, {*taken, *attributes, *FACTORS})
    named = [name for fact in facts for name in (fact.fact, *fact.texts)]
    for k in repeated(named):
        yield document.problem(
            f'the name "{named[k]}" stands for two things; give each fact and each of its texts a '
            "name of its own",
            *("variation", "facts"),
        )
    for i, condition in enumerate(study.conditions):
        known = [*named, *_of_every_item(condition, instruments)]
        for said in wrong_template(condition.system or "", known, _WHAT):
            yield document.problem(f"the text {said}", "conditions", i, "system")
    for located in instruments if facts else ():
        yield from _wrong_texts(located, named)


def _of_every_item(
    condition: ConditionEntry, instruments: Sequence[LocatedInstrument]
) -> list[str]:
    """Facts that every item has, where a condition gives each a conversation of its own."""
    if condition.history != "fresh" or condition.presentation != "item":
        return []
    asked = [one.entry for one in instruments if one.entry.instrument not in condition.omit]
    first, *others = [set(item.facts) for entry in asked for item in items_of(entry)] or [set()]
    return sorted(first.intersection(*others))


def _wrong_fact(
    fact: FactEntry, i: int, document: Document, taken: Collection[str]
) -> Iterator[StudyError]:
    place = ("variation", "facts", i)
    if fact.fact in taken:
        yield document.problem(
            f'a fact is named "{fact.fact}", as is an instrument, item, subscale or variable of '
            "the model, a column of the personas, or something that every session has; rename it",
            *(*place, "fact"),
        )
    for k in repeated(fact.levels):
        yield document.problem(
            f'the level "{fact.levels[k]}" stands here twice; keep one', *(*place, "levels", k)
        )
    for name, texts in fact.texts.items():
        if len(texts) != len(fact.levels):
            yield document.problem(
                f'"{name}" has {len(texts)} texts, and "{fact.fact}" has {len(fact.levels)} '
                "levels; write one for each, in their order",
                *(*place, "texts", name),
            )


def _wrong_texts(located: LocatedInstrument, names: Sequence[str]) -> Iterator[StudyError]:
    for said in wrong_template(located.entry.instructions, names, _WHAT):
        yield located.problem(f"the text {said}", "instructions")
    for i, item in enumerate(items_of(located.entry)):
        for text in (item.text, *item.paraphrases.values()):
            for said in wrong_template(text, names, _WHAT):
                yield located.problem(f"the text {said}", "items", i, "text")
