import pytest

from vaar.errors import StudyError
from vaar.study.dump import dump_study, study_hash
from vaar.study.load import load_study

MODEL = "model: |\n"
ONE = "{code: worry_1, text: I worry.}"
TWO = '{code: worry_2, text: I am calm., keying: "-"}'
WORDED = [
    (ONE, "{code: worry_1, text: I worry., paraphrases: {plain: I fear.}}"),
    (TWO, '{code: worry_2, text: I am calm., keying: "-", paraphrases: {plain: I rest.}}'),
]
PEOPLE = "  personas: |\n    id,age\n    p1,34\n    p2,61\n"


def varied(text):
    return MODEL, f"variation:\n{text}{MODEL}"


@pytest.mark.parametrize(
    ("replacements", "line", "message"),
    [
        ([WORDED[0]], 16, 'the item "worry_2" has no paraphrase "plain"'),
        ([(ONE, ONE.replace("}", ", paraphrases: {original: So.}}"))], 15, "the item's own text"),
        ([varied("  wordings: [plane]\n"), *WORDED], 40, 'no item has a paraphrase "plane" (did'),
        ([varied("  wordings: [plain, plain]\n"), *WORDED], 40, "named twice"),
        ([varied("  order: random\n")], 40, "counterbalanced"),
        ([varied(PEOPLE)], 39, "persona_text is missing"),
        ([varied("  persona_text: You are {age}.\n")], 39, "personas is missing"),
        ([varied(PEOPLE + "  persona_text: You are {aeg}.\n")], 44, "names {aeg} (did you mean"),
        ([varied(PEOPLE.replace("age", "worry") + "  persona_text: X.\n")], 40, 'named "worry"'),
        ([varied(PEOPLE.replace("p2", "p1") + "  persona_text: X.\n")], 43, "stands on line 42"),
        ([varied("  personas: none.csv\n  persona_text: X.\n")], 40, 'no file "none.csv"'),
        ([varied("  personas: ../x.csv\n  persona_text: X.\n")], 40, "or below it"),
    ],
)
def test_what_does_not_agree_tells_its_line(problems, replacements, line, message):
    told = [text for text in problems(*replacements) if message in text]
    assert told and told[0].split(":")[0] == str(line)


def test_a_table_in_a_file_is_kept_in_the_frozen_study(study_file, tmp_path):
    (tmp_path / "people.csv").write_text("id,age\np1,34\np2,61\n", encoding="utf-8")
    text = "  personas: people.csv\n  persona_text: You are {age}.\n"
    study = load_study(study_file(varied(text)))
    assert [persona.id for persona in study.personas] == ["p1", "p2"]
    kept = tmp_path / "kept" / "study.yaml"
    kept.parent.mkdir()
    kept.write_text(dump_study(study), encoding="utf-8")
    assert load_study(kept) == study
    (tmp_path / "people.csv").write_text("id,age\np1,35\np2,61\n", encoding="utf-8")
    assert study_hash(load_study(tmp_path / "study.yaml")) != study_hash(study)


def test_wrong_personas_in_a_file_tell_that_file(study_file, tmp_path):
    (tmp_path / "people.csv").write_text("id,age\np1\n", encoding="utf-8")
    text = "  personas: people.csv\n  persona_text: You are {age}.\n"
    with pytest.raises(StudyError, match=r"people\.csv:2: has 1 values"):
        load_study(study_file(varied(text)))
