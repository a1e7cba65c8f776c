"""Every command, killed anywhere: what was there or what is wanted is there, and it can go on."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path

import pytest

import vaar
from support.inspect_mock import bridged_study, mock, run_eval, say, write_study
from vaar.inspect_bridge.task import privacy_prosocial
from vaar.journal.journal import Journal
from vaar.pipeline.merge import merge
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out
from vaar.sessions.shard import Shard

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("VAAR_KILLS", "2"))
"""Of each command; `make quality` sets more."""

KILLED = Path(__file__).parent.parent / "support" / "killed.py"
NEVER = 10**9


@pytest.fixture(scope="module")
def start():
    """Run a command that kills itself at some step; how it ended, its steps, what it told."""
    with subprocess.Popen(
        [sys.executable, KILLED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:

        def run(at, *command):
            process.stdin.write(json.dumps([at, *map(str, command)]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


@pytest.fixture
def killed_anywhere(start):
    """Kill a command at steps spread over its whole course, and finish it each time."""

    def run(prepare, command, survived, finished):
        prepare()
        code, steps, told = start(NEVER, *command)
        assert code in (0, 3), told
        finished()
        for kill in range(KILLS):
            prepare()
            code, _, told = start(1 + kill * steps // KILLS + steps // (2 * KILLS), *command)
            assert code == -signal.SIGKILL, told
            survived()
            code, _, told = start(NEVER, *command)
            assert code in (0, 3), told
            finished()

    return run


def asked(sessions, out, shard=None, seed=1):
    settled = plan(models=["simulated/noisy"], sessions=sessions, seed=seed, shard=shard)
    carry_out(settled, out)
    return out


def replies(run):
    with closing(Journal.existing(run / "journal.sqlite")) as journal:
        return journal.sessions(), list(journal.turns())


def results(run):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = vaar.open_run(run).analysis()
    return [found.groups.to_csv(), *(table.to_csv() for table in found.tables.values())]


def fresh(place, source=None):
    shutil.rmtree(place, ignore_errors=True)
    if source is not None:
        shutil.copytree(source, place)


def test_run(killed_anywhere, tmp_path):
    whole, out = replies(asked(3, tmp_path / "whole")), tmp_path / "run"

    def same():
        assert replies(out) == whole

    def readable():
        if (out / "journal.sqlite").exists():
            assert status(out).holder is None

    ask = ("run", "--model", "simulated/noisy", "--sessions", 3, "--ask-only", "--out", out)
    killed_anywhere(lambda: fresh(out), ask, readable, same)


def test_run_that_takes_more(killed_anywhere, tmp_path):
    small, whole = asked(2, tmp_path / "small"), replies(asked(4, tmp_path / "whole"))
    out, model = tmp_path / "run", "simulated/noisy"

    def told(found, turns):
        """What was said, by the seed of the session: numbers depend on what was asked between."""
        seeds = {session.number: session.seed for session, *_ in found if session.group == model}
        own = [turn for turn in turns if turn.session in seeds]
        return sorted(
            (seeds[t.session], t.turn, t.attempt, t.reply.text, t.reply.finish_reason) for t in own
        )

    def same():
        assert told(*replies(out)) == told(*whole)

    def takes_another_model_all_the_same():
        assert status(out).lost_sessions == status(out).journal.lost_replies == 0
        carry_out(plan(models=["simulated/human-like"], sessions=1), out)

    ask = ("run", "--model", model, "--sessions", 4, "--ask-only", "--out", out)
    killed_anywhere(lambda: fresh(out, small), ask, takes_another_model_all_the_same, same)


@pytest.fixture(scope="module")
def outgrown(tmp_path_factory):
    """A run that was analysed and reported, and has grown since; and its results before and now."""
    run = asked(2, tmp_path_factory.mktemp("kills") / "run")
    vaar.analyze(run, only=["profile"])
    vaar.write_report(run)
    old = results(run)
    asked(3, run)
    new = shutil.copytree(run, run.parent / "new")
    vaar.analyze(new, only=["profile"])
    return run, old, results(new)


def test_analyze(killed_anywhere, outgrown, tmp_path):
    source, old, new = outgrown
    run = tmp_path / "run"
    page = (source / "report.html").read_text()

    def old_or_new():
        assert results(run) in (old, new)
        now = (run / "report.html").read_text()
        assert now == page or (now.rstrip().endswith("</html>") and results(run) == new)

    def all_new():
        assert results(run) == new
        assert vaar.open_run(run).analysis().stale == ""
        assert (run / "report.html").read_text() != page

    command = ("analyze", run, "--only", "profile")
    killed_anywhere(lambda: fresh(run, source), command, old_or_new, all_new)


def test_report(killed_anywhere, outgrown, tmp_path):
    source, _, new = outgrown
    analyzed, run = tmp_path / "analyzed", tmp_path / "run"
    fresh(analyzed, source)
    vaar.analyze(analyzed, only=["profile"])
    page = (analyzed / "report.html").read_text()

    def old_or_new():
        now = (run / "report.html").read_text()
        assert now == page or now.rstrip().endswith("</html>")
        assert results(run) == new

    def all_new():
        old_or_new()
        assert (run / "report.html").read_text() != page

    killed_anywhere(lambda: fresh(run, analyzed), ("report", run), old_or_new, all_new)


@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_merge(killed_anywhere, tmp_path, there):
    first, second = (asked(4, tmp_path / f"{n}", Shard(n, 2)) for n in (1, 2))
    out, begun = tmp_path / "out", tmp_path / "begun"
    merge([first], begun)
    whole = replies(asked(4, tmp_path / "whole"))

    def same():
        assert replies(out) == whole
        assert not any(path.name.endswith(".part") for path in out.iterdir())

    def nothing_lost():
        assert len(replies(first)[1]) + len(replies(second)[1]) == len(whole[1])
        if there:
            assert len(replies(out)[1]) in (len(replies(first)[1]), len(whole[1]))

    def prepare():
        fresh(out, begun if there else None)

    killed_anywhere(prepare, ("merge", first, second, "--out", out), nothing_lost, same)


def test_import(killed_anywhere, tmp_path):
    study = write_study(bridged_study(), tmp_path)
    task = privacy_prosocial(study=study, sessions=2, seed=7)
    log = Path(run_eval(task, mock(say), tmp_path / "logs").location)
    out, whole = tmp_path / "out", []

    def same():
        whole[:] = whole or [replies(out)]
        assert [replies(out)] == whole and whole[0][1]

    killed_anywhere(lambda: fresh(out), ("import", log, "--out", out), lambda: None, same)


@pytest.fixture(scope="module")
def analyzed(outgrown, tmp_path_factory):
    source, _, _ = outgrown
    run = shutil.copytree(source, tmp_path_factory.mktemp("analyzed") / "run")
    vaar.analyze(run, only=["profile"])
    return run


def whole(folder, name):
    """The files of a folder, all of one writing."""
    found = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert not found or Path(name) in found
    return found


@pytest.mark.parametrize(
    ("command", "there"), [("export", True), ("compare", False)], ids=["export", "compare"]
)
def test_folders_of_files(killed_anywhere, analyzed, tmp_path, command, there):
    to, old, run = tmp_path / "to", tmp_path / "old", tmp_path / "run"
    shutil.copytree(analyzed, run)
    other = shutil.copytree(analyzed, tmp_path / "other")
    ask = {
        "export": ("export", run, "--to", to, "--overwrite"),
        "compare": ("compare", run, other, "--out", to, "--overwrite"),
    }[command]
    index = "README.md"
    if there:
        vaar.export(analyzed, old)

    def old_or_new():
        found = whole(to, index) if to.exists() else {}
        assert not found or set(found) in (set(whole(old, index)), set(files))

    files = {}

    def all_new():
        found = whole(to, index)
        files.update(files or found)
        assert set(found) == set(files)
        assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]

    killed_anywhere(lambda: fresh(to, old if there else None), ask, old_or_new, all_new)


def test_salvage(killed_anywhere, tmp_path):
    source, run = asked(3, tmp_path / "source"), tmp_path / "run"
    with closing(sqlite3.connect(source / "journal.sqlite")) as database, database:
        database.execute("DELETE FROM turns WHERE session = 2 AND turn > 3")
    kept = []

    def nothing_lost():
        assert list(run.glob("journal*.sqlite"))
        assert all(path.stat().st_size for path in run.glob("journal*.sqlite"))

    def salvaged():
        kept[:] = kept or [replies(run)]
        assert [replies(run)] == kept and kept[0][1]

    killed_anywhere(lambda: fresh(run, source), ("salvage", run), nothing_lost, salvaged)


def test_calibrate(killed_anywhere, tmp_path):
    out = tmp_path / "out"
    design = ("--sessions", 40, "--data-sets", 2, "--population", "null", "--workers", 1)
    files = {}

    def none_or_whole():
        for folder in tmp_path.glob("out*"):
            assert (folder / "calibration.json").is_file() or not any(folder.iterdir())

    def same():
        (folder,) = tmp_path.glob("out*")
        found = {path.name: path.read_text() for path in folder.glob("*.csv")}
        files.update(files or found)
        assert found == files and found

    def prepare():
        for folder in tmp_path.glob("*out*"):
            shutil.rmtree(folder)

    killed_anywhere(prepare, ("calibrate", *design, "--out", out), none_or_whole, same)
