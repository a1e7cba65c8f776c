import pytest

from vaar.errors import StudyError
from vaar.study.source.issues import raise_together, suggestion


def test_nothing_wrong_raises_nothing():
    raise_together([])


def test_first_problem_gives_file_and_line():
    with pytest.raises(StudyError) as caught:
        raise_together([StudyError("one", "a.yaml", 3), StudyError("two", "b.yaml", 4)])
    assert str(caught.value) == "a.yaml:3: one\nb.yaml:4: two"
    assert (caught.value.file, caught.value.line) == ("a.yaml", 3)


def test_suggestion_only_where_a_name_is_near():
    assert suggestion("titel", ["title", "text"]) == ' (did you mean "title"?)'
    assert suggestion("zzz", ["title", "text"]) == ""
