import pytest

from vaar.errors import StudyError
from vaar.study.source.yaml_lines import read_yaml

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\n\tb: 2", 2, "indent with spaces"),
        ("a:\n  sign: -", 2, 'put it in quotes: "-"'),
        ("a:\n  - sign: -\n  - b", 2, 'put it in quotes: "-"'),
        (BOMB, 2, "an alias (*name) is not allowed"),
        ("[" * 5000, 1, "nested more than 20 levels deep"),
        ("a: 1\n---\nb: 2", 2, "a second document begins here"),
        ("a: one: two", 1, 'a text that holds ": " must be in quotes'),
        ('a: 1\nb: "open\nc: 2', 2, "never closed"),
        ("a: 0\nb: [1, 2\nc: 3\n", 2, "lacks a comma or its closing bracket"),
        ("a: 0\nb: {c: 1, d: [2}\n", 2, "lacks a comma or its closing bracket"),
        ("a: 1\n b: 2\n", 2, "must be in quotes, or stand below"),
        ("- a\nb: 1", 2, "check indentation, quotes and brackets"),
        ("a: 1\nb: \x00", 2, "a control character"),
        ("a: @x", 1, "not YAML"),
    ],
)
def test_syntax_error_tells_line_and_remedy(text, line, message):
    with pytest.raises(StudyError) as caught:
        read_yaml(text, "f.yaml")
    assert caught.value.line == line
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
