import pytest

from vaar.errors import StudyError
from vaar.study.freeze import thaw_study
from vaar.study.load import load_study
from vaar.study.schema.study_file import StudyFile

VARIED = (
    "model: |\n",
    "variation:\n  order: counterbalanced\n  items: shuffled\n  options: alternating\n"
    "  wordings: [plain, original]\n  personas: |\n    id,age\n    p1,34\n    p2,61\n"
    "  persona_text: You are {age}.\nanalyses: {profile: {level: 0.9}}\n"
    "people: {source: S, n: 90, correlations: {worry: {deeds: -0.2}}}\nmodel: |\n",
)
PARAPHRASED = [
    ("text: I worry.", "text: I worry., paraphrases: {plain: I fear.}"),
    ("text: I am calm.", "text: I am calm., paraphrases: {plain: I rest.}"),
    ("text: I act.", "text: I act., paraphrases: {plain: I do.}"),
]


def test_thawed_study_spells_out_every_key_at_the_top_of_the_file(study_file):
    study = load_study(study_file(VARIED, *PARAPHRASED))
    assert list(thaw_study(study)) == list(StudyFile.model_fields)
    assert StudyFile.model_validate(thaw_study(study)).study == study.name


def test_what_does_not_vary_is_left_out_and_leaves_the_hash_alone(study_file):
    usual = load_study(study_file())
    assert "variation" not in thaw_study(usual)
    assert not any("paraphrases" in i for p in thaw_study(usual)["instruments"] for i in p["items"])
    spelled = ("model: |\n", "variation: {order: fixed, wordings: [original]}\nmodel: |\n")
    assert load_study(study_file(spelled)) == usual


def test_left_out_order_is_settled_when_frozen(study_file):
    carried = thaw_study(load_study(study_file()))["conditions"][0]
    assert carried["order"] == ["worry", "deeds"]


def test_blanks_in_a_path_do_not_matter(study_file):
    tight = study_file(("path: deeds ~ worry", "path: '  deeds~worry '"))
    tight_study = load_study(tight)
    assert tight_study == load_study(study_file())
    assert tight_study.hypotheses[0].path == "deeds ~ worry"


COEFFICIENT = (
    "finding: Those who worry act less.}",
    "finding: Those who worry act less., specification: path, value: -0.2, "
    "interval: [-0.3, -0.1], adjusted_for: age}",
)


def test_a_coefficient_behind_a_sign_comes_back_as_it_was(study_file):
    study = load_study(study_file(COEFFICIENT))
    (evidence,) = study.hypotheses[0].evidence
    assert (evidence.specification, evidence.value, evidence.adjusted_for) == ("path", -0.2, "age")
    data = thaw_study(study)["hypotheses"][0]["evidence"][0]
    assert data["interval"] == [-0.3, -0.1]
    words = thaw_study(load_study(study_file()))["hypotheses"][0]["evidence"][0]
    assert list(words) == ["source", "finding"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("value: -0.05", 'an "interval" that does not hold its "value"'),
        ("value: -2", "greater than or equal to -1|-1"),
    ],
)
def test_a_coefficient_outside_its_interval_is_refused(study_file, wrong, told):
    file = study_file((COEFFICIENT[0], COEFFICIENT[1].replace("value: -0.2", wrong)))
    with pytest.raises(StudyError, match=told):
        load_study(file)
