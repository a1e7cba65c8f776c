import os

import pytest

from vaar.files.strict_json import LARGEST, read_object

DAMAGED = {
    "no JSON": b"{",
    "no object": b"[1]",
    "no UTF-8": b'{"a": "\xff"}',
    "half a character": rb'{"a": "\ud800"}',
    "half a character as a key": rb'{"\udc00": 1}',
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": [-Infinity]}',
    "beyond any number": b'{"a": 1e999}',
    "an endless number": b'{"a": ' + b"9" * 10_000 + b"}",
    "deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "empty": b"",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_no_program_of_ours_wrote_is_one_error(tmp_path, content):
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(ValueError) as told:
        read_object(path)
    assert str(told.value).isprintable()


def test_a_directory_a_pipe_and_a_huge_file(tmp_path):
    with pytest.raises(ValueError, match="no file"):
        read_object(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="no file"):
        read_object(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(ValueError, match="more than"):
        read_object(tmp_path / "huge")


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "run.json"
    path.write_text('{"a": [1, 2.5, null, true, "é"]}', encoding="utf-8")
    assert read_object(path) == {"a": [1, 2.5, None, True, "é"]}
