"""What was simulated for a study, in its report: how often it would say so without cause."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.calibration.wording import group_table, lead, method, needed_lines, path_table
from vaar.errors import DataError
from vaar.pipeline.calibration.kept import COMMANDS, KINDS, Simulated, differences, kept
from vaar.pipeline.calibration.subject import Subject
from vaar.report.section import Block, Caution, Heading, Prose, Section

TITLE = "How often this design would say so without cause"
_ID, _PLACE = "calibration", 56


def calibration_section(subject: Subject) -> Section | None:
    """The chances that were simulated for a run; None where nothing was."""
    blocks: list[Block] = []
    methods: list[Block] = []
    cautions: list[Caution] = []
    leads: list[str] = []
    for kind in KINDS:
        try:
            found = kept(subject, kind)
        except DataError as error:
            cautions.append(Caution(kind, str(error)))
            continue
        if found is None:
            continue
        if stale := stale_words(found, subject):
            cautions.append(Caution(kind, stale))
        leads += [lead(found.paths)] if kind == "calibration" else [*needed_lines(found.needed)]
        blocks += _of_calibration(found) if kind == "calibration" else _of_power(found)
        methods.append(Prose(method(found.record)))
    if not (leads or cautions):
        return None
    return Section(
        _ID,
        TITLE,
        " ".join(leads) or "What was simulated cannot be read.",
        tuple(blocks),
        method=tuple(methods),
        cautions=tuple(cautions),
        place=_PLACE,
    )


def stale_words(found: Simulated, subject: Subject) -> str:
    """That chances are of another design, in one sentence; empty where they are of this one."""
    changed = differences(found, subject)
    if not changed:
        return ""
    return (
        f"The simulated chances are of another design: {'; '.join(changed)}. "
        f"`{COMMANDS[found.kind]}` makes them anew."
    )


def _of_calibration(found: Simulated) -> Iterator[Block]:
    yield path_table(found.paths, "Chances of every verdict where there is no effect")
    yield group_table(found.groups, "The fit, the rate and its interval where there is no effect")


def _of_power(found: Simulated) -> Iterator[Block]:
    yield Heading("What it would find", "power")
    for line in needed_lines(found.needed):
        yield Prose(line)
    yield path_table(found.paths, "Chances of every verdict with the expected effects")
    yield group_table(found.groups, "The fit, the rate and its interval with the expected effects")
