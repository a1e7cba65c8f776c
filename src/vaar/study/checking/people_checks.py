"""What published paths or correlations of people must agree with."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.errors import StudyError
from vaar.study.checking.model_checks import model_of, split_path
from vaar.study.people_summary import correlation_matrix
from vaar.study.schema.hypothesis_entries import PeopleEntry
from vaar.study.schema.study_file import StudyFile
from vaar.study.source.issues import listed, repeated
from vaar.study.source.yaml_lines import Document
from vaar.study.structural_model import read_structure, unreadable


def wrong_people(study: StudyFile, document: Document) -> Iterator[StudyError]:
    """What is wrong with what a study says that was published of people."""
    people = study.people
    if people is None:
        return
    model, hypotheses, _ = model_of(study)
    if unreadable(model) is not None:
        return
    wanted = [" ~ ".join(split_path(one.path)) for one in hypotheses]
    paths = [" ~ ".join(split_path(one.path)) for one in people.paths]
    for i, path in enumerate(paths):
        if path not in wanted:
            said = f'"{path}" has no hypothesis; those with one are {listed(wanted)}'
            yield document.problem(said, "people", "paths", i, "path")
    for i in repeated(paths):
        yield document.problem(f'"{paths[i]}" stands here twice', "people", "paths", i, "path")
    if people.correlations:
        outcomes = {path.split(" ~ ")[0] for path in wanted}
        regressions = [pair for pair in read_structure(model).regressions if pair[0] in outcomes]
        for said in _wrong_correlations(people, regressions):
            yield document.problem(said, "people", "correlations")


def _wrong_correlations(people: PeopleEntry, regressions: list[tuple[str, str]]) -> Iterator[str]:
    told = [(a, b) for a, own in people.correlations.items() for b in own]
    pairs = {frozenset(pair) for pair in told}
    if len(pairs) < len(told) or any(len(pair) == 1 for pair in pairs):
        yield "a pair stands here twice, or a variable with itself; write each pair once"
        return
    names = list(dict.fromkeys(name for pair in regressions for name in reversed(pair)))
    if strangers := sorted({name for pair in told for name in pair} - set(names)):
        yield f'"{strangers[0]}" is no variable of the hypotheses\' regressions: {listed(names)}'
        return
    wanted = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    if absent := [pair for pair in wanted if frozenset(pair) not in pairs]:
        a, b = absent[0]
        yield f"the correlation of {a} and {b} is not there, and the regressions need it"
        return
    if not _can_be(people, names):
        yield "no people can have all of these correlations together; look for a wrong one"


def _can_be(people: PeopleEntry, names: list[str]) -> bool:
    """Whether the correlations are those of some data."""
    import numpy as np  # takes longer to load than all that a command line needs to start

    told = ((a, b, r) for a, own in people.correlations.items() for b, r in own.items())
    return bool(np.linalg.eigvalsh(correlation_matrix(names, told))[0] > 0)
