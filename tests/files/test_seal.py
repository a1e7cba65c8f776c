import json

import pytest

from vaar.files.seal import SEAL, is_as_written, sealed

CONTENT = {"a": (1, 2.5, None), "é": {"x": "y"}, "none": {}}


def test_what_is_written_and_read_is_as_it_was_written():
    told = json.loads(json.dumps(sealed(CONTENT)))
    assert is_as_written(told)
    assert sealed(told) == told
    assert is_as_written(dict(reversed(told.items()))), "the order of keys says nothing"


def test_half_a_character_is_written_as_files_hold_it():
    told = sealed({"command": "vaar run --out r\udcff"})
    assert told["command"] == "vaar run --out r?"
    assert is_as_written(json.loads(json.dumps(told).encode()))


@pytest.mark.parametrize(
    "change", [{"a": [1, 2.5]}, {"b": 1}, {"é": {"x": "z"}}, {"none": None}, {SEAL: ""}]
)
def test_any_change_breaks_the_seal(change):
    assert not is_as_written(sealed(CONTENT) | change)


def test_a_file_of_an_earlier_version_bears_none():
    assert is_as_written(CONTENT)
