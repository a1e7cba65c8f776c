"""What a study's structural model and its hypotheses must agree with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vaar.errors import StudyError
from vaar.study.schema.hypothesis_entries import HypothesisEntry
from vaar.study.schema.instrument_file import InstrumentFile, ScaleEntry, items_of
from vaar.study.schema.study_file import StudyFile
from vaar.study.source.issues import listed, repeated, suggestion
from vaar.study.source.yaml_lines import Document, Place
from vaar.study.structural_model import Flaw, Structure, read_structure, unfit, unreadable

_SHORT: Place = ()
_LONG: Place = ("analyses", "alignment")


def model_of(study: StudyFile) -> tuple[str, list[HypothesisEntry], Place]:
    """The structural model, its hypotheses, and the place in the file where they stand."""
    alignment = study.analyses.alignment
    if alignment is not None and (alignment.model is not None or alignment.hypotheses):
        return alignment.model or "", alignment.hypotheses, _LONG
    return study.model or "", study.hypotheses, _SHORT


def wrong_model(
    study: StudyFile, document: Document, instruments: Sequence[InstrumentFile], judged: bool
) -> Iterator[StudyError]:
    """What is wrong with model and hypotheses.

    Parameters
    ----------
    judged : bool
        Whether a model is refused that could be read and cannot be fitted.
    """
    model, hypotheses, place = model_of(study)
    yield from _written_twice(study, document)
    if not model:
        if hypotheses:
            yield document.problem(
                "hypotheses are about paths of a structural model, and there is none; add "
                '"model", or leave them out',
                *place,
                "hypotheses",
            )
        return
    if (flaw := unreadable(model)) is not None:
        yield _in_model(document, place, flaw)
        return
    structure = read_structure(model)
    strangers = [*_strangers(document, place, structure, instruments)]
    yield from strangers
    yield from _wrong_hypotheses(hypotheses, document, place, structure)
    if judged and not strangers:
        yield from (_in_model(document, place, flaw) for flaw in unfit(model))


def _written_twice(study: StudyFile, document: Document) -> Iterator[StudyError]:
    alignment = study.analyses.alignment
    if alignment is None:
        return
    for key in ("model", "hypotheses"):
        if getattr(study, key) and getattr(alignment, key):
            yield document.problem(
                f'"{key}" stands at the top of the file and under "analyses: alignment"; keep one',
                *_LONG,
                key,
            )
    apart = (study.model and alignment.hypotheses) or (study.hypotheses and alignment.model)
    if apart:
        yield document.problem(
            '"model" and "hypotheses" stand in different places; write both at the top of the file '
            'or both under "analyses: alignment"',
            *_LONG,
        )


def _strangers(
    document: Document, place: Place, structure: Structure, instruments: Sequence[InstrumentFile]
) -> Iterator[StudyError]:
    scored, unscored = _scores(instruments)
    known = {*scored, *structure.indicators}
    for name, line in structure.lines.items():
        if name in known:
            continue
        if name in unscored:
            said = f'the model names "{name}", {unscored[name]}'
        else:
            said = (
                f'the model names "{name}"{suggestion(name, sorted(known))}, which is no item, '
                "subscale or instrument code, and not defined in it by =~"
            )
        yield _in_model(document, place, Flaw(said, line))


def _scores(instruments: Sequence[InstrumentFile]) -> tuple[set[str], dict[str, str]]:
    """Codes that a score has, and codes that have none, with the reason."""
    scored: set[str] = set()
    unscored: dict[str, str] = {}
    for entry in instruments:
        ranges: dict[str, tuple[int, int]] = {}
        for item in items_of(entry):
            if item.kind == "text":
                unscored[item.code] = "which is answered in words and has no score"
                continue
            scored.add(item.code)
            scale = item.scale or entry.scale
            if scale is not None:
                ranges[item.code] = range_of(scale)
        parts = [(entry.instrument, list(ranges))]
        parts += [(part.code, [c for c in part.items if c in ranges]) for part in entry.subscales]
        for code, items in parts:
            if len({ranges[item] for item in items}) == 1:
                scored.add(code)
            else:
                unscored[code] = "whose items have different scales, so that it has no score"
    return scored, unscored


def range_of(scale: ScaleEntry) -> tuple[int, int]:
    """The numbers of the lowest and the highest point of a scale."""
    if scale.last is not None:
        return scale.first, scale.last
    return scale.first, scale.first + len(scale.labels or ()) - 1


def _wrong_hypotheses(
    hypotheses: Sequence[HypothesisEntry], document: Document, place: Place, structure: Structure
) -> Iterator[StudyError]:
    regressions = [f"{outcome} ~ {predictor}" for outcome, predictor in structure.regressions]
    paths = [" ~ ".join(split_path(hypothesis.path)) for hypothesis in hypotheses]
    for i, path in enumerate(paths):
        if path not in regressions:
            yield document.problem(
                f'"{path}" is no regression of the model; its regressions are '
                f"{listed(regressions)}: use one of them, or add this one to the model",
                *(*place, "hypotheses", i, "path"),
            )
    for i in repeated(paths):
        message = f'"{paths[i]}" has two hypotheses; keep one'
        yield document.problem(message, *place, "hypotheses", i, "path")


def _in_model(document: Document, place: Place, flaw: Flaw) -> StudyError:
    at = (*place, "model")
    if at in document.text_lines:
        return StudyError(flaw.message, document.file, document.text_lines[at] + flaw.line)
    return document.problem(flaw.message, *at)


def split_path(path: str) -> tuple[str, str]:
    """Return outcome and predictor of ``outcome ~ predictor``."""
    outcome, predictor = path.split("~")
    return outcome.strip(), predictor.strip()
