"""What a function cannot be called with is said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import ArgumentError, DataError, UnknownNameError, VaarError

MODEL = "f =~ x1 + x2 + x3 + x4"


@pytest.fixture
def fit(hs: pd.DataFrame) -> sem.Fit:
    return sem.fit(MODEL, hs)


@pytest.mark.parametrize(
    ("call", "name", "meant"),
    [
        (sem.fit, "groups", "group"),
        (sem.fit, "std.lv", "std_lv"),
        (sem.fit, "stdlv", "std_lv"),
        (sem.fit, "estimater", "estimator"),
        (sem.invariance, "level", "levels"),
        (sem.bootstrap, "replicate", "replicates"),
        (sem.compare, "methods", "method"),
        (sem.factor_scores, "methd", "method"),
        (sem.modification_indices, "minimun", "minimum"),
    ],
)
def test_a_mistyped_argument(call: Callable[..., Any], name: str, meant: str) -> None:
    with pytest.raises(UnknownNameError, match=f"no argument '{name}': did you mean '{meant}'"):
        call(**{name: 1})
    with pytest.raises(TypeError, match="did you mean"):
        call(**{name: 1})


def test_an_argument_that_is_like_none_is_told_all() -> None:
    with pytest.raises(UnknownNameError, match="there are model, data, group"):
        sem.fit(MODEL, qqqq=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("call", "lacking"),
    [
        (sem.fit, "no model"),
        (sem.coef, "no fit"),
        (sem.propose_partial, "no invariance and no level"),
        (sem.compare, "no fit0 and no fit1"),
        (sem.get_cov, "no lower and no names"),
    ],
)
def test_a_call_without_what_it_needs(call: Callable[..., Any], lacking: str) -> None:
    with pytest.raises(ArgumentError, match=f"got {lacking}: give it"):
        call()
    with pytest.raises(TypeError, match="give it"):
        call()


def test_a_ladder_is_relaxed_at_a_level(hs: pd.DataFrame) -> None:
    ladder = sem.invariance(MODEL, hs, group="school")
    with pytest.raises(ArgumentError, match=r"propose_partial\(\) got no level: give it"):
        sem.propose_partial(ladder)  # type: ignore[call-arg]
    for level in (None, 3, "configural", float("nan"), ["metric"]):
        with pytest.raises(DataError, match="this ladder can be relaxed at metric, scalar, strict"):
            sem.propose_partial(ladder, level)  # type: ignore[arg-type]


def test_too_many_arguments_and_one_given_twice(fit: sem.Fit) -> None:
    with pytest.raises(ArgumentError, match=r"coef\(\) got 2 arguments; it takes fit"):
        sem.coef(fit, 3)  # type: ignore[call-arg]
    with pytest.raises(ArgumentError, match=r"coef\(\) got fit twice"):
        sem.coef(fit, fit=fit)  # type: ignore[misc]


@pytest.mark.parametrize(
    "call",
    [
        *(sem.coef, sem.vcov, sem.confint, sem.modification_indices, sem.release_tests),
        *(sem.equality_tests, sem.factor_scores, sem.to_lavaan, sem.bootstrap, sem.jackknife),
        *(sem.reliability, sem.dmacs, sem.group_alignment),
    ],
)
@pytest.mark.parametrize("given", [None, 3, "fit", {}], ids=repr)
def test_what_is_no_fit(call: Callable[..., Any], given: object) -> None:
    with pytest.raises(ArgumentError, match=f"got {type(given).__name__}; it is what sem"):
        call(given)


def test_a_fit_is_no_ladder_and_two_fits_are_compared(fit: sem.Fit) -> None:
    with pytest.raises(ArgumentError, match="invariance got Fit; it is what sem"):
        sem.propose_partial(fit, "metric")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="fit1 got str; it is what sem"):
        sem.compare(fit, "other")  # type: ignore[arg-type]


CALLS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda fit: sem.wald(fit, 3), "a hypothesis of type int"),  # type: ignore[arg-type]
    (lambda fit: sem.wald(fit, [3]), "a hypothesis of type list"),  # type: ignore[list-item]
    (lambda fit: sem.modification_indices(fit, "3"), "minimum got '3'"),  # type: ignore[arg-type]
    (lambda fit: sem.equality_tests(fit, np.nan), "minimum got nan"),
    (lambda fit: sem.bootstrap(fit, "9"), "replicates got '9'; it is a whole"),  # type: ignore[arg-type]
    (lambda fit: sem.bootstrap(fit, 2.5), "replicates got 2.5"),  # type: ignore[arg-type]
    (lambda fit: sem.bootstrap(fit, 0), "replicates got 0; .* of at least 1"),
    (lambda fit: sem.bootstrap(fit, 9, seed=-1), "seed got -1; .* of at least 0"),
    (lambda fit: sem.bootstrap(fit, 9, map_chunks=3), "map_chunks got int"),  # type: ignore[arg-type]
    (lambda fit: sem.refit(fit, 3), "samples got int"),  # type: ignore[arg-type]
    (lambda fit: sem.to_lavaan(fit, 3), "data_file got int"),  # type: ignore[arg-type]
    (lambda fit: sem.get_cov(fit, ["a"]), "get_cov got Fit and list"),
    (lambda fit: sem.get_cov("1", "a"), "get_cov got str and str"),
]


@pytest.mark.parametrize(("call", "message"), CALLS, ids=[message for _, message in CALLS])
def test_values_of_another_kind(fit: sem.Fit, call: Callable[[sem.Fit], Any], message: str) -> None:
    with pytest.raises(VaarError, match=message):
        call(fit)


@pytest.mark.parametrize("given", [None, 3, np.nan], ids=repr)
@pytest.mark.parametrize("name", ["group_equal", "group_partial", "ordered"])
def test_what_is_no_list_of_names(likert: pd.DataFrame, name: str, given: object) -> None:
    options: dict[str, Any] = {"group": "model", "estimator": "WLSMV", "ordered": True}
    with pytest.raises(DataError, match=f"{name} got {given!r}; it takes one or more names"):
        sem.fit("f =~ x1 + x2 + x3", likert, **(options | {name: given}))


def test_one_name_is_a_list_of_one_with_two_levels_too() -> None:
    rng = np.random.default_rng(1)
    at = np.repeat(np.arange(60), 6)
    values = (rng.normal(size=(60, 1)) + rng.normal(size=(60, 3)))[at]
    values += rng.normal(size=(360, 1)) + rng.normal(size=(360, 3))
    data = pd.DataFrame(values, columns=["y1", "y2", "y3"])
    data["cluster"], data["half"] = at, np.where(at < 30, "a", "b")
    text = "level: 1\nf =~ y1 + y2 + y3\nlevel: 2\nf =~ y1 + y2 + y3"
    options: dict[str, Any] = {"group": "half", "cluster": "cluster"}
    one = sem.fit(text, data, **options, group_equal="loadings", group_partial="f=~y2")
    other = sem.fit(text, data, **options, group_equal=["loadings"], group_partial=["f=~y2"])
    assert one.measures["df"] == other.measures["df"] == 2


TABLES: list[Any] = [np.array([1, 2]), np.array([]), pd.DataFrame(), pd.Series([1])]


@pytest.mark.parametrize("given", TABLES, ids=["array", "empty", "frame", "series"])
@pytest.mark.parametrize(
    ("call", "name"),
    [
        *((sem.fit, name) for name in ("group", "estimator", "missing", "bounds")),
        *((sem.compare, "method"), (sem.factor_scores, "method")),
        *((sem.dmacs, "reference"), (sem.group_alignment, "method")),
    ],
)
def test_arrays_where_text_is_meant(
    hs: pd.DataFrame, fit: sem.Fit, call: Callable[..., Any], name: str, given: object
) -> None:
    needed: dict[str, Any] = {"model": MODEL, "data": hs} if call is sem.fit else {"fit": fit}
    if call is sem.compare:
        needed = {"fit0": fit, "fit1": fit}
    with pytest.raises(ArgumentError, match=f"{name} got {type(given).__name__}; it is one"):
        call(**needed, **{name: given})


@pytest.mark.parametrize("given", ["no", "", 0, 1, None, [], np.nan], ids=repr)
def test_words_and_numbers_are_no_switches(fit: sem.Fit, given: Any) -> None:
    for call in (
        lambda: sem.factor_scores(fit, se=given),
        lambda: sem.bootstrap(fit, 3, with_errors=given),
        lambda: sem.refit(fit, [np.arange(301)], with_errors=given),
        lambda: sem.get_cov("1 .5 1", ["a", "b"], diagonal=given),
    ):
        with pytest.raises(ArgumentError, match="it is True or False: give one of them"):
            call()
    assert "f_se" in sem.factor_scores(fit, se=np.True_)  # type: ignore[arg-type]


def test_a_parameterization_is_known_without_ordinal_items_too(hs: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="parameterization got 'gamma'; allowed are delta and"):
        sem.fit(MODEL, hs, parameterization="gamma")


@pytest.mark.parametrize("given", [3, True, [["metric"]], [3], "metrik"], ids=repr)
def test_levels_of_a_ladder(hs: pd.DataFrame, given: Any) -> None:
    with pytest.raises(DataError, match="levels got"):
        sem.invariance(MODEL, hs, "school", levels=given)


@pytest.mark.parametrize("given", [None, "x", [], 0, -1.0, np.inf, np.nan, True], ids=repr)
def test_epsilon_is_a_number_above_0(hs: pd.DataFrame, given: Any) -> None:
    fit = sem.fit(MODEL, hs, "school")
    with pytest.raises(DataError, match="epsilon got"):
        sem.group_alignment(fit, epsilon=given)


@pytest.mark.parametrize("given", [3, "a", ["a", 1], [1, -1], [1, np.nan], [[1, 2]]], ids=repr)
def test_standard_deviations_of_a_triangle(given: Any) -> None:
    with pytest.raises(DataError, match=r"standard deviations for 2|sds holds something"):
        sem.get_cov("1 .5 1", ["a", "b"], given)
