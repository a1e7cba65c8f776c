"""What a study's files must agree on among themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from vaar.errors import StudyError
from vaar.study.model import Persona
from vaar.study.schema import ConditionEntry, InstrumentFile, StudyFile
from vaar.study.source.issues import suggestion
from vaar.study.source.located import LocatedInstrument
from vaar.study.source.yaml_lines import Document, Place
from vaar.study.structure import Structure, read_structure
from vaar.study.variation_checks import wrong_paraphrases, wrong_personas, wrong_variation


def check_study(
    study: StudyFile,
    document: Document,
    instruments: Sequence[LocatedInstrument],
    personas: Sequence[Persona] = (),
) -> list[StudyError]:
    """Return what is wrong between the entries of well-formed files."""
    structure = read_structure(study.model)
    taken = {code for located in instruments for code, _ in _places(located.entry)}
    return [
        *_codes(instruments),
        *(problem for located in instruments for problem in _subscales(located)),
        *(problem for located in instruments for problem in _labels(located)),
        *_conditions(study, document, [located.entry for located in instruments]),
        *_variables(document, structure, [located.entry for located in instruments]),
        *_hypotheses(study, document, structure),
        *(problem for located in instruments for problem in wrong_paraphrases(located)),
        *wrong_variation(study, document, [located.entry for located in instruments]),
        *wrong_personas(study, document, personas, taken | {*structure.indicators}),
    ]


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
    for i, item in enumerate(instrument.items):
        yield item.code, ("items", i, "code")
    for i, subscale in enumerate(instrument.subscales):
        yield subscale.code, ("subscales", i, "code")


def _subscales(located: LocatedInstrument) -> Iterator[StudyError]:
    codes = dict.fromkeys(item.code for item in located.entry.items)
    for i, subscale in enumerate(located.entry.subscales):
        for j, code in enumerate(subscale.items):
            if code not in codes:
                yield located.problem(
                    f'subscale "{subscale.code}" names "{code}"{suggestion(code, [*codes])}, which '
                    f"is no item of this instrument; its items are {_listed([*codes])}",
                    *("subscales", i, "items", j),
                )
        for j in _repeated(subscale.items):
            yield located.problem(
                f'subscale "{subscale.code}" names "{subscale.items[j]}" twice; name it once',
                *("subscales", i, "items", j),
            )


def _labels(located: LocatedInstrument) -> Iterator[StudyError]:
    labels = located.entry.scale.labels
    for i in _repeated([label.casefold() for label in labels]):
        yield located.problem(
            f'the label "{labels[i]}" stands for two points; give every point one of its own',
            *("scale", "labels", i),
        )


def _repeated(names: Sequence[str]) -> list[int]:
    """Return the positions of names that stand further ahead already."""
    first: dict[str, int] = {}
    return [i for i, name in enumerate(names) if first.setdefault(name, i) != i]


def _conditions(
    study: StudyFile, document: Document, instruments: Sequence[InstrumentFile]
) -> Iterator[StudyError]:
    codes = [instrument.instrument for instrument in instruments]
    n_items = sum(len(instrument.items) for instrument in instruments)
    names = [condition.name for condition in study.conditions]
    for i in _repeated(names):
        message = f'two conditions are named "{names[i]}"; rename one'
        yield document.problem(message, "conditions", i, "name")
    for i, condition in enumerate(study.conditions):
        yield from _order(condition, i, document, codes)
        needed = n_items if condition.presentation == "item" else len(codes)
        if study.limits.turns < needed:
            yield document.problem(
                f'limits allow {study.limits.turns} turns, but condition "{condition.name}" asks '
                f"{needed} questions; allow at least {needed}",
                *("limits", "turns"),
            )


def _order(
    condition: ConditionEntry, i: int, document: Document, codes: Sequence[str]
) -> Iterator[StudyError]:
    if condition.order is None:
        return
    unknown = [code for code in condition.order if code not in codes]
    for code in unknown:
        yield document.problem(
            f'"{code}"{suggestion(code, codes)} is no instrument of this study; its '
            f"instruments are {_listed(codes)}",
            *("conditions", i, "order", condition.order.index(code)),
        )
    counts = Counter(condition.order)
    uneven = [code for code in codes if counts[code] != 1]
    if uneven and not unknown:
        yield document.problem(
            f'the order of condition "{condition.name}" names {_listed(uneven)} '
            "not at all or twice; name every instrument once, or leave the key out",
            *("conditions", i, "order"),
        )


def _variables(
    document: Document, structure: Structure, instruments: Sequence[InstrumentFile]
) -> Iterator[StudyError]:
    codes = [code for instrument in instruments for code, _ in _places(instrument)]
    known = {*codes, *structure.indicators}
    for name, line in structure.lines.items():
        if name not in known:
            yield _in_model(
                document,
                line,
                f'the model names "{name}"{suggestion(name, sorted(known))}, which '
                "is no item, subscale or instrument code, and not defined in it by =~",
            )


def _in_model(document: Document, line: int, message: str) -> StudyError:
    offset = document.text_lines.get(("model",), document.lines[("model",)])
    return StudyError(message, document.file, offset + line)


def _hypotheses(study: StudyFile, document: Document, structure: Structure) -> Iterator[StudyError]:
    regressions = [f"{outcome} ~ {predictor}" for outcome, predictor in structure.regressions]
    paths = [" ~ ".join(split_path(hypothesis.path)) for hypothesis in study.hypotheses]
    for i, path in enumerate(paths):
        if path not in regressions:
            yield document.problem(
                f'"{path}" is no regression of the model; its regressions are '
                f"{_listed(regressions)}: use one of them, or add this one to the model",
                *("hypotheses", i, "path"),
            )
    for i in _repeated(paths):
        message = f'"{paths[i]}" has two hypotheses; keep one'
        yield document.problem(message, "hypotheses", i, "path")


def split_path(path: str) -> tuple[str, str]:
    """Return outcome and predictor of ``outcome ~ predictor``."""
    outcome, predictor = path.split("~")
    return outcome.strip(), predictor.strip()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:12])
    return f"{shown}, … ({len(names)})" if len(names) > 12 else shown or "none"
