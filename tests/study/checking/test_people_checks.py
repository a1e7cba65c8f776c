"""What a study may say of published people."""

import pytest

from vaar.study.dump import dump_study
from vaar.study.load import load_study

PLACE = "hypotheses:\n"
CORRELATED = "people:\n  source: S\n  n: 200\n  correlations: {worry: {deeds: -0.2}}\n"
PATHS = """\
people:
  source: S
  between_studies: 0.1
  paths:
    - {path: deeds ~ worry, value: -0.2, interval: [-0.3, -0.1]}
"""


def with_people(block):
    return (PLACE, f"{block}{PLACE}")


@pytest.mark.parametrize("block", [CORRELATED, PATHS])
def test_what_is_published_comes_back_as_it_was(study_file, tmp_path, block):
    study = load_study(study_file(with_people(block)))
    assert study.people is not None
    (tmp_path / "again").mkdir()
    again = tmp_path / "again" / "study.yaml"
    again.write_text(dump_study(study), encoding="utf-8")
    assert load_study(again) == study


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (PATHS.replace("deeds ~ worry", "worry ~ deeds"), '"worry ~ deeds" has no hypothesis'),
        (PATHS.replace("-0.3, -0.1", "-0.1, -0.3"), "does not hold its"),
        (CORRELATED.replace("  n: 200\n", ""), "correlations need both"),
        (CORRELATED.replace("deeds", "ded"), '"ded" is no variable of the hypotheses'),
        (CORRELATED.replace("{deeds: -0.2}", "{deeds: -0.2}, deeds: {worry: 0}"), "stands here"),
        (CORRELATED.replace("-0.2", "-1.2"), "greater than -1"),
        ("people: {source: S}\n", 'has one of "paths" and "correlations"'),
        (PATHS + CORRELATED.removeprefix("people:\n  source: S\n"), 'one of "paths"'),
    ],
)
def test_what_cannot_be_is_refused(problems, block, said):
    assert any(said in line for line in problems(with_people(block))), problems


THREE = """\
people:
  source: S
  n: 200
  correlations: {worry: {deeds: -0.2, worry_1: .7}, worry_1: {deeds: -0.2}}
"""
MODEL = ("  deeds ~ worry\nhypotheses", "  deeds ~ worry + worry_1\nhypotheses")


def test_correlations_that_are_missing_or_cannot_go_together(study_file, problems):
    load_study(study_file(MODEL, with_people(THREE)))
    absent = problems(MODEL, with_people(CORRELATED))
    assert any("the correlation of" in line and "is not there" in line for line in absent)
    impossible = THREE.replace("deeds: -0.2}}", "deeds: 0.95}}")
    assert any("no people can have" in line for line in problems(MODEL, with_people(impossible)))
