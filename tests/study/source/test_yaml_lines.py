import string

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.errors import StudyError
from vaar.study.source.yaml_lines import read_yaml

scalars = st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=12)
data = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(string.ascii_letters, min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


def printable(value):
    return not any(c in yaml.dump(value) for c in ("\\v", "\\f", "\\r", "\\x"))


@settings(deadline=None, max_examples=150)
@given(data.filter(printable))
def test_plain_data_is_what_safe_load_gives(value):
    assert read_yaml(yaml.safe_dump(value), "f").data == value


def test_lines_of_keys_entries_and_literal_texts():
    document = read_yaml("a:\n  - x\n  - b: |\n\n      text\n", "f")
    assert document.lines[("a",)] == 1
    assert document.lines[("a", 0)] == 2
    assert document.lines[("a", 1, "b")] == 3
    assert document.text_lines == {("a", 1, "b"): 5}


def test_what_is_not_text_is_kept_as_written():
    document = read_yaml("a: No\nb: 0x1F\nc: 2004-01-01\nd: 1.50", "f")
    assert document.data == {"a": False, "b": 31, "c": "2004-01-01", "d": 1.5}
    assert document.written == {("a",): "No", ("b",): "0x1F", ("d",): "1.50"}


def test_problem_away_from_any_value_takes_the_nearest_line():
    document = read_yaml("a: 1\nb:\n  c: 2", "f")
    assert document.problem("m", "b", "c").line == 3
    assert document.problem("m", "b", "missing").line == 2
    assert document.problem("m", "missing").line == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\na: 2", 2, 'the key "a" stands here again, first on line 1'),
        ("a:\n  b: 1\n  b: 2", 3, 'the key "b" stands here again, first on line 2'),
        ("? [x]\n: 1", 1, "a key is a list or a mapping"),
        ("a: !!python/name:os.system x", 1, "the tag"),
        ("a: !mine x", 1, "the tag"),
        ('a: 1\nb: "\\x1b[31m"', 2, "the control character '\\x1b'"),
        ('a: "\\ud800"', 1, "the control character '\\ud800'"),
        ('"\\x07": 1', 1, "the control character '\\x07'"),
    ],
)
def test_refused_with_its_line(text, line, message):
    with pytest.raises(StudyError) as caught:
        read_yaml(text, "f.yaml")
    assert (caught.value.file, caught.value.line) == ("f.yaml", line)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment"])
def test_empty_file(text):
    with pytest.raises(StudyError, match="the file is empty"):
        read_yaml(text, "f.yaml")


def test_all_duplicates_are_told():
    with pytest.raises(StudyError) as caught:
        read_yaml("a: 1\na: 2\na: 3", "f")
    assert len(str(caught.value).splitlines()) == 2


def test_absurd_number_is_left_to_the_validation():
    assert read_yaml("a: " + "9" * 5000, "f").data == {"a": "9" * 5000}
