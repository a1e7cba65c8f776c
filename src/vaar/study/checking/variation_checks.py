"""What the variation of a study must agree with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from vaar.errors import StudyError
from vaar.study.conditions import Persona
from vaar.study.instruments import ORIGINAL
from vaar.study.personas import ID, wrong_text
from vaar.study.schema.instrument_file import InstrumentFile, items_of
from vaar.study.schema.study_file import StudyFile
from vaar.study.source.issues import suggestion
from vaar.study.source.located import LocatedInstrument
from vaar.study.source.yaml_lines import Document


def wrong_paraphrases(located: LocatedInstrument) -> Iterator[StudyError]:
    """Sets of paraphrases that an instrument has for some of its items only."""
    items = items_of(located.entry)
    sets = dict.fromkeys(name for item in items for name in item.paraphrases)
    for i, item in enumerate(items):
        if ORIGINAL in item.paraphrases:
            yield located.problem(
                f'"{ORIGINAL}" is the item\'s own text; give the paraphrase another name',
                *("items", i, "paraphrases", ORIGINAL),
            )
        for name in sets:
            if name not in item.paraphrases:
                yield located.problem(
                    f'the item "{item.code}" has no paraphrase "{name}", and others of its '
                    "instrument have; give it one: a set is whole within an instrument",
                    *("items", i),
                )


def wrong_variation(
    study: StudyFile, document: Document, instruments: Sequence[InstrumentFile]
) -> Iterator[StudyError]:
    """Wordings that no item has, and orders where there is but one."""
    variation = study.variation
    items = [item for entry in instruments for item in items_of(entry)]
    known = [ORIGINAL, *dict.fromkeys(name for item in items for name in item.paraphrases)]
    for i, name in enumerate(variation.wordings):
        if name not in known:
            yield document.problem(
                f'no item has a paraphrase "{name}"{suggestion(name, known)}; there are '
                f"{', '.join(known)}",
                *("variation", "wordings", i),
            )
        elif name in variation.wordings[:i]:
            yield document.problem(
                f'the wording "{name}" is named twice; name it once', "variation", "wordings", i
            )
    if variation.order == "counterbalanced" and len(instruments) < 2:
        yield document.problem(
            "one instrument has but one order; leave the key out", "variation", "order"
        )


def wrong_personas(
    study: StudyFile, document: Document, personas: Sequence[Persona], taken: Collection[str]
) -> Iterator[StudyError]:
    """Personas without a text, a text without personas, names that the analysis has already."""
    variation = study.variation
    if bool(personas) != bool(variation.persona_text):
        absent = "persona_text" if personas else "personas"
        yield document.problem(
            f'"personas" and "persona_text" belong together, and {absent} is missing; write both '
            "or neither",
            "variation",
        )
    columns = [name for name, _ in personas[0].attributes] if personas else []
    for name in columns:
        if name in taken:
            yield document.problem(
                f'a column of the personas is named "{name}", as is an instrument, item, subscale '
                "or variable of the model; rename the column",
                *("variation", "personas"),
            )
    if personas and variation.persona_text:
        for message in wrong_text(variation.persona_text, [ID, *columns]):
            yield document.problem(f"the text {message}", "variation", "persona_text")
