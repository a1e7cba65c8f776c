"""Nothing is written through a link, whatever a run directory holds."""

import shutil

import pytest

import vaar
from vaar.errors import VaarError
from vaar.pipeline.merge import merge
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.status import status
from vaar.pipeline.run import carry_out
from vaar.pipeline.salvage import salvage

FILES = (
    *(".lock", ".analysis.lock", "run.json", "study.yaml", "human.csv", "journal.sqlite"),
    *("journal.sqlite-wal", "journal.sqlite-shm", "journal.sqlite-journal", "responses.parquet"),
    *("report.html", "groups.csv", "profile.csv", "journal.damaged-1.sqlite"),
    *("analyses/default", "analyses/.default.old", "analyses"),
)


def settled():
    return plan(models=["simulated/noisy"], sessions=2)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    out = tmp_path_factory.mktemp("links") / "run"
    carry_out(settled(), out)
    vaar.analyze(out, only=["profile"])
    return out


@pytest.mark.parametrize("name", FILES)
def test_what_a_link_leads_to_is_left_alone(asked, tmp_path, name):
    run, theirs = shutil.copytree(asked, tmp_path / "run"), tmp_path / "theirs"
    theirs.mkdir()
    place = run / name
    if place.is_dir():
        victim = shutil.copytree(place, theirs / "folder")
        shutil.rmtree(place)
    else:
        victim = theirs / "file"
        victim.write_bytes(place.read_bytes() if place.exists() else b"theirs")
        place.unlink(missing_ok=True)
    place.symlink_to(victim)
    before = content(theirs)
    people = tmp_path / "people.csv"
    people.write_text("nobody\n")
    for command in (
        lambda: carry_out(settled(), run),
        lambda: carry_out(settled(), run, human=people),
        lambda: vaar.analyze(run, only=["profile"]),
        lambda: vaar.write_report(run),
        lambda: salvage(run),
        lambda: merge([asked], run),
        lambda: vaar.export(run, run / "analyses", overwrite=True),
    ):
        try:
            command()
        except VaarError as error:
            assert str(error)
        assert content(theirs) == before


@pytest.fixture
def checked_out(asked, tmp_path):
    """A run directory as DVC and git-annex keep one: links to read-only files in a store."""
    run, store = shutil.copytree(asked, tmp_path / "run"), tmp_path / "store"
    store.mkdir()
    for number, path in enumerate(sorted(p for p in run.rglob("*") if p.is_file())):
        kept = path.rename(store / f"{number:04}")
        kept.chmod(0o444)
        path.symlink_to(kept)
    return run, store


def test_a_run_behind_links_is_read(asked, checked_out, tmp_path):
    run, store = checked_out
    before = content(store)
    here = sorted(path for path in run.rglob("*"))
    assert status(run).journal == status(asked).journal
    assert [one.messages for one in vaar.open_run(run).sessions()] == [
        one.messages for one in vaar.open_run(asked).sessions()
    ]
    found, wanted = vaar.open_run(run).analysis(), vaar.open_run(asked).analysis()
    assert found.stale == "" and found.groups.equals(wanted.groups)
    vaar.export(run, tmp_path / "exported")
    assert (content(store), sorted(path for path in run.rglob("*"))) == (before, here)


def test_a_run_behind_links_is_analysed_in_files_of_its_own_and_not_gone_on_with(checked_out):
    run, store = checked_out
    before = content(store)
    for lock in (".lock", ".analysis.lock"):
        (run / lock).unlink(missing_ok=True)
    vaar.analyze(run, only=["profile"])
    assert vaar.write_report(run).is_file() and not vaar.write_report(run).is_symlink()
    with pytest.raises(VaarError, match=r"journal\.sqlite: is a link.*dvc unprotect"):
        carry_out(settled(), run)
    merge([run], run.parent / "merged")
    assert content(store) == before
    salvage(run)
    assert content(store) == before and not (run / "journal.sqlite").is_symlink()
    carry_out(settled(), run)


def content(folder):
    found = sorted(folder.rglob("*"))
    return [(p, p.lstat().st_mtime_ns, p.read_bytes() if p.is_file() else b"") for p in found]
