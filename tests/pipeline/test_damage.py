"""Whatever a file of a run directory holds: a sentence or the same results, never a traceback."""

import asyncio
import csv
import hashlib
import os
import random
import warnings
from dataclasses import replace

import pytest

import vaar
from support.damage import copied, damage, files_of
from support.scripted import Scripted, tiny_study
from vaar.errors import VaarError
from vaar.pipeline.claiming.changed_files import changed_files
from vaar.pipeline.plan import RunPlan
from vaar.pipeline.reading.list_runs import list_runs
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out
from vaar.pipeline.rundir import RunDirectory
from vaar.pipeline.salvage import salvage
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.study.load import load_study

STUDY = replace(tiny_study(), description="Tiny.")
ITEMS = [item.code for part in STUDY.instruments for item in part.items]
LONGEST = 2_000
DAMAGED = int(os.environ.get("VAAR_DAMAGED", "12"))
"""Files; `make quality` damages more."""


class Drawn(Scripted):
    """Answers that differ from session to session; some are refused."""

    def __init__(self, name):
        super().__init__(name, lambda messages: "")

    async def reply(self, request):
        await asyncio.sleep(0)
        seen = f"{self.name}{request.respondent_seed}{len(request.messages)}".encode()
        first, second = hashlib.sha256(seen).digest()[:2]
        text = "12345"[first % 5] if second > 30 else "I refuse to answer that."
        return Reply(text, input_tokens=10, output_tokens=1, model="script", simulated=True)


def settled():
    asked = (Drawn("a"), Drawn("'=b"))
    sessions = tuple(plan_sessions(STUDY, [r.name for r in asked], 6, seed=1))
    return RunPlan(STUDY, asked, sessions, 6, 1, None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage")
    people = folder / "people.csv"
    with people.open("w", newline="") as file:
        draw = random.Random(1)
        rows = [[draw.randint(1, 5) for _ in ITEMS] for _ in range(12)]
        csv.writer(file).writerows([ITEMS, *rows])
    carry_out(settled(), folder / "run", human=people)
    analyze(folder / "run")
    vaar.write_report(folder / "run")
    return folder / "run"


def analyze(run):
    vaar.analyze(run, only=["profile"])


def results(run):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = vaar.open_run(run).analysis()
    return [found.groups.to_csv(), *(table.to_csv() for table in found.tables.values())]


def conversations(run):
    return [(one.session, one.status, one.messages) for one in vaar.open_run(run).sessions()]


def told(run):
    """What is said of files that were changed."""
    files = RunDirectory(run)
    return list(changed_files(files, files.read_run(), load_study(files.study, asked=True)))


def sentence(command, run):
    """How a command ends: nothing, or what it says in an error of the package."""
    try:
        command(run)
    except VaarError as error:
        said = str(error)
        assert said and len(said) < LONGEST
        return said
    return ""


def survive(whole, place, seed):
    """Damage one file, and give every command: each ends in words or with the same results."""
    draw = random.Random(seed)
    run, expected = copied(whole, place), results(whole)
    file = draw.choice(files_of(run))
    how = f"seed {seed}: {file.relative_to(run)}: {damage(file, draw)}"
    for read in (status, vaar.open_run, lambda run: list(list_runs(run.parent))):
        sentence(read, run)
    said = []
    if not sentence(lambda run: said.append(conversations(run)), run):
        assert said == [conversations(whole)] or told(run), how
    for write in (vaar.write_report, analyze, vaar.write_report):
        if not sentence(write, run):
            assert results(run) == expected or told(run), how
    sentence(lambda run: carry_out(settled(), run), run)
    sentence(salvage, run)
    sentence(lambda run: carry_out(settled(), run), run)
    if not sentence(analyze, run):
        assert results(run) == expected or told(run), how


@pytest.mark.slow
def test_a_damaged_file_is_told_or_changes_nothing(whole, tmp_path):
    for seed in range(DAMAGED):
        survive(whole, tmp_path / "run", seed)


def test_a_study_and_people_that_were_changed_are_told_in_the_terminal_and_on_the_page(
    whole, tmp_path
):
    run = copied(whole, tmp_path / "run")
    assert not told(run)
    study = run / "study.yaml"
    study.write_text(study.read_text().replace("Statement alpha 1", "Another statement"))
    (run / "human.csv").unlink()
    analyze(run)
    first, second = told(run)
    assert "study.yaml is not the study that was asked" in first
    assert "human.csv is gone" in second
    page = vaar.write_report(run).read_text()
    assert "is not the study that was asked" in page and "human.csv is gone" in page
