import os
import stat
import time

import pytest

from vaar.files.write import (
    LEFT_OVER,
    is_part,
    part_of,
    replacing,
    replacing_folder,
    restore_folder,
    write_bytes,
)


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_a_file_takes_the_place_of_another_with_the_rights_of_new_files(tmp_path):
    target = tmp_path / "page"
    before = os.umask(0o027)
    try:
        for text in (b"1", b"2"):
            write_bytes(target, text)
    finally:
        os.umask(before)
    assert target.read_bytes() == b"2" and names(tmp_path) == ["page"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path):
    other = tmp_path / "other"
    other.write_text("theirs")
    target = tmp_path / "page"
    target.symlink_to(other)
    write_bytes(target, b"ours")
    assert (other.read_text(), target.read_text()) == ("theirs", "ours")
    assert not target.is_symlink()


def test_what_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path):
    target = tmp_path / "page"
    target.write_text("before")
    with pytest.raises(ZeroDivisionError), replacing(target) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "before" and names(tmp_path) == ["page"]


def test_a_name_cannot_be_known_before_and_is_known_as_a_part(tmp_path):
    one, other = part_of(tmp_path / "j.sqlite"), part_of(tmp_path / "j.sqlite")
    assert one != other and is_part(one) and is_part(one.with_name(one.name + "-wal"))
    assert not any(is_part(tmp_path / name) for name in ("a.part", ".a.part", ".lock", "part"))


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_folder_takes_the_place_of_another(tmp_path, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr("vaar.files.write.exchange", lambda one, other: False)
    target = tmp_path / "default"
    for text in "12":
        with replacing_folder(target) as part:
            (part / "file").write_text(text)
    assert (target / "file").read_text() == "2"
    assert names(tmp_path) == ["default"]


@pytest.mark.parametrize("name", ["default", ".default.old"])
def test_a_folder_is_never_written_or_removed_through_a_link(tmp_path, name):
    other = tmp_path / "other"
    other.mkdir()
    (other / "file").write_text("theirs")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / name).symlink_to(other)
    with replacing_folder(inside / "default") as part:
        (part / "file").write_text("ours")
    assert (inside / "default" / "file").read_text() == "ours"
    assert (other / "file").read_text() == "theirs" and names(inside) == ["default"]


def test_an_exchange_that_was_cut_short_is_taken_back(tmp_path):
    target = tmp_path / "default"
    target.mkdir()
    (target / "file").write_text("1")
    target.rename(tmp_path / ".default.old")
    restore_folder(target)
    assert (target / "file").read_text() == "1"
    (tmp_path / ".default.old").mkdir()
    restore_folder(target)
    assert (target / "file").read_text() == "1"


def test_a_folder_whose_writer_died_goes_at_once_and_one_that_is_written_stays(tmp_path):
    target = tmp_path / "default"
    dead = part_of(target)
    dead.mkdir()
    with replacing_folder(target) as part:
        assert not dead.exists()
        with replacing_folder(target) as other:
            assert part.is_dir() and other != part
    assert names(tmp_path) == ["default"]


def test_a_file_whose_writer_died_goes_at_once_and_one_that_is_written_stays(tmp_path):
    target = tmp_path / "page"
    part_of(target).write_text("half")
    os.mkfifo(part_of(target))
    with replacing(target) as part:
        write_bytes(target, b"")
        assert part.exists()
    assert sum(name.endswith(".part") for name in names(tmp_path)) == 1  # the pipe


def test_of_journals_only_old_leftovers_are_removed(tmp_path):
    target = tmp_path / "page.sqlite"
    old, fresh = part_of(target), part_of(target)
    for path in (old, fresh):
        path.write_text("")
    before = time.time() - LEFT_OVER - 60
    os.utime(old, (before, before))
    write_bytes(target, b"")
    assert names(tmp_path) == sorted(["page.sqlite", fresh.name])


@pytest.mark.parametrize("kind", ["file", "pipe"])
@pytest.mark.parametrize("name", ["default", ".default.old"])
def test_a_file_in_the_place_of_a_folder_stays_where_it_is(tmp_path, name, kind):
    place = tmp_path / name
    os.mkfifo(place) if kind == "pipe" else place.write_text("theirs")
    if name == "default":
        with (
            pytest.raises(NotADirectoryError, match=r"'[^']*/default'$"),
            replacing_folder(tmp_path / "default"),
        ):
            pass
        assert names(tmp_path) == ["default"]
    else:
        with replacing_folder(tmp_path / "default"):
            pass
        assert names(tmp_path) == [".default.old", "default"]
    assert place.is_fifo() if kind == "pipe" else place.read_text() == "theirs"


def test_a_folder_in_the_place_of_a_file_is_told_by_its_name(tmp_path):
    (tmp_path / "page").mkdir()
    with pytest.raises(IsADirectoryError, match=r"'[^']*/page'$"):
        write_bytes(tmp_path / "page", b"")
    assert names(tmp_path) == ["page"]


def test_a_part_is_known_whatever_signs_a_name_has(tmp_path):
    for name in ("two\nlines", "-x", "[a]*?", "\udcff", "\x1b[2J"):
        assert is_part(part_of(tmp_path / name))
