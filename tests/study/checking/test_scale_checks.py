import pytest

from vaar.study.load import load_study


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (
            [("      labels: [Never, Often]\n", "      last: 7\n      labels: [a, b]\n")],
            "write one of",
        ),
        ([("      labels: [Never, Often]\n", "      last: 0\n")], "it must have 2 to 1001 points"),
        ([("      labels: [Never, Often]\n", "      last: 5\n      ends: [x, X]\n")], "two points"),
        (
            [("text: I act.", "text: I act., kind: text, scale: {last: 5}")],
            "is answered in words and has a scale",
        ),
        ([("    scale:\n      labels: [Never, Often]\n", "")], 'has no "scale", and neither have'),
        ([("text: I act.", "text: I act., scale: {last: 5}")], "no item is answered on the scale"),
        (
            [('keying: "-"', "kind: text"), ("items: [worry_1]", "items: [worry_2]")],
            "names worry_2, answered in words",
        ),
    ],
)
def test_what_is_wrong_is_told(problems, spoilt, said):
    assert any(said in told for told in problems(*spoilt))


def test_blocks_ask_only_what_shares_a_scale(problems):
    own = ("text: I am calm.", "text: I am calm., scale: {last: 9}")
    assert any("worry_2 of worry do not" in told for told in problems(own))
    forced = ("    presentation: block\n", "    presentation: block\n    response: choice\n")
    assert any('"response: choice" goes with "presentation: item"' in t for t in problems(forced))


@pytest.mark.parametrize(
    ("written", "labels", "first"),
    [
        ("{first: -1, last: 1}", ("", "", ""), -1),
        ("{last: 4, ends: [low, high]}", ("low", "", "", "high"), 1),
        ("{first: 0, labels: [a, b]}", ("a", "b"), 0),
    ],
)
def test_scales_are_labels_or_ends(study_file, written, labels, first):
    old = "scale:\n      labels: [Never, Often]"
    study = load_study(study_file((old, f"scale: {written}")))
    scale = study.instrument["deeds"].scale
    assert scale is not None and (scale.labels, scale.first) == (labels, first)
    assert list(scale.values) == list(range(first, first + len(labels)))
