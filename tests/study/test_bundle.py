import errno
from pathlib import Path

import pytest

from vaar.errors import StudyError
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


def test_directory_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StudyError, match="cannot be written"):
        copy_bundle(NAME, tmp_path / "file")
    with pytest.raises(StudyError, match="cannot be written"):
        copy_bundle(NAME, tmp_path / "file" / "below")


def test_a_copy_that_fails_leaves_nothing_that_the_next_would_refuse(tmp_path, monkeypatch):
    real, written = Path.write_text, []

    def full(path, *given, **named):
        written.append(path)
        if len(written) == 3:
            real(path, "half", encoding="utf-8")
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *given, **named)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StudyError, match="No space left"):
        copy_bundle(NAME, tmp_path / "own")
    assert not list((tmp_path / "own").iterdir())
    monkeypatch.undo()
    assert copy_bundle(NAME, tmp_path / "own")
