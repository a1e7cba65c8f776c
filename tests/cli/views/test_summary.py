from vaar.analyses.base import Outcome, Status
from vaar.cli.views.summary import not_applicable_lines


def outcome(name, status=Status.NOT_APPLICABLE):
    return Outcome(name, status, f"there is no {name}", None)


def test_one_analysis_that_does_not_apply_is_told_with_its_reason():
    outcomes = {"a": outcome("a"), "b": outcome("b", Status.DONE)}
    assert list(not_applicable_lines(outcomes)) == ["a: not done, as there is no a"]


def test_several_are_told_on_one_line():
    outcomes = {name: outcome(name) for name in "abc"} | {"d": outcome("d", Status.NOT_ESTIMABLE)}
    (line,) = not_applicable_lines(outcomes)
    assert line == "not for this study: a, b, c (--only NAME says why)"
    assert list(not_applicable_lines({})) == []
