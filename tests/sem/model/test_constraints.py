import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError, ModelSyntaxError
from vaar.sem.arrays import Ints
from vaar.sem.model.constraints import layout_of
from vaar.sem.model.equality import equality_of
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import specify

CFA = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"


def laid_out(model: str, *equal: str, groups: int = 2, identify: str = "marker") -> Layout:
    spec = specify(model)
    names = [f"g{i}" for i in range(groups)]
    present = np.ones((groups, len(spec.observed)), dtype=bool)
    return layout_of(spec, equality_of(spec, equal, (), identify), names, range(groups), present)


def places(model: str, layout: Layout, name: str) -> Ints:
    at = [row.name for row in specify(model).rows].index(name)
    return layout.index[:, at]


def test_equal_parameters_are_one() -> None:
    layout = laid_out(CFA, "loadings")
    one, other = places(CFA, layout, "f=~x2")
    assert one == other >= 0
    one, other = places(CFA, layout, "x2~~x2")
    assert one != other
    assert layout.n_parameters == 2 * (2 + 1 + 6 + 6) + 4


@pytest.mark.parametrize("identify", ["marker", "std_lv", "effects"])
@pytest.mark.parametrize("equal", [(), ("loadings",), ("loadings", "intercepts")])
def test_every_identification_has_as_many_parameters(identify: str, equal: tuple[str, ...]) -> None:
    assert (
        laid_out(CFA, *equal, identify=identify).n_parameters == laid_out(CFA, *equal).n_parameters
    )


def test_equal_intercepts_free_the_means_of_all_groups_but_the_first() -> None:
    layout = laid_out(CFA, "loadings", "intercepts", groups=3)
    assert (places(CFA, layout, "f~1") >= 0).tolist() == [False, True, True]


def test_labels_make_equal() -> None:
    model = "f =~ x1 + a*x2 + a*x3 + c(b, d)*x4\ng =~ y1 + e*y2 + y3\ne == b"
    layout = laid_out(model)
    assert len(set(places(model, layout, "f=~x2")) | set(places(model, layout, "f=~x3"))) == 1
    one, other = places(model, layout, "f=~x4")
    assert one != other
    assert set(places(model, layout, "g=~y2")) == {one}


def test_repeated_parameters_gather_their_derivatives() -> None:
    model = "f =~ x1 + a*x2 + a*x3"
    layout = laid_out(model, groups=1)
    derivative = np.arange(1.0, layout.index.size + 1).reshape(1, -1)
    gathered = layout.gather(derivative)[0]
    assert gathered[layout.column[0, 1]] == derivative[0, 1] + derivative[0, 2]
    square = next(layout.squares(np.ones((1, layout.index.size, layout.index.size))))
    assert square[layout.column[0, 1], layout.column[0, 1]] == 4


def test_entries_must_be_as_many_as_groups() -> None:
    with pytest.raises(ModelSyntaxError, match="3 entries and the data have 2 groups"):
        laid_out("f =~ x1 + c(1, 2, 3)*x2 + x3")


@pytest.mark.parametrize(
    ("kinds", "partial", "words"),
    [(["loading"], [], "group_equal got 'loading'"), ([], ["f =~ x9"], "group_partial got")],
)
def test_unknown_words_are_refused(kinds: list[str], partial: list[str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        equality_of(specify(CFA), kinds, partial, "marker")


def test_a_marker_that_is_constant_everywhere_is_replaced(likert: pd.DataFrame) -> None:
    likert["x1"] = 3
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", likert, group="model", group_equal=["loadings"])
    assert fit.outcome is sem.Outcome.CONVERGED
    plain = sem.fit("f =~ x2 + x3 + x4", likert, group="model", group_equal=["loadings"])
    assert fit.measures["chisq"] == pytest.approx(plain.measures["chisq"], rel=1e-6)


def test_a_reversed_marker_stands_in_where_the_first_is_masked(likert: pd.DataFrame) -> None:
    likert["x2"] = 6 - likert["x2"]
    likert.loc[likert["model"] == "m2", "x1"] = 3
    fit = sem.fit("f =~ x1 + x2 + x3 + x4", likert, group="model")
    assert fit.outcome is sem.Outcome.CONVERGED
    loadings = fit.params.query("group == 'm2' and op == '=~'").set_index("rhs")["est"]
    assert loadings["x2"] == 1 and loadings["x3"] < 0 and loadings["x4"] < 0


def test_equal_latent_variances_stay_at_one() -> None:
    layout = laid_out(CFA, "loadings", "lv.variances", identify="std_lv")
    assert (places(CFA, layout, "f~~f") == -1).all()
    assert (places(CFA, laid_out(CFA, "loadings", identify="std_lv"), "f~~f") >= 0).tolist() == [
        False,
        True,
    ]


@pytest.mark.parametrize("equal", [(), ("loadings",), ("loadings", "intercepts")])
def test_effects_coding_holds_where_factors_share_an_item(equal: tuple[str, ...]) -> None:
    model = f"{CFA} + x3"
    coded = laid_out(model, *equal, identify="effects")
    assert coded.n_parameters == laid_out(model, *equal).n_parameters
    targets = {constraint.target for constraint in coded.constraints}
    assert not any(targets & set(constraint.others) for constraint in coded.constraints)
