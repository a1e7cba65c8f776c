import errno
import os

import pytest

from vaar.errors import StudyError
from vaar.files.write import part_of, write_bytes
from vaar.study.bundle import bundled_directory, bundled_studies, copy_bundle
from vaar.study.load import load_study

NAME = "privacy_prosocial"


def test_every_bundled_study_bears_the_name_of_its_directory():
    assert NAME in bundled_studies()
    for name in bundled_studies():
        assert load_study(name).name == name
        assert (bundled_directory(name) / "study.yaml").is_file()


@pytest.mark.parametrize("name", bundled_studies())
def test_copy_is_the_same_study_with_schemas_beside_it(tmp_path, name):
    target = tmp_path / "new" / "study"
    written = copy_bundle(name, target)
    assert load_study(target) == load_study(name)
    assert sorted(target.iterdir()) == sorted(written)
    for path in target.glob("*.yaml"):
        schema = path.read_text(encoding="utf-8").splitlines()[0].split("$schema=")[1]
        expected = "study" if path.name == "study.yaml" else "instrument"
        assert schema == f"{expected}.schema.json"
        assert (target / schema).is_file()


def test_empty_directory_is_filled_and_a_full_one_left_alone(tmp_path):
    copy_bundle(NAME, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StudyError, match="is not empty"):
        copy_bundle(NAME, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_copy_that_was_cut_short_is_finished(tmp_path):
    whole, half = tmp_path / "whole", tmp_path / "half"
    copy_bundle(NAME, whole)
    half.mkdir()
    for path in sorted(whole.iterdir())[:2]:
        (half / path.name).write_bytes(path.read_bytes())
    part_of(half / "study.yaml").write_text("half")
    copy_bundle(NAME, half)
    assert load_study(half) == load_study(NAME)


@pytest.mark.parametrize("kind", ["edited", "link", "pipe", "folder"])
def test_what_is_no_copy_is_left_alone(tmp_path, kind):
    place, theirs = tmp_path / "out" / "study.yaml", tmp_path / "theirs"
    place.parent.mkdir()
    theirs.write_text("theirs")
    {
        "edited": lambda: place.write_text("study: mine"),
        "link": lambda: place.symlink_to(theirs),
        "pipe": lambda: os.mkfifo(place),
        "folder": place.mkdir,
    }[kind]()
    with pytest.raises(StudyError, match="is not empty"):
        copy_bundle(NAME, place.parent)
    assert theirs.read_text() == "theirs" and list(place.parent.iterdir()) == [place]


def test_directory_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StudyError, match="cannot be written"):
        copy_bundle(NAME, tmp_path / "file")
    with pytest.raises(StudyError, match="cannot be written"):
        copy_bundle(NAME, tmp_path / "file" / "below")


def test_a_copy_that_fails_leaves_nothing_that_the_next_would_refuse(tmp_path, monkeypatch):
    written = []

    def full(path, content):
        written.append(path)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_bytes(path, content)

    monkeypatch.setattr("vaar.study.bundle.write_bytes", full)
    with pytest.raises(StudyError, match="No space left"):
        copy_bundle(NAME, tmp_path / "own")
    assert not list((tmp_path / "own").iterdir())
    monkeypatch.undo()
    assert copy_bundle(NAME, tmp_path / "own")
