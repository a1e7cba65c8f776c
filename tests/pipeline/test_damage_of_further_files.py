"""Files that not every run has, damaged: a sentence or the same results, never a traceback.

A preregistration, an analysis of another name, tables of what was drawn of the study's facts.
"""

import json
import random
import warnings

import pytest

import vaar
from support.damage import copied, damage
from vaar.errors import VaarError
from vaar.pipeline.plan import plan
from vaar.pipeline.preregistration.registration import register
from vaar.pipeline.reading.list_runs import list_runs
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out

pytestmark = pytest.mark.slow

MODELS = ["simulated/human-like", "simulated/noisy"]
ONLY = ["profile", "conflict", "release"]
NAMED = "analyses/other"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("further")
    registered = folder / "registered.json"
    settled, run = plan(models=MODELS, sessions=8), folder / "run"
    registered.write_text(register(settled, {}).to_json())
    carry_out(settled, run, preregistration=registered)
    for name in ("default", "other"):
        vaar.analyze(run, only=ONLY, name=name)
    vaar.write_report(run)
    return run


def further(run):
    """The files that other tests of damage do not have."""
    found = [run / "preregistration.json", *sorted((run / NAMED).rglob("*.*"))]
    found += sorted(run.glob("analyses/default/[cr]*/*.csv"))
    return [path for path in found if path.is_file()]


def results(run, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = vaar.open_run(run).analysis(name)
    return [found.groups.to_csv(), *(table.to_csv() for table in found.tables.values())]


def ends_well(command):
    """Whether a command ends without an error, which is the package's and says something."""
    try:
        command()
    except VaarError as error:
        assert 0 < len(str(error)) < 2_000
        return False
    return True


def survive(run, expected):
    for read in (status, lambda run: list(list_runs(run.parent)), vaar.open_run):
        assert ends_well(lambda read=read: read(run)), "these read no such file"
    for name, known in expected.items():
        seen = []
        if ends_well(lambda name=name, seen=seen: seen.append(results(run, name))):
            assert seen == [known], name
    page = run / "report.html"
    page.unlink()
    ends_well(lambda: vaar.write_report(run))
    assert not page.exists() or page.read_text().rstrip().endswith("</html>")


def test_there_are_such_files(whole):
    names = {path.name for path in further(whole)}
    assert {"preregistration.json", "analysis.json", "groups.csv", "profile.csv"} <= names
    assert {"conflict_cells.csv", "released.csv", "record.json"} <= names


def test_a_damaged_file_is_told_or_changes_nothing(whole, tmp_path):
    expected = {name: results(whole, name) for name in ("default", "other")}
    draw = random.Random(5)
    files = further(whole)
    for file in draw.sample(files, 5):
        run = copied(whole, tmp_path / "run")
        told = damage(run / file.relative_to(whole), draw)
        try:
            survive(run, expected)
        except Exception as error:
            error.add_note(f"{file.relative_to(whole)}: {told}")
            raise


def test_a_preregistration_that_was_damaged_is_told_on_the_page(whole, tmp_path):
    for damaged in ("[" * 5_000, json.dumps({"digest": ["x"]})):
        run = copied(whole, tmp_path / "run")
        (run / "preregistration.json").write_text(damaged)
        page = vaar.write_report(run).read_text()
        assert "preregistration.json" in page, damaged[:20]
