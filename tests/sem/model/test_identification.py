"""Models whose identification is known from the textbooks (Bollen 1989, chapters 4, 7 and 8)."""

import pytest

from vaar.sem.model.identification import not_identified
from vaar.sem.model.parameters import specify

NINE = " + ".join(f"x{n}" for n in range(1, 10))
THREE = "f =~ x1 + x2 + x3"
IDENTIFIED = {
    "three indicators": THREE,
    "two factors of two indicators": "f =~ x1 + x2\ng =~ x3 + x4",
    "two indicators with equal loadings": "f =~ a*x1 + a*x2",
    "one indicator that has no error": "f =~ x1",
    "a regression": "y ~ x + z",
    "a path model": "m ~ x\ny ~ m + x",
    "factors and a regression": f"{THREE}\ng =~ y1 + y2 + y3\ng ~ f",
    "a second-order factor of three": "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\n"
    "h =~ a + b + c",
    "a bifactor model of three specific factors": f"g =~ {NINE}\ns =~ x1 + x2 + x3\n"
    "t =~ x4 + x5 + x6\nu =~ x7 + x8 + x9\n"
    "g ~~ 0*s + 0*t + 0*u\ns ~~ 0*t + 0*u\nt ~~ 0*u",
    "an instrument for each of a loop": "y ~ x1 + z\nz ~ x2 + y",
    "a factor with its variance fixed": "f =~ NA*x1 + x2 + x3\nf ~~ 1*f",
    "an equation among labels": "f =~ NA*x1 + a*x2 + b*x3\nf =~ c*x1\na + b + c == 3",
    "a covariate of a factor": f"{THREE}\nf ~ z",
    "latent growth": "i =~ 1*t1 + 1*t2 + 1*t3\ns =~ 0*t1 + 1*t2 + 2*t3\n"
    "i ~ 1\ns ~ 1\nt1 ~ 0*1\nt2 ~ 0*1\nt3 ~ 0*1",
}
NOT_IDENTIFIED = {
    "two indicators alone": ("f =~ x1 + x2", {"f =~ x2", "x1 ~~ x1", "x2 ~~ x2", "f ~~ f"}),
    "no scale": ("f =~ NA*x1 + x2 + x3", {"f =~ x1", "f =~ x2", "f =~ x3", "f ~~ f"}),
    "an error covariance too many": (f"{THREE}\nx1 ~~ x2", {"x1 ~~ x2"}),
    "a loop without instruments": ("y ~ z\nz ~ y", {"y ~ z", "z ~ y"}),
    "a loop with one instrument": ("y ~ x1 + z\nz ~ x1 + y", {"y ~ z", "z ~ y"}),
    "a regression and a covariance of the same two": ("y ~ x\ny ~~ x", {"y ~ x", "y ~~ x"}),
    "a second-order factor of two": (
        "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nh =~ a + b",
        {"h =~ b", "h ~~ h"},
    ),
    "a bifactor model of two specific factors": (
        "g =~ x1 + x2 + x3 + x4 + x5 + x6\ns =~ x1 + x2 + x3\nt =~ x4 + x5 + x6\n"
        "g ~~ 0*s + 0*t\ns ~~ 0*t",
        {"g =~ x4", "g =~ x6"},
    ),
    "means of latent variables without a zero": (f"{THREE}\nf ~ 1", {"f ~ 1", "x1 ~ 1"}),
}


@pytest.mark.parametrize("model", IDENTIFIED.values(), ids=IDENTIFIED)
def test_identified(model):
    assert not_identified(specify(model, fixed_x=False)) == ()


@pytest.mark.parametrize(("model", "among"), NOT_IDENTIFIED.values(), ids=NOT_IDENTIFIED)
def test_not_identified(model, among):
    assert among <= set(not_identified(specify(model, fixed_x=False)))


def test_what_is_identified_is_not_named_beside_what_is_not():
    model = "f =~ x1 + x2\ng =~ y1 + y2 + y3\nf ~~ 0*g"
    named = not_identified(specify(model, fixed_x=False))
    assert named and not any("y" in name or "g" in name for name in named)


def test_forty_items_take_no_time_and_are_told_apart():
    factors = [f"f{k} =~ " + " + ".join(f"x{k}_{n}" for n in range(10)) for k in range(4)]
    model = "\n".join([*factors, "f3 ~ f0 + f1 + f2"])
    assert not_identified(specify(model, fixed_x=False)) == ()
    assert not_identified(specify(f"{model}\nf3 ~~ f0", fixed_x=False))
