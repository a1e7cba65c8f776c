import os

import pytest

from vaar.errors import StudyError
from vaar.study.source.files import LARGEST_FILE, is_file_below, read_document


def test_largest_file_is_read_and_one_byte_more_is_not(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("a: " + "x" * (LARGEST_FILE - 3))
    assert len(read_document(path).data["a"]) == LARGEST_FILE - 3
    path.write_text("a: " + "x" * (LARGEST_FILE - 2))
    with pytest.raises(StudyError, match="more than 250,000 bytes"):
        read_document(path)


def test_not_utf8_tells_the_line(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\nb: caf\xe9".encode("latin-1"))
    with pytest.raises(StudyError, match=r"f\.yaml:2: is not UTF-8 text; save it as UTF-8"):
        read_document(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_file(tmp_path):
    path = tmp_path / "f.yaml"
    path.touch(mode=0o000)
    with pytest.raises(StudyError, match="cannot be read"):
        read_document(path)


def test_missing_file(tmp_path):
    with pytest.raises(StudyError, match=r"cannot be read \(No such file"):
        read_document(tmp_path / "f.yaml")


def test_below_means_a_file_inside_with_links_followed(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside.yaml"
    (inside / "deep").mkdir(parents=True)
    outside.touch()
    (inside / "deep" / "f.yaml").touch()
    (inside / "link.yaml").symlink_to(outside)
    assert is_file_below(inside / "deep" / "f.yaml", inside)
    assert not is_file_below(inside / "link.yaml", inside)
    assert not is_file_below(inside / ".." / "outside.yaml", inside)
    assert not is_file_below(inside, inside)
    assert not is_file_below(inside / ("x" * 5000), inside)
    assert not is_file_below(inside / "nul\0", inside)
