import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.errors import ModelSyntaxError
from vaar.sem.model.syntax import parse


def written(model: str) -> list[tuple[str, str, str]]:
    return [(term.lhs, term.op, term.rhs) for term in parse(model).terms]


def test_all_operators() -> None:
    model = """
    f =~ x1 + x2   # a comment
    g + h ~ f      ! another
    x1 ~~ x2; x1 ~ 1
    x1 | t1 + t2
    x1 ~*~ x1
    """
    assert written(model) == [
        ("f", "=~", "x1"),
        ("f", "=~", "x2"),
        ("g", "~", "f"),
        ("h", "~", "f"),
        ("x1", "~~", "x2"),
        ("x1", "~1", "1"),
        ("x1", "|", "t1"),
        ("x1", "|", "t2"),
        ("x1", "~*~", "x1"),
    ]


@pytest.mark.parametrize(
    "model",
    [
        "f =~ x1 + x2 +\n x3",
        "f =~\n x1 + x2 + x3",
        "f =~ x1\n + x2\n + x3",
        "f =~ c(1,\n 1)*x1 + x2 + x3",
    ],
)
def test_statements_over_several_lines(model: str) -> None:
    assert [term.rhs for term in parse(model).terms] == ["x1", "x2", "x3"]


@pytest.mark.parametrize(
    ("modifier", "values", "labels", "starts"),
    [
        ("1", (1.0,), (), ()),
        ("-0.5", (-0.5,), (), ()),
        (".5e1", (5.0,), (), ()),
        ("a", (), ("a",), ()),
        ("'a b'", (), ("a b",), ()),
        ("c(a, b)", (), ("a", "b"), ()),
        ("c(1, -2)", (1.0, -2.0), (), ()),
        ("c(a, 1)", (None, 1.0), ("a", None), ()),
        ("start(0.3)", (), (), (0.3,)),
        ("start(0.3)*a", (), ("a",), (0.3,)),
        ("start(NA)", (), (), (None,)),
        ("start(c(0.3, -1))", (), (), (0.3, -1.0)),
        ("a*2", (2.0,), ("a",), ()),
    ],
)
def test_modifiers(
    modifier: str,
    values: tuple[object, ...],
    labels: tuple[object, ...],
    starts: tuple[object, ...],
) -> None:
    found = parse(f"f =~ {modifier}*x1").terms[0].modifier
    assert (found.values, found.labels, found.starts) == (values, labels, starts)


@pytest.mark.parametrize(
    ("modifier", "lower", "upper"),
    [
        ("lower(0)", (0.0,), ()),
        ("upper(-.5)", (), (-0.5,)),
        ("lower(0)*upper(1)", (0.0,), (1.0,)),
        ("lower(0, NA)", (0.0, None), ()),
        ("upper(c(Inf, 2))", (), (None, 2.0)),
        ("lower(-Inf)", (None,), ()),
    ],
)
def test_bounds(
    modifier: str, lower: tuple[float | None, ...], upper: tuple[float | None, ...]
) -> None:
    found = parse(f"f =~ {modifier}*x1").terms[0].modifier
    assert (found.lower, found.upper) == (lower, upper)


def test_na_frees() -> None:
    values = parse("f =~ NA*x1").terms[0].modifier.values
    assert len(values) == 1 and math.isnan(values[0] or 0)


def test_intercepts() -> None:
    free, zero, fixed = parse("x ~ 1\ny ~ 0\nz ~ 2.5*1").terms
    assert (free.op, free.modifier.values) == ("~1", ())
    assert zero.modifier.values == (0.0,)
    assert fixed.modifier.values == (2.5,)


def test_a_parameter_written_twice_is_one() -> None:
    (term,) = parse("x1 ~~ a*x2\nx2 ~~ 0.2*x1").terms
    assert (term.modifier.labels, term.modifier.values) == (("a",), (0.2,))


def test_definitions_and_equalities() -> None:
    read = parse("y ~ a*x + b*z\nd := a * (b - 1)^2\na == b\n1 == a+2*b")
    assert [(d.name, d.expression) for d in read.defined] == [("d", "a * (b - 1)^2")]
    assert [(d.name, d.expression) for d in read.equalities] == [("a", "b"), ("1", "a + 2 * b")]


