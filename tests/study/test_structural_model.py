import pytest

from vaar.study.structural_model import Structure, read_structure, unfit, unreadable


def test_latents_regressions_and_lines():
    structure = read_structure(
        """# comment with a ~ b
        f =~ x1 + 0.5*x2 + c(a, b)*x3  ! another
        g =~ y1
           + y2
        g + h ~ f +
          z; h ~~ 0*f
        y1 ~ 1
        total := a*b
        a == b"""
    )
    assert list(structure.indicators) == ["f", "g"]
    assert structure.regressions == (("g", "f"), ("g", "z"), ("h", "f"), ("h", "z"))
    assert structure.lines == {
        "f": 1, "x1": 1, "x2": 1, "x3": 1, "g": 2, "y1": 2, "y2": 2, "h": 4, "z": 4,
    }  # fmt: skip


def test_an_empty_text_has_no_variables():
    assert read_structure(" \n") == Structure({}, (), {})


@pytest.mark.parametrize(
    ("model", "line", "said"),
    [
        ("# nothing", 0, "the model text has no parameters"),
        ("f =~ x1\nno operator here", 1, "no operator in this line"),
        ("f =~ x1\n\ny ~ (x", 2, "this '(' is not closed"),
        ("f =~ 1", 0, "got the number 1 where a variable is allowed"),
    ],
)
def test_what_the_engine_cannot_read_is_told_with_its_line(model, line, said):
    flaw = unreadable(model)
    assert flaw is not None and flaw.line == line and said in flaw.message


FACTOR = "f =~ x1 + x2 + x3\n"


@pytest.mark.parametrize(
    ("model", "line", "said"),
    [
        ("f =~ x1 + x2 + x3\n  + x1", 0, '"x1" stands twice on the factor "f"'),
        (f"{FACTOR}f =~ x2", 1, '"x2" stands twice on the factor "f"'),
        (f"{FACTOR}y ~ f\ny ~ f", 2, '"y ~ f" stands here again'),
        ("a ~ b\nb ~ c\nc ~ a", 2, "lead in a circle"),
        ("a ~ b + c\nb ~ a", 1, "lead in a circle (a → b → a)"),
        ("g =~ y1 + y2 + y3\nf =~ x1 + x2\nf ~~ 0*g", 1, "not identified"),
        (f"{FACTOR}x1 ~~ x2\nx1 ~~ x3", 0, "not identified"),
    ],
)
def test_what_no_data_can_be_fitted_to_is_told_with_its_line(model, line, said):
    (flaw, *_) = unfit(model)
    assert flaw.line == line
    assert said in flaw.message
    assert "twice" in said or "again" in said or "more sessions do not help" in flaw.message


@pytest.mark.parametrize(
    "line", ["x1 ~~ lower(0)*x1", "f =~ upper(0.9)*x2", "f =~ a*x2; a > 0", "f =~ a*x2; a < 1"]
)
def test_bounds_and_inequalities_are_told_before_anything_is_asked(line):
    (flaw,) = unfit(f"{FACTOR}{line}")
    assert flaw.line == 1 and "take them out" in flaw.message


@pytest.mark.parametrize(
    "model",
    [
        f"{FACTOR}f =~ start(0.5)*x2",
        f"{FACTOR}g =~ y1 + y2 + y3\ng ~ f",
        "y ~ x\nz ~ x + y",
        "y ~~ x",
    ],
)
def test_what_can_be_fitted_has_no_flaw(model):
    assert unreadable(model) is None and not list(unfit(model))
