import sys

import pytest

from vaar.files.exchange import exchange


def test_two_folders_change_places(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).touch()
    done = exchange(one, other)
    assert done or not sys.platform.startswith("linux")
    assert (one / ("other" if done else "one")).exists()


@pytest.mark.parametrize("missing", ["one", "other"])
def test_what_is_not_there_changes_no_place(tmp_path, missing):
    paths = {name: tmp_path / name for name in ("one", "other")}
    for name in paths.keys() - {missing}:
        paths[name].mkdir()
    assert not exchange(*paths.values())
    assert not paths[missing].exists()
