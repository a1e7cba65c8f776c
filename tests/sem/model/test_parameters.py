import pytest

from vaar.errors import ModelSyntaxError
from vaar.sem.model.parameters import specify


def names(model: str, **options: bool) -> set[str]:
    return {row.name for row in specify(model, **options).rows}


def test_defaults_of_a_measurement_model() -> None:
    assert names("f =~ x1 + x2\ng =~ x3 + x4") == {
        *("f=~x1", "f=~x2", "g=~x3", "g=~x4"),
        *("x1~~x1", "x2~~x2", "x3~~x3", "x4~~x4", "f~~f", "g~~g", "f~~g"),
        *("x1~1", "x2~1", "x3~1", "x4~1", "f~1", "g~1"),
    }


def test_outcomes_covary_unless_they_predict() -> None:
    rows = names("y ~ x\nw ~ x\nz ~ y", mean_structure=False)
    assert "w~~z" in rows
    assert not {"y~~w", "y~~z"} & rows


def test_first_order_factors_do_not_covary_under_a_second_order_one() -> None:
    rows = names("f =~ x1 + x2\ng =~ x3 + x4\nh =~ f + g")
    assert "f~~g" not in rows and "h~~h" in rows


def test_exogenous_observed_variables_are_held_at_their_sample_moments() -> None:
    spec = specify("y ~ x + z")
    held = {row.name for row in spec.rows if row.from_data}
    assert spec.exogenous == ("x", "z")
    assert held == {"x~~x", "z~~z", "x~~z", "x~1", "z~1"}


@pytest.mark.parametrize("model", ["y ~ x\nx ~~ x", "y ~ x\nx ~ 1"])
def test_writing_their_moments_makes_them_parameters(model: str) -> None:
    assert specify(model).exogenous == ()


def test_fixed_x_can_be_turned_off() -> None:
    spec = specify("y ~ x + z", fixed_x=False)
    assert spec.held == () and spec.exogenous == ("x", "z")
    assert not any(row.from_data for row in spec.rows)


def test_observed_predictors_covary_whether_held_or_not() -> None:
    for fixed in (True, False):
        rows = {row.name for row in specify("y ~ x + z", fixed_x=fixed).rows if row.exogenous}
        assert rows == {"x~~x", "z~~z", "x~~z", "x~1", "z~1"}


def test_writing_an_intercept_turns_the_mean_structure_on() -> None:
    assert specify("f =~ x1 + x2 + x3\nf ~ 1", mean_structure=False).mean_structure


def test_kinds_are_lavaans_words() -> None:
    spec = specify("f =~ x1 + x2\ny ~ f\nx1 ~~ x2")
    kinds = {row.name: row.kind for row in spec.rows}
    assert kinds["f=~x1"] == "loadings"
    assert kinds["y~f"] == "regressions"
    assert kinds["x1~~x2"] == "residual.covariances"
    assert kinds["y~~y"] == "residuals"
    assert kinds["f~~f"] == "lv.variances"
    assert kinds["x1~1"] == "intercepts"
    assert kinds["f~1"] == "means"


def test_a_variable_that_covaries_with_a_structural_one_is_structural() -> None:
    assert specify("f =~ x1 + x2 + x3\ny ~ f\nx1 ~~ y").structural == ("x1", "y")


@pytest.mark.parametrize("model", ["f =~ 1", "f =~ x1 + x2\nf | t1"])
def test_what_makes_no_sense_is_refused(model: str) -> None:
    with pytest.raises(ModelSyntaxError, match="line"):
        specify(model)