@pytest.mark.parametrize(
    ("model", "place", "words"),
    [
        ("f =~ x1 +", "line 1, column 9", "nothing follows this '+'"),
        ("f =~ x1\ng = x2", "line 2, column 3", "got '='"),
        ("f =~ x1 x2", "line 1, column 9", "join variables with '+'"),
        ("f =~ 2*x1 + 3", "line 1, column 13", "fixed value is written as '0.5*x'"),
        ("y ~ 2", "line 1, column 5", "only '~ 1'"),
        ("f =~", "line 1, column 3", "nothing follows '=~'"),
        ("=~ x1", "line 1, column 1", "before the operator"),
        ("x1 x2", "line 1, column 1", "no operator"),
        ("f =~ c(1, 2*x1", "line 1, column 7", "is not closed"),
        ("f =~ x1) + x2", "line 1, column 8", "closes nothing"),
        ("f =~ c(1)2*x1", "line 1, column 10", "to its variable with"),
        ("f =~ d(1)*x1", "line 1, column 6", "allowed are c(…)"),
        ("f =~ -a*x1", "line 1, column 6", "only a number can have a sign"),
        ("f =~ x + f", "line 1, column 1", "both sides"),
        ("a + 1 := 2", "line 1, column 1", "exactly one name"),
        ("f =~ 1e999*x1", "line 1, column 6", "too large"),
        ("f =~ x1 @ x2", "line 1, column 9", "got '@'"),
        ("f + 1 =~ x1", "line 1, column 5", "only variable names"),
        ("f <~ x1 + x2", "line 1, column 3", "composites"),
    ],
)
def test_errors_point_at_the_place(model: str, place: str, words: str) -> None:
    with pytest.raises(ModelSyntaxError) as caught:
        parse(model)
    message = str(caught.value)
    assert message.startswith(place) and words in message
    column = int(place.rsplit(" ", 1)[1])
    assert message.splitlines()[-1] == "  " + " " * (column - 1) + "^"


@pytest.mark.parametrize("model", ["", "# only a comment", "\n;\n"])
def test_an_empty_model_is_refused(model: str) -> None:
    with pytest.raises(ModelSyntaxError, match="no parameters"):
        parse(model)


def test_a_model_is_text() -> None:
    with pytest.raises(ModelSyntaxError, match="got list"):
        parse(["f =~ x"])  # type: ignore[arg-type]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="fxy12 =~+*:|#;!\n()c,.-NA'", max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        assert parse(text).terms
    except ModelSyntaxError as error:
        assert "line" in str(error) or "no parameters" in str(error)


@pytest.mark.parametrize("word", ["Inf", "-Inf", "NaN", "TRUE", "FALSE", "NULL"])
def test_words_that_r_keeps_are_no_labels(word: str) -> None:
    with pytest.raises(ModelSyntaxError, match=r"no label|only a number can have a sign"):
        parse(f"f =~ x1 + {word}*x2")


@pytest.mark.parametrize("term", ["1e300*x2", "start(1e400)*x2", "lower(-1e61)*x2", "1e400*x2"])
def test_numbers_that_no_search_can_go_to_are_refused(term: str) -> None:
    with pytest.raises(ModelSyntaxError, match="is too large"):
        parse(f"f =~ x1 + {term}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f =~ x1 + a*x2 + b*x2", "two labels, a and b"),
        ("f =~ x1 + 0.5*x2 + 0.7*x2", "two values, 0.5 and 0.7"),
        ("f =~ x1 + 0.5*x2 + NA*x2", "two values, 0.5 and NA"),
        ("x1 ~~ a*x2\nx2 ~~ b*x1", "two labels, a and b"),
        ("f =~ x1 + c(a, b)*x2\nf =~ a*x2", r"two labels, c\(a, b\) and a"),
        ("f =~ x1 + a*b*x2", "two labels, a and b"),
    ],
)
def test_a_parameter_has_one_label_and_one_value(text: str, said: str) -> None:
    """lavaan takes the first and drops the other without a word."""
    with pytest.raises(ModelSyntaxError, match=f"one parameter has {said}; keep one"):
        parse(text)


@pytest.mark.parametrize("text", ["f =~ 1*x1 + a*x1", "f =~ a*x1\nf =~ a*x1 + NA*x1"])
def test_what_goes_together_is_joined(text: str) -> None:
    (term,) = parse(text).terms
    assert term.modifier.labels == ("a",)
    assert len(term.modifier.values) == 1
