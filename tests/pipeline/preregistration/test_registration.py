"""What was settled is written whole, and read only as it was written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.analyses.specifications.declared import DEFAULT, declared, digest
from vaar.errors import DataError
from vaar.pipeline.plan import plan
from vaar.pipeline.preregistration.registration import read_registration, register
from vaar.pipeline.preregistration.section import _what_it_is


@pytest.fixture(scope="module")
def registered():
    settled = plan(models=["simulated/human-like", "simulated/constant"], sessions=30)
    return register(settled, {"alignment": {"replicates": 200}})


@pytest.fixture
def file(registered, tmp_path):
    path = tmp_path / "registered.json"
    path.write_text(registered.to_json())
    return path


def test_it_holds_hypotheses_numbers_and_every_option(registered):
    assert [(h.path, h.sign) for h in registered.hypotheses] == [
        ("aods ~ privacy", "-"),
        ("aods ~ prosocial", "+"),
    ]
    assert registered.identity["sessions"] == 30
    assert registered.identity["respondents"] == ["simulated/human-like", "simulated/constant"]
    assert registered.options["alignment"]["replicates"] == 200
    assert {"groups", "profile", "alignment"} <= set(registered.options)


def test_the_list_of_specifications_is_registered_and_its_hash_shown(registered):
    lines = registered.options["specifications"]["declared"]
    assert list(lines) == list(DEFAULT)
    told = _what_it_is(registered)
    assert f"Specifications: {len(lines)}, SHA-256 of the list {digest(declared(lines))}" in told


def test_what_was_written_is_read(registered, file):
    assert read_registration(file) == registered
    assert read_registration(file).digest == registered.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"sessions": 30', '"sessions": 40'),
        ('"sign": "-"', '"sign": "+"'),
        ('"replicates": 200', '"replicates": 100'),
        ('"weight": 1.0', '"weight": 3.0'),
        ('"written": "2', '"written": "1'),
    ],
)
def test_an_edit_is_found(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(DataError, match="was changed after it was written"):
        read_registration(file)


@pytest.mark.parametrize("key", ["format", "written", "identity", "hypotheses", "options"])
def test_a_file_without_a_part_is_none(file, key):
    content = json.loads(file.read_text())
    del content[key]
    file.write_text(json.dumps(content))
    with pytest.raises(DataError, match="is no preregistration"):
        read_registration(file)


def test_an_absent_file_is_told(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_registration(tmp_path / "none.json")


@given(st.binary(max_size=60))
def test_rubbish_is_refused_in_one_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("rubbish") / "r.json"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_registration(path)
