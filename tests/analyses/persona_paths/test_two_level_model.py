"""A structural model for sessions within personas."""

import pytest

from vaar.analyses.persona_paths.two_level_model import not_written, two_level_model

MODEL = "f =~ a + b + c\ny ~ f + x\na ~~ b"


def test_loadings_are_equal_and_only_latent_variables_differ_between_personas():
    text = two_level_model(MODEL)
    assert text.splitlines() == [
        "level: 1",
        "  f =~ a + loading.f.b*b + loading.f.c*c",
        "  y ~ f",
        "  y ~ x",
        "  a ~~ b",
        "level: 2",
        "  f =~ a + loading.f.b*b + loading.f.c*c",
        "  y ~ f",
        "  y ~ x",
        "  a ~~ 0*a",
        "  b ~~ 0*b",
        "  c ~~ 0*c",
    ]


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (MODEL, ""),
        (f"{MODEL}\nf ~~ x", ""),
        ("f =~ a + b + c\ny ~ p*f", "labels"),
        ("f =~ 1*a + b + c\ny ~ f", "labels or fixed values"),
        ("f =~ a + b + c\ny ~ f\ny ~ 1", "intercepts"),
        ("f =~ a + b + c\ny ~ p*f\nq := 2*p", ":="),
        ("f =~ a + b + c\ng =~ d + e + h\nk =~ f + g\ny ~ k", "higher order"),
    ],
)
def test_what_cannot_be_written_is_said(model, why):
    assert (why in not_written(model)) if why else not_written(model) == ""


def test_the_bundled_models_can_be_written(bundled):
    assert not_written(bundled.structural_model) == ""
    assert two_level_model(bundled.structural_model).count("level:") == 2
