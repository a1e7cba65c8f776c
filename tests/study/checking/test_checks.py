import pytest


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("code: worry_2", "code: worry_1", 16, 'the code "worry_1" is taken'),
        ("code: deeds_1", "code: worry_1", 28, 'the code "worry_1" is taken'),
        ("instrument: deeds\n", "instrument: worry\n", 19, 'the code "worry" is taken'),
        ("code: worry_open", "code: worry_1", 18, 'the code "worry_1" is taken'),
        ("[worry_1]", "[worry_3]", 18, 'names "worry_3" (did you mean'),
        ("[worry_1]", "[deeds_1]", 18, "which is no item of this instrument"),
        ("[worry_1]", "[worry_1, worry_1]", 18, 'names "worry_1" twice'),
        ("[Never, Often]", "[Never, never]", 26, 'the label "never" stands for two points'),
        ("name: turned", "name: carried", 34, 'two conditions are named "carried"'),
        ("[deeds, worry]", "[deeds, wory]", 37, '"wory" (did you mean "worry"?) is no instrument'),
        ("[deeds, worry]", "[deeds]", 37, "names worry not at all or twice"),
        ("[deeds, worry]", "[deeds, worry, deeds]", 37, "names deeds not at all or twice"),
        ("model: |", "limits: {turns: 2}\nmodel: |", 39, 'condition "carried" asks 3 questions'),
        ("path: deeds ~ worry", "path: worry ~ deeds", 43, "its regressions are deeds ~ worry"),
    ],
)
def test_disagreement_tells_its_line(problems, old, new, line, message):
    told = [text for text in problems((old, new)) if message in text]
    assert [text.split(":")[0] for text in told] == [str(line)]


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("model: |\n  # structure\n  deeds ~ worry + wory", 41),
        ("model: |\n\n\n  deeds ~ worry\n  wory ~~ deeds", 43),
        ("model: deeds ~ worry + wory", 39),
    ],
)
def test_unknown_variable_tells_its_line_in_the_model(problems, model, line):
    (told,) = problems(("model: |\n  # structure\n  deeds ~ worry", model))
    assert told.startswith(f'{line}: the model names "wory" (did you mean "worry"?)')


def test_second_hypothesis_for_one_path(problems):
    again = 'hypotheses:\n  - {path: "deeds~worry", sign: "+"}'
    assert problems(("hypotheses:", again)) == ['44: "deeds ~ worry" has two hypotheses; keep one']


def test_block_condition_needs_a_turn_for_each_instrument_only(problems, study_file):
    block = ("presentation: item", "presentation: block")
    study_file(block, ("model: |", "limits: {turns: 2}\nmodel: |"))
    told = problems(block, ("model: |", "limits: {turns: 1}\nmodel: |"))
    assert all("asks 2 questions; allow at least 2" in text for text in told)


def test_all_disagreements_are_told_together(problems):
    told = problems(("[worry_1]", "[worry_9]"), ("[deeds, worry]", "[deeds]"))
    assert [text.split(":")[0] for text in told] == ["18", "37"]
