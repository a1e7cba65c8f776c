import os
import time

from vaar.pipeline.results.layout import LEFT_OVER, remove_leftovers, restore, swap


def filled(path, text):
    path.mkdir()
    (path / "file").write_text(text)
    return path


def test_a_folder_takes_the_place_of_another(tmp_path):
    target = tmp_path / "default"
    swap(filled(tmp_path / "new", "1"), target)
    swap(filled(tmp_path / "new", "2"), target)
    assert (target / "file").read_text() == "2"
    assert list(tmp_path.iterdir()) == [target]


def test_a_swap_that_was_cut_short_is_taken_back(tmp_path):
    target = filled(tmp_path / "default", "1")
    target.rename(tmp_path / ".default.old")
    restore(target)
    assert (target / "file").read_text() == "1"
    filled(tmp_path / ".default.old", "0")
    restore(target)
    assert (target / "file").read_text() == "1"


def test_only_old_leftovers_are_removed(tmp_path):
    for name in (".a.part-1", ".a.part-2"):
        filled(tmp_path / name, "")
    (tmp_path / ".b.part-3").write_text("")
    for name in (".a.part-1", ".b.part-3"):
        old = time.time() - LEFT_OVER - 60
        os.utime(tmp_path / name, (old, old))
    remove_leftovers(tmp_path, ".*.part-*")
    assert [path.name for path in tmp_path.iterdir()] == [".a.part-2"]
