import os
from pathlib import Path

import pytest

from vaar.files.plain import open_plain, other_names, read_plain


def test_a_pipe_and_a_folder_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(ValueError, match="no file"):
            read_plain(path, 10)
        with pytest.raises((ValueError, OSError)):
            open_plain(path, os.O_RDWR)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="this system has no such device")
def test_a_device_without_an_end_is_refused():
    with pytest.raises(ValueError, match="no file"):
        read_plain(Path("/dev/zero"), 10)


def test_a_file_is_read_up_to_its_bound(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_plain(file, 5) == b"12345"
    with pytest.raises(ValueError, match="more than 4 bytes"):
        read_plain(file, 4)
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "none", 4)


def test_names_in_other_folders_are_counted(tmp_path):
    (tmp_path / "here").mkdir()
    file = tmp_path / "here" / "file"
    assert other_names(file) == 0
    file.touch()
    os.link(file, tmp_path / "here" / "beside")
    assert other_names(file) == 0
    os.link(file, tmp_path / "elsewhere")
    assert other_names(file) == 1
