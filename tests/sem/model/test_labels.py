import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import ModelSyntaxError
from vaar.sem.model.labels import check_labels
from vaar.sem.model.syntax import parse

CFA = "f =~ x1 + a*x2 + c(b, c)*x3\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("d := q*2", "line 2, column 1: 'q' is no label of the model; its labels are a, b, c"),
        ("a == q", "'q' is no label"),
        ("q == a", "'q' is no label"),
        ("a := 2", "'a' is a label, or defined above"),
        ("d := a\nd := b", "line 3.*defined above"),
        ("e := d\nd := a", "'d' is no label"),
        ("a*b == 1", "line 2, column 1: 'a . b == 1' is not linear"),
        ("d := a*b\nd == 0", "line 3.*is not linear"),
        ("a == 1/0", "is not linear"),
        ("a == b == c", "has Compare"),
        ("d := a +", "cannot be read"),
    ],
)
def test_names_that_mean_nothing_are_refused(lines: str, message: str) -> None:
    with pytest.raises(ModelSyntaxError, match=message):
        check_labels(parse(CFA + lines))


@pytest.mark.parametrize(
    "lines", ["d := a*b", "d := a\ne := d^2", "a == b", "d := a\nd == 2*b", "d := 2", ""]
)
def test_names_that_are_known_are_not(lines: str) -> None:
    check_labels(parse(CFA + lines))


def test_a_mistyped_equality_stops_the_fit(hs: pd.DataFrame) -> None:
    with pytest.raises(ModelSyntaxError, match="'l3' is no label"):
        sem.fit("f =~ x1 + l1*x2 + l2*x3\nl1 == l3", hs)


def test_two_words_are_not_one_label() -> None:
    with pytest.raises(ModelSyntaxError, match="'a 1' cannot be read"):
        check_labels(parse("f =~ x1 + a*x2 + a1*x3\nd := a 1"))
