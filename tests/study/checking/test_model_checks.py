"""The structural model of a study file, read by the engine, with the line of what is wrong."""

import pytest

from vaar.study.load import load_study

MODEL = "  deeds ~ worry\nhypotheses"


def line_of(study_file, text):
    written = study_file().read_text().split("\n")
    return next(number for number, line in enumerate(written, start=1) if text in line)


@pytest.mark.parametrize(
    ("model", "line", "said"),
    [
        ("  deeds ~ (worry\n", 0, "this '(' is not closed"),
        ("  deeds ~ worry\n  worry ~ deeds\n", 1, "the regressions lead in a circle"),
        ("  deeds ~ worry\n  f =~ worry_1 + worry_2 + worry_1\n", 1, "stands twice on the factor"),
        ("  deeds ~ worry\n  deeds ~~ worry\n", 0, "the model is not identified"),
        ("  deeds ~ wory\n", 0, 'the model names "wory" (did you mean "worry"?)'),
    ],
)
def test_what_is_wrong_has_its_line(study_file, problems, model, line, said):
    told = problems(("  deeds ~ worry\nhypotheses", f"{model}hypotheses"))
    number = line_of(study_file, "deeds ~ worry") + line
    assert any(one.startswith(f"{number}: ") and said in one for one in told), told


def test_what_was_asked_already_need_not_fit(study_file):
    path = study_file((MODEL, "  deeds ~ worry\n  worry ~ deeds\nhypotheses"))
    assert load_study(path, asked=True).structural_model.endswith("worry ~ deeds")


def test_model_and_hypotheses_may_stand_under_alignment(study_file):
    usual = load_study(study_file())
    text = study_file().read_text()
    head, tail = text.split("model: |")
    indented = "".join(f"    {line}\n" for line in f"model: |{tail}".splitlines())
    path = study_file()
    path.write_text(f"{head}analyses:\n  alignment:\n{indented}")
    assert load_study(path) == usual


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("model: |", "analyses: {alignment: {model: deeds ~ worry}}\nmodel: |"), "keep one"),
        (("model: |\n  # structure\n  deeds ~ worry\n", ""), "there is none; add"),
    ],
)
def test_there_is_one_model_for_the_hypotheses(problems, change, said):
    assert any(said in told for told in problems(change))


def test_a_study_may_have_no_model(study_file):
    path = study_file()
    path.write_text(path.read_text().split("model: |")[0])
    study = load_study(path)
    assert (study.structural_model, study.hypotheses) == ("", ())


def test_scores_that_are_none_cannot_be_in_the_model(problems):
    own = ("text: I am calm.", "text: I am calm., scale: {last: 9}")
    block = ("    presentation: block\n", "    presentation: item\n")
    (told,) = problems(own, block)
    assert 'the model names "worry", whose items have different scales' in told
    words = ("text: I act.", "text: I act., kind: text")
    labels = ("    scale:\n      labels: [Never, Often]\n", "")
    assert any('names "deeds"' in told for told in problems(words, labels, block))
